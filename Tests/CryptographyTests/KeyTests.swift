import BinaryText
import Cryptography
import Testing

@Suite struct KeyTests {
    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Hexadecimal.decode(text))
    }

    // RFC 4231, test case 2; RFC 5869, test cases 1 and 3, whose purposes are bytes there.
    @Test func `a keyed digest is as the standard has it`() {
        let code = SHA256.authenticationCode(
            of: Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8))
        #expect(
            Hexadecimal.encode(code)
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `a key made of a secret is as the standard has it`() {
        let key = SHA256.key(
            from: Array(repeating: 0x0b, count: 22), purpose: "", byteCount: 42)
        #expect(
            Hexadecimal.encode(key) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f"
                + "3c738d2d9d201395faa4b61a96c8")
    }

    @Test func `purposes, salts and secrets have keys of their own`() {
        let key = SHA256.key(from: [1, 2], purpose: "a", byteCount: 32)
        #expect(key == SHA256.key(from: [1, 2], purpose: "a", byteCount: 32))
        #expect(key != SHA256.key(from: [1, 2], purpose: "b", byteCount: 32))
        #expect(key != SHA256.key(from: [1, 2], salt: [9], purpose: "a", byteCount: 32))
        #expect(key != SHA256.key(from: [1, 3], purpose: "a", byteCount: 32))
        #expect(SHA256.key(from: [], purpose: "a", byteCount: 5).count == 5)
    }
}
