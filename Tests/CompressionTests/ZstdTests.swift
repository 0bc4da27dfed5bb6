import Compression
import Testing

struct ZstdTests {
    private let text = Array(String(repeating: #"{"role":"user","content":"hi"}"#, count: 40).utf8)

    @Test func `a context serves many payloads`() throws {
        let compressor = ZstdCompressor(level: 3)
        let decompressor = ZstdDecompressor()
        for count in [0, 1, 100, text.count] {
            let bytes = Array(text[..<count])
            #expect(try decompressor.decompress(compressor.compress(bytes), limit: 5000) == bytes)
        }
    }

    @Test func `a pool lends a compressor to one at a time`() async throws {
        let pool = ZstdCompressorPool(level: 3, limit: 2)
        let text = text
        let frames = await withTaskGroup(of: (Int, [UInt8]).self) { group in
            for count in 0..<64 {
                group.addTask {
                    (count, pool.withCompressor { $0.compress(Array(text[..<(count * 15)])) })
                }
            }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        let decompressor = ZstdDecompressor()
        for (count, frame) in frames {
            #expect(try decompressor.decompress(frame, limit: 5000) == Array(text[..<(count * 15)]))
        }
    }

    @Test func `a pool keeps compressors up to its limit`() {
        let pool = ZstdCompressorPool(level: 3, limit: 1)
        func two() -> [ZstdCompressor] {
            pool.withCompressor { outer in pool.withCompressor { inner in [outer, inner] } }
        }
        let first = two()
        let second = two()
        #expect(first[0] !== first[1])
        #expect(second.filter { again in first.contains { $0 === again } }.count == 1)
    }

    @Test func `a dictionary is needed on both sides`() throws {
        let compressor = ZstdCompressor(level: 3, dictionary: text)
        let payload = Array(text[3..<90])
        let bytes = compressor.compress(payload)
        #expect(bytes.count < ZstdCompressor(level: 3).compress(payload).count)
        #expect(try ZstdDecompressor(dictionary: text).decompress(bytes, limit: 100) == payload)
        #expect(throws: CompressionError.self) {
            try ZstdDecompressor().decompress(bytes, limit: 100)
        }
    }

    @Test func `a context goes on after an error`() throws {
        let decompressor = ZstdDecompressor()
        let bytes = ZstdCompressor(level: 1).compress(text)
        #expect(throws: CompressionError.truncated) {
            try decompressor.decompress(Array(bytes.dropLast(2)), limit: 5000)
        }
        #expect(throws: CompressionError.corrupt) {
            try decompressor.decompress([1, 2, 3, 4, 5, 6, 7, 8], limit: 5000)
        }
        #expect(throws: CompressionError.tooLarge(limit: 10)) {
            try decompressor.decompress(bytes, limit: 10)
        }
        #expect(try decompressor.decompress(bytes, limit: 5000) == text)
    }
}
