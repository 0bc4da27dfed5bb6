import JSON

/// What a segment must contain: positions in its signature, joined by `all` and `any`.
package indirect enum SignatureQuery: Sendable, Hashable {
    /// All of these positions are set.
    case positions([UInt16])
    case all([SignatureQuery])
    case any([SignatureQuery])

    /// Texts that one of the segment's texts must contain.
    ///
    /// - Returns: Nil when the needle is too short, or too uncertain in its case, for an answer.
    package static func text(containing needle: String) -> SignatureQuery? {
        positions(of: grams(of: needle))
    }

    /// The same for the text of a JSON value of any kind as filters read it: a string without its
    /// quotation marks, everything else as it is written.
    package static func value(containing needle: String) -> SignatureQuery? {
        // Only words lie inside of one string or key for certain: what encloses them may be part of
        // the text, and numbers and `true` are not indexed.
        let certain = grams(of: needle).filter { !$0.contains(where: isStructure) }
        return positions(of: certain.filter { !isPartOfNumberOrWord($0) })
    }

    /// The text of a JSON value is just this.
    package static func value(equalTo text: String) -> SignatureQuery? {
        guard let first = text.utf8.first else { return nil }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
            return value(containing: text)
        }
        let digits = first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        // Longer ones are doubles, and PostgreSQL writes those in another way.
        let isWhole =
            digits.count <= 18
            && digits.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
            }
        if !isWhole, isPartOfNumberOrWord(TextFolding.folded(text)) { return nil }
        return self.text(containing: text)
    }

    // MARK: Grams

    private typealias Gram = [UInt8]

    /// How many positions are looked at for one needle. More tell less and less.
    private static let positionsMax = 16

    private static func positions(of grams: [Gram]) -> SignatureQuery? {
        var found: [UInt16] = []
        for gram in grams {
            let value = gram.reversed().reduce(0) { $0 << 8 | UInt32($1) }
            let position = TextSignature.position(of: value)
            if !found.contains(position) { found.append(position) }
        }
        guard !found.isEmpty else { return nil }
        if found.count > positionsMax {
            found = (0..<positionsMax).map { found[$0 * (found.count - 1) / (positionsMax - 1)] }
        }
        return .positions(found)
    }

    /// The folded runs of four bytes of an escaped needle, but those around a character whose folding
    /// is not certain.
    private static func grams(of needle: String) -> [Gram] {
        var runs: [[UInt8]] = [[]]
        for scalar in needle.unicodeScalars {
            if TextFolding.isCertain(scalar) {
                runs[runs.count - 1] += TextFolding.folded(escaped(String(scalar)))
            } else if !runs[runs.count - 1].isEmpty {
                runs.append([])
            }
        }
        return runs.flatMap { run in
            run.count < 4 ? [] : (0...run.count - 4).map { Array(run[$0..<$0 + 4]) }
        }
    }

    /// A text as it stands inside of a JSON string.
    package static func escaped(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
            return text
        }
        return String(JSONValue.string(text).text.dropFirst().dropLast())
    }

    private static func isStructure(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "{"), UInt8(ascii: "}"),
            UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","), UInt8(ascii: ":"):
            true
        default: byte < 0x20
        }
    }

    /// Whether folded bytes could be from a number or one of JSON's three words, or from the blanks
    /// around them.
    private static func isPartOfNumberOrWord(_ bytes: Gram) -> Bool {
        let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") }
        let trimmed = bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let isNumber = trimmed.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "+"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        let text = String(decoding: trimmed, as: UTF8.self)
        return isNumber || ["true", "false", "null"].contains { $0.contains(text) }
    }
}
