/// Collects the texts of one segment and makes their signature.
///
/// Texts are taken in the form that they have inside of JSON, with its escapes: what is indexed is the
/// bytes between two quotation marks. Use one builder for many segments, on one thread.
package final class SignatureBuilder {
    private let bits: UnsafeMutablePointer<UInt64>
    private static let wordCount = TextSignature.positionCount / 64
    private var scratch: UnsafeMutableRawPointer
    private var scratchCapacity = 1 << 12
    /// Hashes of the longer texts so far: neighbouring spans repeat each other.
    private var seen: Set<Int> = []
    private var isEmpty = true

    private static let seenLengthMin = 24
    private static let seenCountMax = 1 << 16

    package init() {
        bits = .allocate(capacity: Self.wordCount)
        bits.initialize(repeating: 0, count: Self.wordCount)
        scratch = .allocate(byteCount: scratchCapacity, alignment: 8)
    }

    deinit {
        bits.deallocate()
        scratch.deallocate()
    }

    /// The signature of everything added so far; the builder starts anew.
    package func finish() -> TextSignature {
        defer {
            bits.update(repeating: 0, count: Self.wordCount)
            seen.removeAll(keepingCapacity: true)
            isEmpty = true
        }
        guard !isEmpty else { return .empty }
        let words = Array(UnsafeBufferPointer(start: bits, count: Self.wordCount))
        return TextSignature(words: words).compacted()
    }

    /// Adds a text that is not part of a JSON document.
    package func add(text: String) {
        var escaped = SignatureQuery.escaped(text)
        escaped.withUTF8 { add(run: UnsafeRawBufferPointer($0)) }
    }

    /// Adds the keys, the strings and the whole numbers of a valid JSON document.
    package func add(json: UnsafeRawBufferPointer) {
        var index = 0
        let count = json.count
        while index < count {
            switch json[index] {
            case UInt8(ascii: "\""):
                let end = Self.endOfString(json, from: index + 1)
                add(run: UnsafeRawBufferPointer(rebasing: json[index + 1..<end]))
                index = end + 1
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
                let start = index
                var isWhole = true
                index += 1
                scan: while index < count {
                    switch json[index] {
                    case UInt8(ascii: "0")...UInt8(ascii: "9"): break
                    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
                        UInt8(ascii: "+"), UInt8(ascii: "-"):
                        isWhole = false
                    default: break scan
                    }
                    index += 1
                }
                if isWhole { add(run: UnsafeRawBufferPointer(rebasing: json[start..<index])) }
            default: index += 1
            }
        }
    }

    /// The index of the quotation mark that ends a string, or the end of the text.
    private static func endOfString(_ json: UnsafeRawBufferPointer, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var index = start
        let count = json.count
        while index < count {
            while count - index >= 8 {
                let word = UInt64(
                    littleEndian: json.loadUnaligned(fromByteOffset: index, as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let backslash = word ^ (ones &* 0x5C)
                let found =
                    (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash))
                    & (ones &* 0x80)
                if found != 0 {
                    index += found.trailingZeroBitCount >> 3
                    break
                }
                index += 8
            }
            guard index < count else { return count }
            switch json[index] {
            case UInt8(ascii: "\""): return index
            case UInt8(ascii: "\\"): index += 2
            default: index += 1
            }
        }
        return count
    }

    private func add(run: UnsafeRawBufferPointer) {
        guard run.count >= 4 else { return }
        if run.count >= Self.seenLengthMin, seen.count < Self.seenCountMax {
            // The hash has a random seed, so that nobody can send texts that look like others.
            var hasher = Hasher()
            hasher.combine(bytes: run)
            guard seen.insert(hasher.finalize()).inserted else { return }
        }
        if scratchCapacity < run.count + 8 {
            scratch.deallocate()
            scratchCapacity = (run.count + 8) * 2
            scratch = .allocate(byteCount: scratchCapacity, alignment: 8)
        }
        let count = TextFolding.fold(run, into: scratch)
        guard count >= 4 else { return }
        isEmpty = false
        // A range would be a call a step here.
        var offset = 0
        while offset <= count - 4 {
            let gram = UInt32(
                littleEndian: scratch.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            let position = Int(TextSignature.position(of: gram))
            bits[position >> 6] |= 1 << UInt64(position & 63)
            offset += 1
        }
    }
}
