import Testing

@testable import PostgresDatabase

@Suite struct NULEscapingTests {
    @Test(arguments: [
        "plain", "", "a\0b", "\0", "\u{FFFE}", "\u{FFFE}0", "\0\u{FFFE}\0", "é\0ü",
        "\u{FFFD}\u{FFFF}",
    ])
    func `text comes back as it went`(text: String) {
        let bytes = Array(text.utf8)
        let escaped = bytes.withUnsafeBytes { NULEscaping.escaped(text: $0) } ?? bytes
        #expect(!escaped.contains(0))
        let back = escaped.withUnsafeBytes { NULEscaping.unescaped($0, nul: [0]) } ?? escaped
        #expect(back == bytes)
    }

    @Test(arguments: [
        #"{"a":"b"}"#, #"{"a":"\u0000"}"#, #"{"\u0000":1}"#, #"{"a":"\\u0000"}"#,
        #"{"a":"\\\u0000"}"#, "{\"a\":\"\u{FFFE}0\"}", #"{"a":"\"\u0000\""}"#,
    ])
    func `JSON comes back as it went`(json: String) {
        let bytes = Array(json.utf8)
        let escaped = bytes.withUnsafeBytes { NULEscaping.escaped(json: $0) } ?? bytes
        let back =
            escaped.withUnsafeBytes { NULEscaping.unescaped($0, nul: NULEscaping.jsonNUL) }
            ?? escaped
        #expect(back == bytes)
    }

    @Test func `text without either character is not copied`() {
        let bytes = Array("plain text".utf8)
        #expect(bytes.withUnsafeBytes { NULEscaping.escaped(text: $0) } == nil)
        #expect(bytes.withUnsafeBytes { NULEscaping.escaped(json: $0) } == nil)
        #expect(bytes.withUnsafeBytes { NULEscaping.unescaped($0, nul: [0]) } == nil)
    }
}
