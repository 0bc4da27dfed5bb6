/// A content coding of HTTP (RFC 9110, section 8.4.1; zstd: RFC 8878).
package enum ContentCoding: String, Sendable, CaseIterable {
    case identity
    case gzip
    case deflate
    case zstd

    /// Reads a `content-encoding` or `grpc-encoding` value. An absent or empty one is identity; an
    /// unknown one, or several, nil.
    package init?(headerValue: String?) {
        let value = (headerValue ?? "").filter { $0 != " " && $0 != "\t" }.lowercased()
        switch value {
        case "", "identity": self = .identity
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "zstd": self = .zstd
        default: return nil
        }
    }

    /// The content of a whole coded body.
    ///
    /// Memory stays within about twice `limit`, however far the bytes would inflate.
    package func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        guard self != .identity else {
            if bytes.count > limit { throw .tooLarge(limit: limit) }
            return bytes
        }
        return try bytes.withUnsafeBufferPointer { buffer throws(CompressionError) in
            try decompress(UnsafeRawBufferPointer(buffer), limit: limit)
        }
    }

    package func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        switch self {
        case .identity:
            if bytes.count > limit { throw .tooLarge(limit: limit) }
            return [UInt8](bytes)
        case .gzip: return try Inflater.gunzip(bytes, limit: limit)
        case .deflate: return try Inflater.inflateDeflate(bytes, limit: limit)
        case .zstd: return try ZstdDecompressor().decompressFrames(bytes, limit: limit)
        }
    }
}
