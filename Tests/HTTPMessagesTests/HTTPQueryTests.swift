import HTTPMessages
import Testing

struct HTTPQueryTests {
    @Test func `repeated names keep all their values in order`() {
        let query = HTTPQuery("a=1&b=&a=2&c&=x&&a=%33")
        #expect(query.all("a") == ["1", "2", "3"])
        #expect(query.first("b") == "")
        #expect(query.first("c") == "")
        #expect(query.first("") == "x")
        #expect(query.first("d") == nil)
        #expect(query.items.count == 6)
    }

    @Test(arguments: [
        ("a+b", "a b"), ("a%20b%2Bc", "a b+c"), ("%C3%A4", "ä"), ("100%", "100%"),
        ("%4", "%4"), ("%zz", "%zz"), ("%ff", "\u{FFFD}"), ("a=b", "a=b"), ("%00", "\0"),
    ])
    func `values are decoded`(encoded: String, value: String) {
        #expect(HTTPQuery("x=" + encoded).first("x") == value)
    }

    @Test func `a path keeps its plus signs`() {
        #expect(PercentCoding.decode("a+b%2F") == "a+b/")
    }

    @Test func `what is encoded decodes to the same`() {
        let text = "a b/ä?&=%+~-_."
        #expect(PercentCoding.encode("a b/ä") == "a%20b%2F%C3%A4")
        #expect(PercentCoding.decode(PercentCoding.encode(text)) == text)
    }
}
