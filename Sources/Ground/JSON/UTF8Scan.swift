import BinaryText

/// Well-formed UTF-8 as Unicode 15, table 3-7 has it.
package enum UTF8Scan {
    /// The length of the well-formed sequence that starts at `index`, or 0 when there is none.
    package static func sequenceLength(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
        let rest = text.count - index
        let first = text[index]
        func continues(_ offset: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            let byte = text[index + offset]
            return byte >= low && byte <= high
        }
        switch first {
        case 0x00...0x7F: return 1
        case 0xC2...0xDF: return rest >= 2 && continues(1) ? 2 : 0
        case 0xE0...0xEF:
            let low: UInt8 = first == 0xE0 ? 0xA0 : 0x80
            let high: UInt8 = first == 0xED ? 0x9F : 0xBF
            return rest >= 3 && continues(1, low, high) && continues(2) ? 3 : 0
        case 0xF0...0xF4:
            let low: UInt8 = first == 0xF0 ? 0x90 : 0x80
            let high: UInt8 = first == 0xF4 ? 0x8F : 0xBF
            return rest >= 4 && continues(1, low, high) && continues(2) && continues(3) ? 4 : 0
        default: return 0
        }
    }

    /// Whether the bytes are well-formed UTF-8.
    package static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let base = text.baseAddress else { return true }
        var index = 0
        while index < text.count {
            if index + 8 <= text.count {
                let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                let high = UInt64(littleEndian: word) & 0x8080_8080_8080_8080
                if high == 0 {
                    index += 8
                    continue
                }
                index += high.trailingZeroBitCount >> 3
            }
            let length = sequenceLength(text, at: index)
            if length == 0 { return false }
            index += length
        }
        return true
    }

    /// The text, with each byte that is not part of valid UTF-8 shown as the four characters `\xNN`.
    package static func shownText(_ bytes: UnsafeRawBufferPointer) -> String {
        if isValid(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var shown: [UInt8] = []
        shown.reserveCapacity(bytes.count + 16)
        var index = 0
        while index < bytes.count {
            let length = sequenceLength(bytes, at: index)
            if length > 0 {
                shown.append(contentsOf: bytes[index..<index + length])
                index += length
            } else {
                let byte = bytes[index]
                shown.append(contentsOf: [UInt8(ascii: "\\"), UInt8(ascii: "x")])
                shown.append(Hexadecimal.digit(of: byte >> 4))
                shown.append(Hexadecimal.digit(of: byte & 15))
                index += 1
            }
        }
        return String(decoding: shown, as: UTF8.self)
    }
}
