import SQLCore
import Testing

@Suite struct ArrayChunksTests {
    @Test func `an array is cut into runs of at most the size`() {
        #expect(Array(1...7).chunked(by: 3).map(Array.init) == [[1, 2, 3], [4, 5, 6], [7]])
    }

    @Test func `an empty array has no runs`() {
        #expect([Int]().chunked().isEmpty)
    }
}
