import Testing
import Tracing

@Suite struct SpanOriginTests {
    private func digest(_ text: String) -> [UInt8] { SpanOrigin(json: Array(text.utf8)).digest }

    @Test func `the same origin has the same digest of sixteen bytes`() {
        #expect(digest(#"{"resource":{}}"#) == digest(#"{"resource":{}}"#))
        #expect(digest("").count == 16)
    }

    @Test func `origins that differ in a byte or in order have other digests`() {
        let digests = ["", "a", "b", "ab", "ba", "aa", "aaa", "a\u{0}"].map(digest)
        #expect(Set(digests).count == digests.count)
    }
}
