import Compression

/// Several payloads in one run of bytes, compressed with Zstandard (RFC 8878).
///
/// Inside: the number of entries, then for each the lengths of its attributes, events and extras, all
/// as 32-bit little-endian integers, then the parts themselves. An entry whose span was deleted has
/// three lengths of zero.
struct PayloadBlock {
    private(set) var entries: [SpanPayload]

    /// How many spans share a block at most, and how many bytes they may have together. More would
    /// compress better and read slower.
    static let entriesMax = 128
    static let bytesMax = 256 << 10

    init(_ entries: [SpanPayload]) { self.entries = entries }

    mutating func clear(_ index: Int) {
        entries[index] = SpanPayload(attributes: [], events: [], extras: [])
    }

    // MARK: Bytes

    func compressed(with compressor: ZstdCompressor) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + entries.reduce(0) { $0 + 12 + $1.byteCount })
        Self.append(entries.count, to: &bytes)
        for entry in entries {
            Self.append(entry.attributes.count, to: &bytes)
            Self.append(entry.events.count, to: &bytes)
            Self.append(entry.extras.count, to: &bytes)
        }
        for entry in entries {
            bytes += entry.attributes
            bytes += entry.events
            bytes += entry.extras
        }
        return compressor.compress(bytes)
    }

    /// A block opened for reading: parts are cut out when asked for.
    struct Reader {
        private let bytes: [UInt8]
        private let offsets: [Int]

        init(
            compressed: [UInt8], with decompressor: ZstdDecompressor
        ) throws(PayloadBlockError) {
            do {
                bytes = try decompressor.decompress(compressed, limit: 1 << 30)
            } catch {
                throw PayloadBlockError()
            }
            guard bytes.count >= 4 else { throw PayloadBlockError() }
            let count = Self.integer(bytes, 0)
            guard 4 + count * 12 <= bytes.count else { throw PayloadBlockError() }
            var offsets: [Int] = []
            offsets.reserveCapacity(count * 3 + 1)
            var offset = 4 + count * 12
            for part in 0..<count * 3 {
                offsets.append(offset)
                offset += Self.integer(bytes, 4 + part * 4)
            }
            offsets.append(offset)
            guard offset == bytes.count else { throw PayloadBlockError() }
            self.offsets = offsets
        }

        var count: Int { (offsets.count - 1) / 3 }

        /// - Throws: ``PayloadBlockError`` when there is no such entry.
        func payload(_ index: Int) throws(PayloadBlockError) -> SpanPayload {
            try require(index)
            return SpanPayload(
                attributes: part(index, 0), events: part(index, 1), extras: part(index, 2))
        }

        /// Gives the attributes of one entry without copying them.
        ///
        /// - Throws: ``PayloadBlockError`` when there is no such entry, or what `body` throws.
        func withAttributes<Value>(
            _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Value
        ) throws -> Value {
            try require(index)
            return try bytes.withUnsafeBytes {
                try body(
                    UnsafeRawBufferPointer(
                        rebasing: $0[offsets[index * 3]..<offsets[index * 3 + 1]]))
            }
        }

        /// Gives the events of one entry without copying them.
        ///
        /// - Throws: ``PayloadBlockError`` when there is no such entry, or what `body` throws.
        func withEvents<Value>(
            _ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Value
        ) throws -> Value {
            try require(index)
            return try bytes.withUnsafeBytes {
                try body(
                    UnsafeRawBufferPointer(
                        rebasing: $0[offsets[index * 3 + 1]..<offsets[index * 3 + 2]]))
            }
        }

        /// The index comes from a row of the database, which may be damaged.
        private func require(_ index: Int) throws(PayloadBlockError) {
            guard (0..<count).contains(index) else { throw PayloadBlockError() }
        }

        private func part(_ index: Int, _ part: Int) -> [UInt8] {
            Array(bytes[offsets[index * 3 + part]..<offsets[index * 3 + part + 1]])
        }

        private static func integer(_ bytes: [UInt8], _ offset: Int) -> Int {
            bytes.withUnsafeBytes {
                Int(UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
            }
        }
    }

    private static func append(_ value: Int, to bytes: inout [UInt8]) {
        Swift.withUnsafeBytes(of: UInt32(value).littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// A payload block does not have the form that we write.
struct PayloadBlockError: Error, CustomStringConvertible {
    var description: String {
        "A block of span payloads is damaged. Run `phoenix verify` and restore a backup."
    }
}
