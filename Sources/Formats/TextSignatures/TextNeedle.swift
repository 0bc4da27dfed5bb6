/// A text to look for, ignoring case as ``TextFolding`` does.
package struct TextNeedle: Sendable, Hashable {
    package let text: String
    private let folded: [UInt8]
    /// As it stands, folded, inside of a JSON document.
    private let escaped: [UInt8]

    /// - Parameter text: Not empty.
    package init(_ text: String) {
        precondition(!text.isEmpty, "A needle has a character.")
        self.text = text
        folded = TextFolding.folded(text)
        escaped = TextFolding.folded(SignatureQuery.escaped(text))
    }

    /// Which segments can have the text; nil when that cannot be told.
    package var signatureQuery: SignatureQuery? { .text(containing: text) }

    /// Whether a string of a JSON document can contain the text. False is certain, true is not, for
    /// keys and other values are looked at as well.
    ///
    /// - Parameter json: A document in which only quotation marks, backslashes and control characters
    ///   are escaped.
    package func mayOccur(inJSON json: UnsafeRawBufferPointer) -> Bool {
        TextFolding.folded(json).withUnsafeBytes { Self.offset(of: escaped, in: $0) != nil }
    }

    package func occurs(in text: String) -> Bool {
        TextFolding.folded(text).withUnsafeBytes { Self.offset(of: folded, in: $0) != nil }
    }

    /// Where the text occurs first.
    package func firstRange(in text: String) -> Range<String.Index>? {
        let bytes = TextFolding.folded(text)
        guard let start = bytes.withUnsafeBytes({ Self.offset(of: folded, in: $0) }) else {
            return nil
        }
        let scalars = text.unicodeScalars
        var index = scalars.startIndex
        func advance(toOffset end: Int, from offset: Int) {
            var offset = offset
            while offset < end, index < scalars.endIndex {
                offset += TextFolding.foldedLength(of: scalars[index])
                index = scalars.index(after: index)
            }
        }
        advance(toOffset: start, from: 0)
        let lower = index
        advance(toOffset: start + folded.count, from: start)
        return lower..<index
    }

    /// Finds one run of bytes in another (Horspool 1980, Practical fast searching in strings).
    private static func offset(of needle: [UInt8], in hay: UnsafeRawBufferPointer) -> Int? {
        let length = needle.count
        guard length <= hay.count, let base = hay.baseAddress else { return nil }
        if length == 1 { return hay.firstIndex(of: needle[0]) }
        return needle.withUnsafeBufferPointer { needle in
            withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { skips in
                skips.initialize(repeating: length)
                for index in 0..<length - 1 { skips[Int(needle[index])] = length - 1 - index }
                let last = needle[length - 1]
                var end = length - 1
                while end < hay.count {
                    let byte = base.load(fromByteOffset: end, as: UInt8.self)
                    if byte == last {
                        var index = length - 2
                        let start = end - (length - 1)
                        while index >= 0,
                            base.load(fromByteOffset: start + index, as: UInt8.self)
                                == needle[index]
                        {
                            index -= 1
                        }
                        if index < 0 { return start }
                    }
                    end += skips[Int(byte)]
                }
                return nil
            }
        }
    }
}
