import BinaryText
import Testing

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `the vectors of RFC 4648 hold both ways`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func `every byte survives`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(arguments: [("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v")])
    func `padding is left out when the reader does not want it`(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8), isPadded: false) == encoded)
    }

    @Test(arguments: ["Zg", "Zg=", "Z", "Zm9v\n", "Zm9-", "Zh==", "====", "=Zg="])
    func `what is not canonical is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(
        arguments: [
            ([], ""), ([0], "AA=="), ([0, 1], "AAE="), ([0, 0xFF, 0x10], "AP8Q"),
            ([251, 255], "+/8="),
        ] as [([UInt8], String)])
    func `a lenient reader takes missing padding and the alphabet for URLs`(
        bytes: [UInt8], text: String
    ) {
        #expect(Base64.encode(bytes) == text)
        #expect(Base64.decodeLeniently(text) == bytes)
        #expect(Base64.decodeLeniently(String(text.prefix { $0 != "=" })) == bytes)
        let forURLs = text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        #expect(Base64.decodeLeniently(String(forURLs)) == bytes)
    }

    @Test(arguments: ["A", "AA=A", "A===", "AA==AA==", "A A=", "é"])
    func `other text is not Base64 for a lenient reader either`(text: String) {
        #expect(Base64.decodeLeniently(text) == nil)
    }
}
