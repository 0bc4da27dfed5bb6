import JSON

#if canImport(Glibc)
    import Glibc
#endif

/// Walks through serialised JSON without decoding what is not asked for.
///
/// It trusts the text to be valid, as what the store holds is; of an invalid one it makes something,
/// without reading beyond its end.
struct AttributeScanner {
    private let text: UnsafeRawBufferPointer
    private var index = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    /// Calls `body` for each member of an object that comes next; for any other value never.
    ///
    /// The body may read the value. Where it does not, the value is passed over.
    ///
    /// - Parameter body: Gets the scanner before the value, and where the key's bytes are.
    mutating func forEachMember(
        _ body: (inout AttributeScanner, _ key: Range<Int>) -> Void
    ) {
        skipBlanks()
        guard next == UInt8(ascii: "{") else { return }
        index += 1
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else {
                if next == UInt8(ascii: "}") { index += 1 }
                return
            }
            let key = skipString()
            skipBlanks()
            guard next == UInt8(ascii: ":") else { return }
            index += 1
            skipBlanks()
            let start = index
            body(&self, key)
            if index == start { skipValue() }
            skipBlanks()
            if next == UInt8(ascii: ",") { index += 1 }
        }
    }

    /// Whether a key is `name`, which has no character that JSON escapes.
    func `is`(_ key: Range<Int>, _ name: StaticString) -> Bool {
        key.count == name.utf8CodeUnitCount
            && memcmp(text.baseAddress! + key.lowerBound, name.utf8Start, key.count) == 0
    }

    /// The text of a key.
    func text(_ key: Range<Int>) -> String {
        let bytes = UnsafeRawBufferPointer(rebasing: text[key])
        guard bytes.contains(UInt8(ascii: "\\")) else {
            return String(decoding: bytes, as: UTF8.self)
        }
        // The quotes around the key make it a JSON text of its own.
        let quoted = UnsafeRawBufferPointer(
            rebasing: text[(key.lowerBound - 1)..<min(key.upperBound + 1, text.count)])
        return (try? JSON.parse(quoted))?.stringValue ?? ""
    }

    /// Reads a string. Nil when the next value is none.
    mutating func string() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        return text(skipString())
    }

    /// Reads a number or a truth value, which counts as one or zero. Nil when the next value is
    /// neither.
    mutating func number() -> Double? {
        let start = index
        guard let first = next else { return nil }
        switch first {
        case UInt8(ascii: "t"), UInt8(ascii: "f"):
            skipValue()
            return first == UInt8(ascii: "t") ? 1 : 0
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "N"),
            UInt8(ascii: "I"):
            skipValue()
            if let whole = wholeNumber(start..<index) { return whole }
            return Double(
                String(
                    decoding: UnsafeRawBufferPointer(rebasing: text[start..<index]), as: UTF8.self)
            )
        default: return nil
        }
    }

    private func wholeNumber(_ range: Range<Int>) -> Double? {
        guard range.count < 16, !range.isEmpty else { return nil }
        var value = 0
        for byte in text[range] {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return Double(value)
    }

    // MARK: Passing over

    private var next: UInt8? { index < text.count ? text[index] : nil }

    private mutating func skipBlanks() {
        while index < text.count, text[index] <= 0x20 { index += 1 }
    }

    /// Passes over a string, and tells where it is between its quotes.
    private mutating func skipString() -> Range<Int> {
        let start = index + 1
        var end = start
        while end < text.count,
            let found = memchr(text.baseAddress! + end, 0x22, text.count - end)
        {
            end = text.baseAddress!.distance(to: UnsafeRawPointer(found))
            var backslashes = 0
            while end - backslashes > start, text[end - backslashes - 1] == UInt8(ascii: "\\") {
                backslashes += 1
            }
            if backslashes % 2 == 0 {
                index = end + 1
                return start..<end
            }
            end += 1
        }
        index = text.count
        return min(start, text.count)..<text.count
    }

    /// Passes over a value of any kind.
    private mutating func skipValue() {
        var depth = 0
        while index < text.count {
            switch text[index] {
            case UInt8(ascii: "\""):
                _ = skipString()
                if depth == 0 { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                // The end of what the value stands in.
                guard depth > 0 else { return }
                depth -= 1
                if depth == 0 {
                    index += 1
                    return
                }
            case UInt8(ascii: ",") where depth == 0: return
            default: break
            }
            index += 1
        }
    }
}
