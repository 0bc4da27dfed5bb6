import Testing

@testable import HTTPServing

@Suite struct RequestTargetTests {
    @Test(arguments: [
        ("/a?b", "/a", "b"), ("/", "/", nil), ("http://h/x?y?z", "/x", "y?z"),
        ("https://h", "/", nil), ("http://h?q", "/", "q"), ("//a", "//a", nil),
    ])
    func `targets are split into path and query`(target: String, path: String, query: String?) {
        let result = RequestTarget(target, method: .get)
        #expect(result?.path == path)
        #expect(result?.query == query)
    }

    @Test(arguments: ["a", "*", "ftp://h/", "h:80"])
    func `other targets are refused`(target: String) {
        #expect(RequestTarget(target, method: .get) == nil)
    }
}
