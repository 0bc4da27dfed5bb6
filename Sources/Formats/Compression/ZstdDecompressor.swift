import CZstd

/// A zstd decompression context, kept for many payloads. Not Sendable: one owner at a time.
package final class ZstdDecompressor {
    /// Frames that need a larger window are refused, so that a few bytes cannot claim much memory
    /// (RFC 9659 asks for 8 MiB). Frames that state their size are free of it.
    private static let largestWindowLog: Int32 = 23

    private let context: OpaquePointer

    package init(dictionary: [UInt8]? = nil) {
        guard let context = ZSTD_createDCtx() else {
            preconditionFailure("There is no memory for a zstd context.")
        }
        self.context = context
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.largestWindowLog)
        if let dictionary {
            let code = ZSTD_DCtx_loadDictionary(context, dictionary, dictionary.count)
            precondition(ZSTD_isError(code) == 0, "zstd refuses the dictionary.")
        }
    }

    deinit {
        ZSTD_freeDCtx(context)
    }

    /// The content of one frame that states its size, as ``ZstdCompressor`` writes them; the
    /// shortest way for payloads of our own.
    package func decompress(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        let stated = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        if stated == czstd_content_size_error {
            throw ZSTD_findFrameCompressedSize(bytes.baseAddress, bytes.count) == 0
                ? .truncated : .corrupt
        }
        if stated == czstd_content_size_unknown {
            return try decompressFrames(bytes, limit: limit)
        }
        guard stated <= limit else { throw .tooLarge(limit: limit) }
        var code = 0
        let content = [UInt8](unsafeUninitializedCapacity: Int(stated)) { target, count in
            code = ZSTD_decompressDCtx(
                context, target.baseAddress, target.count, bytes.baseAddress, bytes.count)
            count = ZSTD_isError(code) == 0 ? code : 0
        }
        if ZSTD_isError(code) != 0 {
            throw ZSTD_getErrorCode(code) == ZSTD_error_srcSize_wrong ? .truncated : .corrupt
        }
        return content
    }

    package func decompress(_ bytes: [UInt8], limit: Int) throws(CompressionError) -> [UInt8] {
        try bytes.withUnsafeBufferPointer { buffer throws(CompressionError) in
            try decompress(UnsafeRawBufferPointer(buffer), limit: limit)
        }
    }

    /// The content of one or more frames, of stated or unknown size, from anybody.
    package func decompressFrames(
        _ bytes: UnsafeRawBufferPointer, limit: Int
    ) throws(CompressionError) -> [UInt8] {
        guard !bytes.isEmpty else { throw .truncated }
        ZSTD_DCtx_reset(context, ZSTD_reset_session_only)
        let stated = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
        let isStated = stated != czstd_content_size_unknown && stated != czstd_content_size_error
        if isStated, stated > limit { throw .tooLarge(limit: limit) }
        // With room for the whole frame zstd decodes in one pass and needs no window.
        let expected = isStated ? Int(stated) + 1 : bytes.count * 4

        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        var code = 1
        var output = OutputBuffer(expected: expected, limit: limit)
        let content = try output.fill { target in
            var room = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            repeat {
                let before = (input.pos, room.pos)
                code = ZSTD_decompressStream(context, &room, &input)
                // Neither side moved: the rest of the frame is missing, or there is no room.
                if before == (input.pos, room.pos) { break }
            } while ZSTD_isError(code) == 0 && room.pos < room.size
                && (input.pos < input.size || code != 0)
            let isOver = code == 0 && input.pos == input.size
            return (room.pos, ZSTD_isError(code) == 0 && !isOver)
        }
        guard ZSTD_isError(code) == 0 else { throw .corrupt }
        guard code == 0 else { throw .truncated }
        return content
    }
}
