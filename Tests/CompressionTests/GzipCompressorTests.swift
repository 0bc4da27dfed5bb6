import Compression
import Testing

struct GzipCompressorTests {
    @Test func `pieces make one stream`() throws {
        let compressor = GzipCompressor()
        var bytes: [UInt8] = []
        for index in 0..<100 { bytes += compressor.compress(Array("piece \(index)\n".utf8)) }
        bytes += compressor.finish()
        let content = try ContentCoding.gzip.decompress(bytes, limit: 1 << 20)
        #expect(content == (0..<100).flatMap { Array("piece \($0)\n".utf8) })
    }

    @Test func `bytes that do not compress come back too`() throws {
        let bytes = (0..<300_000).map { _ in UInt8.random(in: .min ... .max) }
        let whole = GzipCompressor.compress(bytes)
        #expect(try ContentCoding.gzip.decompress(whole, limit: 1 << 20) == bytes)
        let compressor = GzipCompressor()
        let pieces = compressor.compress(bytes) + compressor.finish()
        #expect(try ContentCoding.gzip.decompress(pieces, limit: 1 << 20) == bytes)
    }

    @Test func `an empty stream is valid`() throws {
        #expect(try ContentCoding.gzip.decompress(GzipCompressor().finish(), limit: 10) == [])
    }
}
