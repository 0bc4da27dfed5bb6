import CDeflate
import CZlib

/// Whole-buffer decompression of the zlib family.
enum Inflater {
    /// One or more gzip members (RFC 1952), nothing else after them.
    static func gunzip(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        // The last four bytes of a member are its length modulo 2^32: right for nearly everybody
        // and bounded by what deflate can reach at best, for those who lie.
        var expected = bytes.count * 4
        if bytes.count >= 18 {
            let stated = bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
            expected = min(Int(UInt32(littleEndian: stated)), bytes.count * 1032) + 1
        }
        if let content = gunzipMember(bytes, room: min(expected, limit)) { return content }
        return try inflate(
            bytes, windowBits: 15 + 16, expected: expected, limit: limit, allowsMembers: true)
    }

    /// The content of a single gzip member that fits into `room` bytes, by the faster library. Nil for
    /// all else, about which zlib can tell more.
    private static func gunzipMember(_ bytes: UnsafeRawBufferPointer, room: Int) -> [UInt8]? {
        guard let base = bytes.baseAddress, let state = libdeflate_alloc_decompressor()
        else { return nil }
        defer { libdeflate_free_decompressor(state) }
        var isWhole = false
        let content = [UInt8](unsafeUninitializedCapacity: room) { target, count in
            var read = 0
            let result = libdeflate_gzip_decompress_ex(
                state, base, bytes.count, target.baseAddress, room, &read, &count)
            isWhole = result == LIBDEFLATE_SUCCESS && read == bytes.count
            if !isWhole { count = 0 }
        }
        return isWhole ? content : nil
    }

    /// HTTP's `deflate`, which is the zlib format (RFC 1950). Some clients send raw deflate data
    /// (RFC 1951) instead; it is accepted where the zlib header does not fit.
    static func inflateDeflate(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        let isZlib =
            bytes.count >= 2 && bytes[0] & 0x0F == 8 && bytes[0] >> 4 <= 7
            && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
        return try inflate(
            bytes, windowBits: isZlib ? 15 : -15, expected: bytes.count * 4, limit: limit,
            allowsMembers: false)
    }

    private static func inflate(
        _ bytes: UnsafeRawBufferPointer, windowBits: Int32, expected: Int, limit: Int,
        allowsMembers: Bool
    ) throws(CompressionError) -> [UInt8] {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { throw .truncated }
        // zlib counts in 32 bits; no caller's limit comes near.
        precondition(bytes.count < UInt32.max, "\(bytes.count) bytes are too many for zlib.")
        var stream = z_stream()
        guard czlib_inflate_init(&stream, windowBits) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        // zlib only reads through next_in.
        stream.next_in = UnsafeMutablePointer(mutating: base.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)

        var code = Z_OK
        var output = OutputBuffer(expected: expected, limit: limit)
        let content = try output.fill { target in
            let room = min(target.count, Int(UInt32.max))
            stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            stream.avail_out = UInt32(room)
            while true {
                code = CZlib.inflate(&stream, Z_NO_FLUSH)
                guard code == Z_STREAM_END, stream.avail_in > 0, allowsMembers,
                    inflateReset(&stream) == Z_OK
                else { break }
                code = Z_OK
                if stream.avail_out == 0 { break }
            }
            return (room - Int(stream.avail_out), code == Z_OK)
        }
        switch code {
        case Z_STREAM_END:
            if stream.avail_in > 0 { throw .corrupt }
            return content
        case Z_OK, Z_BUF_ERROR: throw .truncated
        case Z_MEM_ERROR: throw .outOfMemory
        default: throw .corrupt
        }
    }
}
