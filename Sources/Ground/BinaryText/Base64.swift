/// Bytes as Base64 (RFC 4648).
package enum Base64 {
    private static let padding = UInt8(ascii: "=")

    // MARK: Encoding

    /// The text, as ASCII, in the standard alphabet (section 4).
    ///
    /// - Parameter isPadded: Whether `=` fills the last group up. gRPC asks senders to leave it out.
    package static func encode(
        _ bytes: UnsafeRawBufferPointer, isPadded: Bool = true
    ) -> [UInt8] {
        let alphabet: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let rest = bytes.count - index
            let first = Int(bytes[index]) << 16
            let second = rest > 1 ? Int(bytes[index + 1]) << 8 : 0
            let third = rest > 2 ? Int(bytes[index + 2]) : 0
            let group = first | second | third
            for position in 0...min(rest, 3) {
                text.append(alphabet.utf8Start[group >> (18 - 6 * position) & 63])
            }
            index += 3
        }
        while isPadded, !text.count.isMultiple(of: 4) { text.append(padding) }
        return text
    }

    /// The text in the standard alphabet.
    package static func encode(_ bytes: [UInt8], isPadded: Bool = true) -> String {
        String(
            decoding: bytes.withUnsafeBytes { encode($0, isPadded: isPadded) }, as: UTF8.self)
    }

    // MARK: Decoding

    /// The bytes that a text in canonical form stands for; nil when it has a character outside of the
    /// standard alphabet, lacks padding or has bits left over.
    package static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard text.utf8.count.isMultiple(of: 4) else { return nil }
        return decode(text, isCanonical: true)
    }

    /// The bytes of a text that may lack its padding and may be in the alphabet for URLs (section 5),
    /// which is what ProtoJSON accepts; nil when it is not Base64 even so.
    package static func decodeLeniently(_ text: some StringProtocol) -> [UInt8]? {
        decode(text, isCanonical: false)
    }

    private static func decode(_ text: some StringProtocol, isCanonical: Bool) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 4 * 3)
        var pending: UInt32 = 0
        var pendingBits: UInt32 = 0
        var digitCount = 0
        var paddingCount = 0
        for character in text.utf8 {
            if character == padding {
                paddingCount += 1
                continue
            }
            guard paddingCount == 0, let value = value(of: character, isCanonical) else {
                return nil
            }
            digitCount += 1
            pending = pending << 6 | value
            pendingBits += 6
            if pendingBits >= 8 {
                pendingBits -= 8
                bytes.append(UInt8(truncatingIfNeeded: pending >> pendingBits))
                pending &= (1 << pendingBits) - 1
            }
        }
        // One digit alone has too few bits for a byte.
        guard digitCount % 4 != 1, paddingCount <= 2,
            paddingCount == 0 || (digitCount + paddingCount).isMultiple(of: 4),
            pending == 0 || !isCanonical
        else { return nil }
        return bytes
    }

    private static func value(of digit: UInt8, _ isCanonical: Bool) -> UInt32? {
        switch digit {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        case UInt8(ascii: "-") where !isCanonical: 62
        case UInt8(ascii: "_") where !isCanonical: 63
        default: nil
        }
    }
}
