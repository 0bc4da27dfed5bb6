import HTTPMessages
import Testing

struct MediaTypeTests {
    @Test func `type and parameters are read`() throws {
        let type = try #require(
            MediaType(#"Text/HTML; Charset=UTF-8 ; q="a;\"b" ; broken; =x; charset=late"#))
        #expect(type.essence == "text/html")
        #expect(type.parameters == ["charset": "UTF-8", "q": #"a;"b"#])
    }

    @Test(arguments: ["application/json", "application/problem+json; charset=utf-8"])
    func `JSON is known by its subtype`(text: String) {
        #expect(MediaType(text)?.isJSON == true)
    }

    @Test(arguments: ["", "text", "text/", "/html", "text html", "te xt/html", "a/b/c", ";"])
    func `what is no media type is nil`(text: String) {
        #expect(MediaType(text) == nil)
    }
}
