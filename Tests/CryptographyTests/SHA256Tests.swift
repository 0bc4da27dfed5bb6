import BinaryText
import Cryptography
import Testing

@Suite struct SHA256Tests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `a digest is as the standard has it`(_ text: String, _ digest: String) {
        #expect(Hexadecimal.encode(SHA256.digest(text.utf8)) == digest)
    }

    @Test func `a message of many blocks has the right digest`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 10_000)
        #expect(
            Hexadecimal.encode(SHA256.digest(bytes))
                == "27dd1f61b867b6a0f6e9d8a41c43231de52107e53ae424de8f847b821db4b711")
    }
}
