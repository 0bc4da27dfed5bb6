import PhoenixModel
import Testing

@Suite struct OTelIDTests {
    @Test(arguments: [0, 1, 8, 15, 16, 17, 40])
    func `an id of any length keeps its bytes`(count: Int) {
        let bytes = (0..<count).map { UInt8($0 + 1) }
        let id = OTelID(bytes)
        #expect(id.bytes == bytes)
        #expect(id.count == count)
        #expect(id.isEmpty == (count == 0))
    }

    @Test func `ids are equal when all of their bytes are`() {
        let long = [UInt8](repeating: 1, count: 17)
        #expect(OTelID(long) == OTelID(long))
        #expect(OTelID(long) != OTelID(Array(long.dropLast()) + [2]))
        #expect(OTelID(Array(long.prefix(8))) != OTelID(Array(long.prefix(9))))
        #expect(OTelID([0, 0]) != OTelID([0]))
    }

    @Test func `hexadecimal leads to the id and back`() {
        let id = OTelID(hex: "00112233AABBccdd")
        #expect(id?.count == 8)
        #expect(id?.hex == "00112233aabbccdd")
        #expect(id.map { "\($0)" } == id?.hex)
    }

    @Test(arguments: ["", "0", "0g", "00 11", "é"])
    func `other text is no id`(text: String) {
        #expect(OTelID(hex: text) == nil)
    }
}
