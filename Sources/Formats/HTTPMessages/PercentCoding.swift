import BinaryText

/// Percent-encoding of URIs (RFC 3986, section 2.1).
package enum PercentCoding {
    /// Replaces `%XX`; a `%` without two hexadecimal digits stays. Bytes that are no UTF-8 become
    /// U+FFFD.
    package static func decode(
        _ encoded: some Collection<UInt8>, plusIsBlank: Bool = false
    ) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(encoded.count)
        var index = encoded.startIndex
        while index != encoded.endIndex {
            let byte = encoded[index]
            encoded.formIndex(after: &index)
            if byte == UInt8(ascii: "%"), index != encoded.endIndex,
                let high = Hexadecimal.value(ofDigit: encoded[index])
            {
                let second = encoded.index(after: index)
                if second != encoded.endIndex, let low = Hexadecimal.value(ofDigit: encoded[second])
                {
                    bytes.append(high << 4 | low)
                    index = encoded.index(after: second)
                    continue
                }
            }
            bytes.append(plusIsBlank && byte == UInt8(ascii: "+") ? 0x20 : byte)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package static func decode(_ encoded: some StringProtocol, plusIsBlank: Bool = false) -> String
    {
        decode(encoded.utf8, plusIsBlank: plusIsBlank)
    }

    /// Encodes all but the unreserved characters, as for one path segment or query value.
    package static func encode(_ text: some StringProtocol) -> String {
        encode(text.utf8) { isUnreserved($0) }
    }

    /// Encodes every byte that `isKept` refuses.
    package static func encode(
        _ bytes: some Sequence<UInt8>, keeping isKept: (UInt8) -> Bool
    ) -> String {
        let digits: StaticString = "0123456789ABCDEF"
        var encoded: [UInt8] = []
        for byte in bytes {
            if isKept(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(digits.utf8Start[Int(byte >> 4)])
                encoded.append(digits.utf8Start[Int(byte & 15)])
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
