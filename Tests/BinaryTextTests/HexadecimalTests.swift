import BinaryText
import Testing

@Suite struct HexadecimalTests {
    @Test func `bytes are written in lower case`() {
        #expect(Hexadecimal.encode([0, 0xAB, 0x1F]) == "00ab1f")
    }

    @Test func `digits of either case are read`() {
        #expect(Hexadecimal.decode("00ABab") == [0, 0xAB, 0xAB])
    }

    @Test func `every byte survives`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Hexadecimal.decode(Hexadecimal.encode(bytes)) == bytes)
    }

    @Test(arguments: ["0", "0g", "0x10", "00 ", "é"])
    func `other text is not hexadecimal`(text: String) {
        #expect(Hexadecimal.decode(text) == nil)
    }
}
