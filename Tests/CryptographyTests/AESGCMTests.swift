import BinaryText
import Testing

@testable import Cryptography

@Suite struct AESGCMTests {
    private static let key = (0..<32).map { UInt8($0) }
    private let cipher = AESGCM(key: Self.key)

    private func bytes(_ text: String) throws -> [UInt8] {
        try #require(Hexadecimal.decode(text))
    }

    // Test case 16 of McGrew and Viega, "The Galois/Counter Mode of Operation".
    @Test func `sealing is as the standard has it`() throws {
        let cipher = AESGCM(
            key: try bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let sealed = cipher.seal(
            try bytes(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                    + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"),
            context: try bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
            nonce: try bytes("cafebabefacedbaddecaf888"))
        #expect(
            Hexadecimal.encode(sealed) == "cafebabefacedbaddecaf888"
                + "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                + "76fc6ece0f4e1768cddf8853bb2d551b")
    }

    @Test(arguments: [0, 1, 15, 16, 17, 100_000])
    func `what is sealed can be opened`(_ count: Int) throws {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = cipher.seal(text, context: Array("name".utf8))
        #expect(sealed.count == count + 28)
        #expect(try cipher.open(sealed, context: Array("name".utf8)) == text)
    }

    @Test func `the same text is sealed differently each time`() {
        #expect(cipher.seal([1, 2, 3]) != cipher.seal([1, 2, 3]))
    }

    @Test func `a changed, shortened or foreign text is not opened`() {
        let sealed = cipher.seal(Array("secret".utf8), context: [7])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: AESGCM.OpeningError.notAuthentic) {
                try cipher.open(changed, context: [7])
            }
            #expect(throws: AESGCM.OpeningError.notAuthentic) {
                try cipher.open(Array(sealed[..<index]), context: [7])
            }
        }
        #expect(throws: AESGCM.OpeningError.notAuthentic) { try cipher.open(sealed) }
        #expect(throws: AESGCM.OpeningError.notAuthentic) {
            try AESGCM(key: Self.key.reversed()).open(sealed, context: [7])
        }
    }
}
