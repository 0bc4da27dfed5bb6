import CZlib
import Compression
import Testing

struct ContentCodingTests {
    private static let text = Array(
        String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 500).utf8)

    @Test(arguments: [
        ("gzip", ContentCoding.gzip), (" GZIP ", .gzip), ("x-gzip", .gzip), ("deflate", .deflate),
        ("zstd", .zstd), ("identity", .identity), ("", .identity),
    ])
    func `a known coding is read from its header`(header: String?, coding: ContentCoding) {
        #expect(ContentCoding(headerValue: header) == coding)
    }

    @Test(arguments: ["br", "gzip, deflate", "compress", "gzip2"])
    func `an unknown coding is nil`(header: String) {
        #expect(ContentCoding(headerValue: header) == nil)
    }

    @Test(arguments: ContentCoding.allCases)
    func `content comes back from every coding`(coding: ContentCoding) throws {
        for bytes in [Self.text, [], [7]] {
            #expect(try coding.decompress(compressed(bytes, coding), limit: 1 << 20) == bytes)
        }
    }

    @Test(arguments: ContentCoding.allCases)
    func `content of exactly the limit is accepted and one byte more is not`(
        coding: ContentCoding
    ) throws {
        let bytes = compressed(Self.text, coding)
        #expect(try coding.decompress(bytes, limit: Self.text.count) == Self.text)
        #expect(throws: CompressionError.tooLarge(limit: Self.text.count - 1)) {
            try coding.decompress(bytes, limit: Self.text.count - 1)
        }
    }

    @Test(arguments: [ContentCoding.gzip, .deflate, .zstd])
    func `content that is cut short is truncated wherever the cut is`(
        coding: ContentCoding
    ) throws {
        let bytes = compressed(Self.text, coding)
        for count in 0..<bytes.count {
            #expect(throws: CompressionError.self) {
                try coding.decompress(Array(bytes[..<count]), limit: 1 << 20)
            }
        }
        #expect(throws: CompressionError.truncated) {
            try coding.decompress(Array(bytes.dropLast()), limit: 1 << 20)
        }
    }

    @Test(arguments: [ContentCoding.gzip, .deflate, .zstd])
    func `bytes after the end are refused`(coding: ContentCoding) {
        #expect(throws: CompressionError.corrupt) {
            try coding.decompress(compressed(Self.text, coding) + [1, 2, 3], limit: 1 << 20)
        }
    }

    @Test(arguments: [ContentCoding.gzip, .deflate, .zstd])
    func `damaged bytes never crash and never pass for the content`(coding: ContentCoding) {
        let bytes = compressed(Self.text, coding)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int.random(in: damaged.indices, using: &generator)] ^= UInt8.random(
                    in: 1...255, using: &generator)
            }
            // zstd frames carry no checksum unless asked for, so only a crash is a failure there.
            let content = try? coding.decompress(damaged, limit: 1 << 20)
            if coding == .gzip, let content { #expect(content == Self.text) }
        }
    }

    @Test func `gzip members one after the other are one content`() throws {
        let bytes = GzipCompressor.compress([1, 2]) + GzipCompressor.compress(Self.text)
        #expect(
            try ContentCoding.gzip.decompress(bytes, limit: 1 << 20) == [1, 2] + Self.text)
        let many = (0..<300).flatMap { GzipCompressor.compress([UInt8($0 & 255)]) }
        #expect(try ContentCoding.gzip.decompress(many, limit: 1 << 20).count == 300)
    }

    @Test func `raw deflate data passes as deflate`() throws {
        let bytes = deflated(Self.text, windowBits: -15)
        #expect(try ContentCoding.deflate.decompress(bytes, limit: 1 << 20) == Self.text)
    }

    @Test func `a bomb of one mebibyte stops at the limit`() {
        // Members one after the other inflate to a gibibyte, at the highest ratio of deflate.
        let member = GzipCompressor.compress([UInt8](repeating: 0, count: 16 << 20), level: 9)
        let bomb = [[UInt8]](repeating: member, count: 64).flatMap { $0 }
        #expect(bomb.count < 2 << 20)
        #expect(throws: CompressionError.tooLarge(limit: 64 << 20)) {
            try ContentCoding.gzip.decompress(bomb, limit: 64 << 20)
        }
    }

    @Test func `a zstd frame that states too large a size is refused unread`() {
        let bytes = compressed([UInt8](repeating: 0, count: 8 << 20), .zstd)
        #expect(throws: CompressionError.tooLarge(limit: 1 << 20)) {
            try ContentCoding.zstd.decompress(bytes, limit: 1 << 20)
        }
    }

    @Test func `a stated length that lies costs no more than the content`() throws {
        var bytes = compressed(Self.text, .gzip)
        bytes.replaceSubrange((bytes.count - 4)..., with: [255, 255, 255, 255])
        #expect(throws: CompressionError.corrupt) {
            try ContentCoding.gzip.decompress(bytes, limit: 64 << 20)
        }
    }

    private func compressed(_ bytes: [UInt8], _ coding: ContentCoding) -> [UInt8] {
        switch coding {
        case .identity: bytes
        case .gzip: GzipCompressor.compress(bytes)
        case .deflate: deflated(bytes, windowBits: 15)
        case .zstd: ZstdCompressor(level: 3).compress(bytes)
        }
    }

    private func deflated(_ bytes: [UInt8], windowBits: Int32) -> [UInt8] {
        var stream = z_stream()
        czlib_deflate_init(&stream, 6, windowBits)
        defer { deflateEnd(&stream) }
        var bytes = bytes
        return bytes.withUnsafeMutableBufferPointer { input in
            stream.next_in = input.baseAddress
            stream.avail_in = UInt32(input.count)
            return [UInt8](unsafeUninitializedCapacity: input.count + 100) { output, count in
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                #expect(CZlib.deflate(&stream, Z_FINISH) == Z_STREAM_END)
                count = output.count - Int(stream.avail_out)
            }
        }
    }
}
