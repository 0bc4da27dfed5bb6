import Glibc

/// PostgreSQL stores every character but U+0000, so a NUL travels as two scalars.
///
/// The noncharacter U+FFFE opens an escape: U+FFFE `0` is a NUL, U+FFFE `1` a U+FFFE. Text without
/// either, which is nearly all there is, goes through untouched. In JSON the same is done for the six
/// characters `\u0000`, which JSONB refuses.
enum NULEscaping {
    private static let mark: [UInt8] = [0xEF, 0xBF, 0xBE]

    // MARK: Text

    static func escaped(text bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard bytes.contains(0) || contains(bytes, mark) else { return nil }
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0 {
                output += mark + [UInt8(ascii: "0")]
            } else if matches(bytes, index, mark) {
                output += mark + [UInt8(ascii: "1")]
                index += 2
            } else {
                output.append(bytes[index])
            }
            index += 1
        }
        return output
    }

    static func unescaped(_ bytes: UnsafeRawBufferPointer, nul: [UInt8]) -> [UInt8]? {
        guard contains(bytes, mark) else { return nil }
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if matches(bytes, index, mark), index + 3 < bytes.count {
                output += bytes[index + 3] == UInt8(ascii: "0") ? nul : mark
                index += 4
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    // MARK: JSON

    /// What a NUL is in JSON.
    static let jsonNUL = Array(#"\u0000"#.utf8)

    static func escaped(json bytes: UnsafeRawBufferPointer) -> [UInt8]? {
        guard contains(bytes, jsonNUL) || contains(bytes, mark) else { return nil }
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if matches(bytes, index, jsonNUL) {
                output += mark + [UInt8(ascii: "0")]
                index += 6
            } else if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.count {
                // An escape is two bytes at least, so that `\\u0000` is a backslash and text.
                output += [bytes[index], bytes[index + 1]]
                index += 2
            } else if matches(bytes, index, mark) {
                output += mark + [UInt8(ascii: "1")]
                index += 3
            } else {
                output.append(bytes[index])
                index += 1
            }
        }
        return output
    }

    // MARK: Search

    private static func matches(
        _ bytes: UnsafeRawBufferPointer, _ index: Int, _ pattern: [UInt8]
    ) -> Bool {
        guard index + pattern.count <= bytes.count else { return false }
        for offset in 0..<pattern.count where bytes[index + offset] != pattern[offset] {
            return false
        }
        return true
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer, _ pattern: [UInt8]) -> Bool {
        guard let base = bytes.baseAddress else { return false }
        // memchr reads many bytes at a time, and the first byte of either pattern is rare.
        var index = 0
        while let hit = memchr(base + index, Int32(pattern[0]), bytes.count - index) {
            index = UnsafeRawPointer(hit) - base
            if matches(bytes, index, pattern) { return true }
            index += 1
        }
        return false
    }
}
