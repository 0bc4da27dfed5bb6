/// A step into a JSON document.
package enum JSONPathStep: Sendable, Hashable {
    case key(String)
    /// From 0.
    case index(Int)
}

extension JSON {
    /// Where in `text` the value at a path is; nil when there is none.
    ///
    /// Looks at no more than what lies before the value, and builds nothing. An empty path means the
    /// whole text.
    ///
    /// - Parameter text: A valid JSON document. Of another one the answer is unspecified, but stays
    ///   within its bounds.
    /// - Complexity: O(n) in the length of the text before the end of the value.
    package static func range(
        of path: [JSONPathStep], in text: UnsafeRawBufferPointer
    ) -> Range<Int>? {
        var scan = JSONScan(text: text)
        for step in path {
            switch step {
            case .key(let key): guard scan.enterMember(key) else { return nil }
            case .index(let index): guard scan.enterElement(index) else { return nil }
            }
        }
        scan.skipBlanks()
        let start = scan.index
        scan.skipValue()
        return start < scan.index ? start..<scan.index : nil
    }
}

/// Walks over values without reading them.
private struct JSONScan {
    let text: UnsafeRawBufferPointer
    var index = 0

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    init(text: UnsafeRawBufferPointer) { self.text = text }

    private var next: UInt8 { index < text.count ? text[index] : 0 }

    mutating func skipBlanks() {
        while index < text.count, text[index] <= 0x20 { index += 1 }
    }

    /// Goes to the value of a member of the object that comes next.
    mutating func enterMember(_ key: String) -> Bool {
        skipBlanks()
        guard next == UInt8(ascii: "{") else { return false }
        index += 1
        while true {
            skipBlanks()
            guard next == Self.quote else { return false }
            let start = index
            skipString()
            let isWanted = matches(key, start + 1..<max(start + 1, index - 1))
            skipBlanks()
            guard next == UInt8(ascii: ":") else { return false }
            index += 1
            if isWanted { return true }
            skipValue()
            skipBlanks()
            guard next == UInt8(ascii: ",") else { return false }
            index += 1
        }
    }

    /// Goes to an element of the array that comes next.
    mutating func enterElement(_ wanted: Int) -> Bool {
        skipBlanks()
        guard wanted >= 0, next == UInt8(ascii: "[") else { return false }
        index += 1
        skipBlanks()
        if next == UInt8(ascii: "]") { return false }
        for _ in 0..<wanted {
            skipValue()
            skipBlanks()
            guard next == UInt8(ascii: ",") else { return false }
            index += 1
        }
        return true
    }

    private func matches(_ key: String, _ range: Range<Int>) -> Bool {
        let written = text[range]
        if !written.contains(Self.backslash) { return key.utf8.elementsEqual(written) }
        let literal = UnsafeRawBufferPointer(
            rebasing: text[range.lowerBound - 1..<min(range.upperBound + 1, text.count)])
        // A key that cannot be read is not the wanted one.
        return (try? JSON.parse(literal)) == .string(key)
    }

    /// Goes behind the string that begins here.
    private mutating func skipString() {
        index += 1
        while index + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let ends = ByteScan.quotesAndBackslashes(in: UInt64(littleEndian: word))
            if ends == 0 {
                index += 8
                continue
            }
            index += ends.trailingZeroBitCount / 8
            if text[index] == Self.quote {
                index += 1
                return
            }
            index += 2
        }
        while index < text.count {
            switch text[index] {
            case Self.quote:
                index += 1
                return
            case Self.backslash: index += 2
            default: index += 1
            }
        }
        index = min(index, text.count)
    }

    /// Goes behind the value that comes next.
    mutating func skipValue() {
        skipBlanks()
        var depth = 0
        while index < text.count {
            switch text[index] {
            case Self.quote: skipString()
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The end of what surrounds a number.
                if depth == 0 { return }
                depth -= 1
                index += 1
            case UInt8(ascii: ",") where depth == 0, UInt8(ascii: ":") where depth == 0: return
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                index += 1
                continue
            default:
                if text[index] <= 0x20 {
                    if depth == 0 { return }
                    index += 1
                    continue
                }
                skipWord()
            }
            if depth == 0 { return }
        }
    }

    /// Goes behind a number, a truth value or null.
    private mutating func skipWord() {
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"),
                0...0x20:
                return
            default: index += 1
            }
        }
    }
}
