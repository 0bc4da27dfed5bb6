/// The segments of a group that may match, a bit each, the oldest lowest.
package struct SegmentMask: Sendable, Hashable {
    package var low: UInt64
    package var high: UInt64

    package init(low: UInt64 = 0, high: UInt64 = 0) {
        self.low = low
        self.high = high
    }

    package static let all = SegmentMask(low: .max, high: .max)

    package static func & (left: SegmentMask, right: SegmentMask) -> SegmentMask {
        SegmentMask(low: left.low & right.low, high: left.high & right.high)
    }

    package static func | (left: SegmentMask, right: SegmentMask) -> SegmentMask {
        SegmentMask(low: left.low | right.low, high: left.high | right.high)
    }

    /// Whether a segment is among them, by its number in the group.
    package func contains(_ member: Int) -> Bool {
        (member < 64 ? low >> UInt64(member) : high >> UInt64(member - 64)) & 1 == 1
    }
}

/// The signatures of 128 segments, turned so that what a question needs lies together: for each
/// position one slice with a bit for each segment.
///
/// A question about a few runs of bytes reads as many slices and not 128 signatures. Slices are stored
/// by the block.
package struct SignatureGroup: Sendable, Hashable {
    package static let segmentCount = 128
    package static let sliceSize = 16
    /// How many slices are stored together: 1,984 bytes, four to a page of 8 KiB in both databases.
    package static let slicesInBlock = 124

    /// A power of two; 0 when no segment has any text.
    package let sliceCount: Int
    /// Slice for slice, each the mask's low word and then its high word, little-endian.
    private let bytes: [UInt8]

    /// - Parameter signatures: One for each segment of the group, the oldest first.
    package init(_ signatures: [TextSignature]) {
        precondition(
            signatures.count == Self.segmentCount,
            "A group is of \(Self.segmentCount) signatures, not \(signatures.count).")
        let size = Self.size(for: signatures)
        var turned: [UInt64] = []
        turned.reserveCapacity(size * 2)
        let resized = signatures.map { $0.isEmpty ? [] : $0.resized(to: size).words }
        for word in 0..<size / 64 {
            let low = Self.transposed(resized[..<64].map { $0.isEmpty ? 0 : $0[word] })
            let high = Self.transposed(resized[64...].map { $0.isEmpty ? 0 : $0[word] })
            for bit in 0..<64 {
                turned.append(low[bit].littleEndian)
                turned.append(high[bit].littleEndian)
            }
        }
        sliceCount = size
        bytes = turned.withUnsafeBytes { Array($0) }
    }

    /// Puts a stored group together again; nil when the blocks are not of that form.
    package init?(sliceCount: Int, blocks: [[UInt8]]) {
        let joined = blocks.flatMap { $0 }
        guard joined.count == sliceCount * Self.sliceSize,
            sliceCount == 0 || sliceCount >= 64 && sliceCount & (sliceCount - 1) == 0
        else { return nil }
        self.sliceCount = sliceCount
        bytes = joined
    }

    /// The slices in blocks of ``slicesInBlock``, the last of which may be shorter.
    package var blocks: [[UInt8]] {
        let size = Self.slicesInBlock * Self.sliceSize
        return stride(from: 0, to: bytes.count, by: size).map {
            Array(bytes[$0..<min($0 + size, bytes.count)])
        }
    }

    /// Turned back: the signatures of the segments, all of one size but the empty ones.
    package var signatures: [TextSignature] {
        var words = [[UInt64]](
            repeating: Array(repeating: 0, count: sliceCount / 64), count: Self.segmentCount)
        bytes.withUnsafeBytes { bytes in
            func half(_ word: Int, _ offset: Int) -> [UInt64] {
                Self.transposed(
                    (0..<64).map { bit in
                        UInt64(
                            littleEndian: bytes.loadUnaligned(
                                fromByteOffset: (word * 64 + bit) * Self.sliceSize + offset,
                                as: UInt64.self))
                    })
            }
            for word in 0..<sliceCount / 64 {
                for (segment, value) in (half(word, 0) + half(word, 8)).enumerated() {
                    words[segment][word] = value
                }
            }
        }
        return words.map { words in
            words.contains { $0 != 0 } ? TextSignature(words: words) : .empty
        }
    }

    /// Reads one slice; nil when the bytes are too few.
    package static func mask(_ slice: [UInt8]) -> SegmentMask? {
        guard slice.count == sliceSize else { return nil }
        return slice.withUnsafeBytes {
            SegmentMask(
                low: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)),
                high: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }

    /// The size at which the signatures are, on average, as full as a single one may be.
    private static func size(for signatures: [TextSignature]) -> Int {
        let filled = signatures.filter { !$0.isEmpty }
        guard var size = filled.map(\.bitCount).max() else { return 0 }
        while size > TextSignature.bitsMin {
            let fills = filled.map { $0.resized(to: size / 2).fill }
            guard fills.reduce(0, +) <= TextSignature.fillMax * Double(fills.count) else { break }
            size /= 2
        }
        return size
    }

    /// Turns a square of 64 by 64 bits (Warren, Hacker's Delight, section 7-3).
    private static func transposed(_ rows: [UInt64]) -> [UInt64] {
        var rows = rows
        var width = 32
        var mask: UInt64 = 0x0000_0000_FFFF_FFFF
        rows.withUnsafeMutableBufferPointer { rows in
            while width != 0 {
                var row = 0
                while row < 64 {
                    let swapped = (rows[row] >> UInt64(width) ^ rows[row + width]) & mask
                    rows[row] ^= swapped << UInt64(width)
                    rows[row + width] ^= swapped
                    row = (row + width + 1) & ~width
                }
                width >>= 1
                mask ^= mask << UInt64(width)
            }
        }
        return rows
    }
}

extension SignatureQuery {
    /// Every position that the query asks for, each once.
    package var positions: [UInt16] {
        var all: Set<UInt16> = []
        collect(into: &all)
        return all.sorted()
    }

    private func collect(into all: inout Set<UInt16>) {
        switch self {
        case .positions(let positions): all.formUnion(positions)
        case .all(let queries), .any(let queries):
            for query in queries { query.collect(into: &all) }
        }
    }

    /// The segments of a group that may match.
    ///
    /// - Parameter mask: The segments that have a position set.
    package func candidates(_ mask: (UInt16) -> SegmentMask) -> SegmentMask {
        switch self {
        case .positions(let positions):
            positions.reduce(SegmentMask.all) { $0 & mask($1) }
        case .all(let queries): queries.reduce(SegmentMask.all) { $0 & $1.candidates(mask) }
        case .any(let queries): queries.reduce(SegmentMask()) { $0 | $1.candidates(mask) }
        }
    }
}
