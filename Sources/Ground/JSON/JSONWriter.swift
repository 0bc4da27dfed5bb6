import BinaryText

/// Appends compact JSON to a growing byte buffer.
///
/// Commas and colons are written automatically; that objects and arrays are balanced and that every
/// key is followed by one value is the caller's part. The buffer keeps its capacity over
/// ``reset()``, so one writer serves many documents without allocating.
package struct JSONWriter: Sendable {
    /// As many bytes as there is room for; what lies behind ``count`` has no meaning.
    private var storage: [UInt8]
    /// The number of bytes written.
    package private(set) var count = 0
    private var needsComma = false

    package init(reserving capacity: Int = 256) {
        storage = Self.room(max(capacity, 64))
    }

    /// What has been written so far: a copy of just the size.
    package var bytes: [UInt8] { Array(storage[..<count]) }

    /// Hands over what has been written so far, in the middle of a document, and keeps the memory.
    /// What is written next belongs behind it.
    package mutating func takeBytes() -> [UInt8] {
        defer { count = 0 }
        return bytes
    }

    /// Forgets what was written and keeps the memory.
    package mutating func reset() {
        count = 0
        needsComma = false
    }

    // MARK: Memory

    private static func room(_ capacity: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initializedCount in
            buffer.initialize(repeating: 0)
            initializedCount = capacity
        }
    }

    private mutating func grow(_ additional: Int) {
        var larger = Self.room(max(storage.count * 2, count + additional))
        larger.withUnsafeMutableBytes { target in
            storage.withUnsafeBytes {
                target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<count]))
            }
        }
        storage = larger
    }

    /// Lets the body write at most `additional` bytes at an address; it returns where it ended.
    @inline(__always)
    private mutating func write(
        atMost additional: Int, _ body: (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer
    ) {
        if storage.count - count < additional { grow(additional) }
        let start = count
        count = storage.withUnsafeMutableBytes { buffer in
            // The storage is never empty, so it has an address.
            let base = buffer.baseAddress.unsafelyUnwrapped
            return body(base + start) - base
        }
    }

    @inline(__always)
    private mutating func append(_ byte: UInt8) {
        write(atMost: 1) { end in
            end.storeBytes(of: byte, as: UInt8.self)
            return end + 1
        }
    }

    private mutating func append(_ content: UnsafeRawBufferPointer) {
        guard let source = content.baseAddress else { return }
        write(atMost: content.count) { end in
            end.copyMemory(from: source, byteCount: content.count)
            return end + content.count
        }
    }

    private mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    // MARK: Structure

    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    private mutating func open(_ bracket: UInt8) {
        separate()
        append(bracket)
        needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        append(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { append(UInt8(ascii: ",")) }
        needsComma = true
    }

    // MARK: Keys and strings

    package mutating func key(_ name: String) {
        var name = name
        name.withUTF8 { key(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a member's name from UTF-8, with invalid bytes shown as in ``string(utf8:)``.
    package mutating func key(utf8 name: UnsafeRawBufferPointer) {
        quote(name, isKey: true)
    }

    package mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(utf8: UnsafeRawBufferPointer($0)) }
    }

    /// Writes a string from UTF-8. Each byte that is not part of valid UTF-8 appears as the four
    /// characters `\xNN`, so that the document stays valid and nothing is lost silently.
    package mutating func string(utf8 text: UnsafeRawBufferPointer) {
        quote(text, isKey: false)
    }

    private mutating func quote(_ text: UnsafeRawBufferPointer, isKey: Bool) {
        let quotationMark = UInt8(ascii: "\"")
        if text.count > Self.chunkSize {
            separate()
            append(quotationMark)
            appendInChunks(text)
            append(quotationMark)
            if isKey { append(UInt8(ascii: ":")) }
        } else {
            let followsValue = needsComma
            // A comma, a colon and two quotation marks besides the text.
            write(atMost: Self.roomForEscaped(text.count) + 4) { start in
                var end = start
                func store(_ byte: UInt8) {
                    end.storeBytes(of: byte, as: UInt8.self)
                    end += 1
                }
                if followsValue { store(UInt8(ascii: ",")) }
                store(quotationMark)
                end = Self.store(escaped: text, at: end)
                store(quotationMark)
                if isKey { store(UInt8(ascii: ":")) }
                return end
            }
        }
        needsComma = !isKey
    }

    private static let chunkSize = 4096

    /// Appends long text bit by bit, so that room for the worst case is never much.
    private mutating func appendInChunks(_ text: UnsafeRawBufferPointer) {
        var start = 0
        while start < text.count {
            var end = min(start + Self.chunkSize, text.count)
            if end < text.count {
                // A sequence of UTF-8 has at most three continuation bytes; none is cut apart.
                var steps = 0
                while steps < 3, text[end] & 0xC0 == 0x80 {
                    end -= 1
                    steps += 1
                }
            }
            let chunk = UnsafeRawBufferPointer(rebasing: text[start..<end])
            write(atMost: Self.roomForEscaped(chunk.count)) { Self.store(escaped: chunk, at: $0) }
            start = end
        }
    }

    /// An escape has at most six bytes; words are stored whole, so eight more.
    private static func roomForEscaped(_ count: Int) -> Int { count * 6 + 8 }

    /// Stores text with its escapes, and returns where it ends.
    private static func store(
        escaped text: UnsafeRawBufferPointer, at start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        guard let base = text.baseAddress else { return start }
        let textEnd = base + text.count
        var source = base
        var target = start
        while true {
            while textEnd - source >= 8 {
                let word = source.loadUnaligned(as: UInt64.self)
                let special = ByteScan.specialBytes(in: UInt64(littleEndian: word))
                target.storeBytes(of: word, as: UInt64.self)
                let plain = special == 0 ? 8 : special.trailingZeroBitCount >> 3
                source += plain
                target += plain
                if special != 0 { break }
            }
            let rest = textEnd - source
            if rest == 0 { return target }
            if rest < 8 {
                // The last few bytes, as a word of their own.
                var word: UInt64 = 0
                withUnsafeMutableBytes(of: &word) {
                    $0.copyMemory(from: UnsafeRawBufferPointer(start: source, count: rest))
                }
                let mask = (1 as UInt64) << UInt64(8 * rest) - 1
                let special = ByteScan.specialBytes(in: UInt64(littleEndian: word)) & mask
                target.storeBytes(of: word, as: UInt64.self)
                let plain = special == 0 ? rest : special.trailingZeroBitCount >> 3
                source += plain
                target += plain
                if special == 0 { return target }
            }
            let byte = source.load(as: UInt8.self)
            if byte >= 0x80 {
                let length = UTF8Scan.sequenceLength(text, at: source - base)
                if length > 0 {
                    target.copyMemory(from: source, byteCount: length)
                    source += length
                    target += length
                    continue
                }
                target = Self.store(escapeOf: byte, at: target)
            } else if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                target = Self.store(escapeOf: byte, at: target)
            } else {
                target.storeBytes(of: byte, as: UInt8.self)
                target += 1
            }
            source += 1
        }
    }

    @inline(never)
    private static func store(
        escapeOf byte: UInt8, at target: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        var target = target
        func store(_ byte: UInt8) {
            target.storeBytes(of: byte, as: UInt8.self)
            target += 1
        }
        store(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): store(byte)
        case 0x0A: store(UInt8(ascii: "n"))
        case 0x0D: store(UInt8(ascii: "r"))
        case 0x09: store(UInt8(ascii: "t"))
        case 0x08: store(UInt8(ascii: "b"))
        case 0x0C: store(UInt8(ascii: "f"))
        default:
            if byte < 0x20 {
                store(UInt8(ascii: "u"))
                store(UInt8(ascii: "0"))
                store(UInt8(ascii: "0"))
            } else {
                store(UInt8(ascii: "\\"))
                store(UInt8(ascii: "x"))
            }
            store(Hexadecimal.digit(of: byte >> 4))
            store(Hexadecimal.digit(of: byte & 15))
        }
        return target
    }

    // MARK: Other values

    package mutating func integer(_ value: Int64) {
        separate()
        if value < 0 { append(UInt8(ascii: "-")) }
        appendDigits(value.magnitude)
    }

    package mutating func unsigned(_ value: UInt64) {
        separate()
        appendDigits(value)
    }

    private mutating func appendDigits(_ value: UInt64) {
        write(atMost: 20) { start in
            var rest = value
            var length = 1
            while rest >= 10 {
                rest /= 10
                length += 1
            }
            rest = value
            for position in stride(from: length - 1, through: 0, by: -1) {
                let digit = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                start.storeBytes(of: digit, toByteOffset: position, as: UInt8.self)
                rest /= 10
            }
            return start + length
        }
    }

    /// Writes a whole number as a string, which is how JSON carries 64 bits to every reader.
    package mutating func string(digitsOf value: UInt64) {
        separate()
        append(UInt8(ascii: "\""))
        appendDigits(value)
        append(UInt8(ascii: "\""))
    }

    /// Writes the shortest text that reads back as the same double; JSON has no word for a
    /// non-finite one, which becomes `null`. A whole number keeps its `.0`.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        var text = value.description
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    package mutating func bool(_ value: Bool) {
        separate()
        append(value ? "true" as StaticString : "false")
    }

    package mutating func null() {
        separate()
        append("null" as StaticString)
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .double(let value): double(value)
        case .number(let literal):
            separate()
            var literal = literal
            literal.withUTF8 { append(UnsafeRawBufferPointer($0)) }
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, member) in members {
                key(name)
                self.value(member)
            }
            endObject()
        }
    }

    /// Writes a value that already is valid JSON.
    package mutating func raw(_ json: UnsafeRawBufferPointer) {
        separate()
        append(json)
    }

    /// Writes a value that already is valid JSON.
    package mutating func raw(_ json: [UInt8]) {
        json.withUnsafeBytes { raw($0) }
    }
}
