import NIOCore
import Testing

@testable import HTTPServing

@Suite struct TokenBucketTests {
    @Test func `a burst is allowed and one more is not`() {
        var bucket = TokenBucket(burst: 3, perSecond: 1)
        let now = NIODeadline.now()
        #expect((0..<4).map { _ in bucket.take(now: now) } == [true, true, true, false])
    }

    @Test func `time forgives, up to the burst`() {
        var bucket = TokenBucket(burst: 2, perSecond: 2)
        let start = NIODeadline.now()
        for _ in 0..<2 { _ = bucket.take(now: start) }
        let soon = start + .milliseconds(500)
        #expect((0..<2).map { _ in bucket.take(now: soon) } == [true, false])
        let later = start + .hours(1)
        #expect((0..<3).map { _ in bucket.take(now: later) } == [true, true, false])
    }
}
