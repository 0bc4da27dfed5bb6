import CZstd

/// A zstd compression context, kept for many payloads so that its tables are set up once.
///
/// Not Sendable: one owner at a time.
package final class ZstdCompressor {
    private let context: OpaquePointer

    /// - Parameters:
    ///   - level: 1 (fast) to 19 (small); negative ones are faster still.
    ///   - dictionary: What similar payloads have in common, as trained or as raw content. Readers
    ///     need the same.
    package init(level: Int, dictionary: [UInt8]? = nil) {
        guard let context = ZSTD_createCCtx() else {
            preconditionFailure("There is no memory for a zstd context.")
        }
        self.context = context
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        if let dictionary {
            let code = ZSTD_CCtx_loadDictionary(context, dictionary, dictionary.count)
            precondition(ZSTD_isError(code) == 0, "zstd refuses the dictionary.")
        }
    }

    deinit {
        ZSTD_freeCCtx(context)
    }

    /// One frame, with the content's size in its header.
    package func compress(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            let code = ZSTD_compress2(
                context, target.baseAddress, target.count, bytes.baseAddress, bytes.count)
            // With room for the bound the only failure left is memory.
            precondition(ZSTD_isError(code) == 0, "zstd failed to compress \(bytes.count) bytes.")
            count = code
        }
    }

    package func compress(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBytes { compress($0) }
    }
}
