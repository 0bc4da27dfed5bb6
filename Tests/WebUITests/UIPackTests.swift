import Testing
import WebUI

@Suite struct UIPackTests {
    @Test func `a pack gives back its files`() throws {
        let pack = try UIPack(.owned(TestPack.bytes()))
        #expect(pack.buildID == "0123456789ab")
        #expect(pack.entries.map(\.path) == TestPack.files.map(\.path))
        let main = try #require(pack.entries.first)
        #expect(pack.bytes(of: main.identity) == Array("let main".utf8))
        #expect(pack.bytes(of: try #require(main.brotli)) == Array("br of main".utf8))
        #expect(pack.entries[1].brotli == nil)
    }

    @Test(arguments: [0, 7, 15, 16, 40, 100])
    func `a pack that was cut off is refused`(length: Int) {
        #expect(throws: UIPackError.self) {
            try UIPack(.owned(Array(TestPack.bytes().prefix(length))))
        }
    }

    @Test func `a pack of another version is refused`() {
        var bytes = TestPack.bytes()
        bytes[7] = 2
        #expect(throws: UIPackError.self) { try UIPack(.owned(bytes)) }
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"buildId": "x", "entries": [{}]}"#,
        #"{"buildId": "x", "entries": [{"path": "a", "mediaType": "b", "sha256": "c", "identity": {"offset": 1, "length": 9}}]}"#,
        #"{"buildId": "x", "entries": [{"path": "a", "mediaType": "b", "sha256": "c", "identity": {"offset": -1, "length": 1}}]}"#,
        #"{"buildId": "x", "entries": [{"path": "a", "mediaType": "b", "sha256": "c", "identity": {"offset": 9223372036854775807, "length": 1}}]}"#,
        #"{"buildId": "x", "entries": [{"path": "a", "mediaType": "b", "sha256": "c", "identity": {"offset": 0, "length": 9223372036854775807}}]}"#,
    ])
    func `a table that points out of the pack is refused`(table: String) {
        #expect(throws: UIPackError.self) {
            try UIPack(.owned(TestPack.pack(table: Array(table.utf8), bodies: [1, 2, 3])))
        }
    }

    @Test func `the pack in this binary can be read, where there is one`() throws {
        guard let pack = try UIPack.embedded() else { return }
        #expect(pack.entries.contains { $0.path == "index.html" })
    }
}
