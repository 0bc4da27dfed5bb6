/// Which four-byte runs occur in the texts of a segment: a Bloom filter with one hash.
///
/// A signature has a power of two of bits. One of half the size is the OR of its halves, and one of
/// twice the size is itself twice over, so that signatures of different sizes can be compared.
package struct TextSignature: Sendable, Hashable {
    /// Positions of runs are below this; a signature of fewer bits takes them modulo its size.
    package static let positionCount = 65_536
    package static let bitsMin = 8192

    private(set) var words: [UInt64]

    init(words: [UInt64]) { self.words = words }

    /// The signature of no text at all.
    package static let empty = TextSignature(words: [])

    /// The signature of texts that nothing is known of: it may match every question.
    package static let undecided = TextSignature(
        words: [UInt64](repeating: .max, count: bitsMin / 64))

    /// Reads what ``bytes`` gave; nil when it is not of that form.
    package init?(bytes: [UInt8]) {
        let isSize =
            bytes.isEmpty
            || (Self.bitsMin / 8...Self.positionCount / 8).contains(bytes.count)
                && bytes.count & (bytes.count - 1) == 0
        guard isSize else { return nil }
        words = bytes.withUnsafeBytes { buffer in
            (0..<buffer.count / 8).map {
                UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self))
            }
        }
    }

    package var bytes: [UInt8] {
        words.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }

    package var isEmpty: Bool { words.isEmpty }

    package var bitCount: Int { words.count * 64 }

    /// How many of its bits are set, from 0 to 1.
    package var fill: Double {
        words.isEmpty ? 0 : Double(words.reduce(0) { $0 + $1.nonzeroBitCount }) / Double(bitCount)
    }

    func contains(_ position: UInt16) -> Bool {
        guard !words.isEmpty else { return false }
        let bit = Int(position) & (bitCount - 1)
        return words[bit >> 6] >> UInt64(bit & 63) & 1 == 1
    }

    /// Whether the texts may be what the query asks for. False is certain, true is not.
    package func mayMatch(_ query: SignatureQuery) -> Bool {
        switch query {
        case .positions(let positions): positions.allSatisfy(contains)
        case .all(let queries): queries.allSatisfy(mayMatch)
        case .any(let queries): queries.contains(where: mayMatch)
        }
    }

    /// The same signature with another power of two of bits.
    func resized(to bits: Int) -> TextSignature {
        guard !words.isEmpty else {
            return TextSignature(words: Array(repeating: 0, count: bits / 64))
        }
        var words = words
        while words.count * 64 < bits { words += words }
        while words.count * 64 > bits {
            let half = words.count / 2
            words = (0..<half).map { words[$0] | words[$0 + half] }
        }
        return TextSignature(words: words)
    }

    /// Halves the signature as long as it does not become too full to tell much.
    func compacted() -> TextSignature {
        var result = self
        while result.bitCount > Self.bitsMin {
            let half = result.resized(to: result.bitCount / 2)
            guard half.fill <= Self.fillMax else { break }
            result = half
        }
        return result
    }

    static let fillMax = 0.45

    /// Where the run of four folded bytes, the first one lowest, is.
    @inline(__always)
    static func position(of gram: UInt32) -> UInt16 {
        // Every bit from the 32nd on depends on all of the run (Knuth, The Art of Computer
        // Programming, volume 3, section 6.4: multiplicative hashing).
        UInt16(truncatingIfNeeded: (UInt64(gram) &* 0x9E37_79B9_7F4A_7C15) >> 40)
    }
}
