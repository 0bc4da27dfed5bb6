import Testing

@testable import Tracing

@Suite struct LatencyRollupTests {
    @Test(
        arguments: [
            (.min, -1), (-1, -1), (0, 0), (9, 9), (10, 10), (99, 99), (100, 100), (109, 100),
            (110, 101), (999, 189), (1_000, 190), (1_099, 190), (1_100, 191), (9_999, 279),
            (10_000, 280), (.max, 1_622),
        ] as [(Int64, Int64)])
    func `latencies with as many digits and the same first two share a bucket`(
        latency: Int64, bucket: Int64
    ) {
        #expect(LatencyRollup.bucket(of: latency) == bucket)
    }

    @Test func `a bucket begins where the one before it ends`() {
        for bucket in Int64(0)...1_622 {
            let shortest = LatencyRollup.shortest(in: bucket)
            #expect(LatencyRollup.bucket(of: shortest) == bucket)
            #expect(LatencyRollup.bucket(of: shortest - 1) == bucket - 1)
        }
        #expect(LatencyRollup.shortest(in: -1) == .min)
    }
}
