import HTTPMessages
import Testing

@Suite struct PercentCodingTests {
    @Test(arguments: [
        ("a%20b", "a b"), ("%E2%82%AC", "€"), ("%e2%82%ac", "€"), ("100%", "100%"), ("%4", "%4"),
        ("%zz", "%zz"), ("%2G", "%2G"), ("a+b", "a+b"), ("%FF", "\u{FFFD}"), ("", ""),
    ])
    func `whole sequences are decoded and broken ones stay`(encoded: String, text: String) {
        #expect(PercentCoding.decode(encoded) == text)
    }

    @Test func `a plus is a blank where forms are read`() {
        #expect(PercentCoding.decode("a+b%2B", plusIsBlank: true) == "a b+")
    }

    @Test func `all but the unreserved characters are encoded`() {
        #expect(PercentCoding.encode("aZ9-._~ /€") == "aZ9-._~%20%2F%E2%82%AC")
    }
}
