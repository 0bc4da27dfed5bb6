import HTTPMessages
import Testing

struct HTTPHeadersTests {
    @Test func `names compare without regard to case and keep their order`() {
        var headers: HTTPHeaders = ["Content-Type": "a", "X-One": "1", "x-one": "2"]
        #expect(headers["CONTENT-TYPE"] == "a")
        #expect(headers.values(of: "X-ONE") == ["1", "2"])
        #expect(headers.map(\.name) == ["content-type", "x-one", "x-one"])
        headers["x-One"] = "3"
        #expect(headers.values(of: "x-one") == ["3"])
        headers["x-one"] = nil
        #expect(!headers.contains("X-One"))
        #expect(headers.count == 1)
    }

    @Test func `lists are split over fields and trimmed`() {
        let headers: HTTPHeaders = ["accept": "a , b;q=1,,", "Accept": "\tc "]
        #expect(headers.list("accept") == ["a", "b;q=1", "c"])
        #expect(headers.list("nothing") == [])
    }

    @Test(arguments: [("", ""), (" \t ", ""), (" a b\t", "a b"), ("a", "a")])
    func `blanks at the ends are trimmed`(text: String, result: String) {
        #expect(trimmed(text) == result)
    }
}
