/// Makes text of either case the same, byte by byte, so that it can be searched as bytes.
///
/// The letters of ASCII, and those up to Armenian (U+0556) whose lower-case form is one scalar of two
/// bytes, become lower-case. The final sigma becomes a sigma, the Turkish letters İ and ı become `i`,
/// and the signs of Kelvin, ohm and ångström become the letters that they look like. Everything else
/// stays as it is. Folded text is never longer, and the folding of a text is that of its scalars.
package enum TextFolding {
    /// The folded text.
    package static func folded(_ text: String) -> [UInt8] {
        var text = text
        return text.withUTF8 { folded(UnsafeRawBufferPointer($0)) }
    }

    /// The folded text of bytes of UTF-8.
    package static func folded(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count + 8) { buffer, count in
            // The room is never empty, so it has an address.
            count = fold(bytes, into: UnsafeMutableRawPointer(buffer.baseAddress.unsafelyUnwrapped))
        }
    }

    /// Folds bytes of UTF-8 into `target`, which has room for eight bytes more than there are.
    ///
    /// - Returns: How many bytes were written.
    package static func fold(
        _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer
    ) -> Int {
        guard let base = bytes.baseAddress else { return 0 }
        let count = bytes.count
        var source = 0
        var end = 0
        while source < count {
            while count - source >= 8 {
                let word = (base + source).loadUnaligned(as: UInt64.self)
                guard word & 0x8080_8080_8080_8080 == 0 else { break }
                target.storeBytes(of: lowerCased(word), toByteOffset: end, as: UInt64.self)
                source += 8
                end += 8
            }
            // At most eight bytes, and the rest of the last character.
            let stop = min(count, source + 8)
            while source < stop {
                let byte = base.load(fromByteOffset: source, as: UInt8.self)
                if byte < 0x80 {
                    target.storeBytes(of: lowerCased(byte), toByteOffset: end, as: UInt8.self)
                    source += 1
                    end += 1
                } else {
                    let (length, written) = foldOther(
                        UnsafeRawBufferPointer(rebasing: bytes[source...]), into: target + end)
                    source += length
                    end += written
                }
            }
        }
        return end
    }

    /// How many bytes a scalar has when it is folded.
    static func foldedLength(of scalar: Unicode.Scalar) -> Int {
        switch scalar {
        case "\u{130}", "\u{131}", "\u{212A}": 1
        case "\u{2126}", "\u{212B}": 2
        default: UTF8.width(scalar)
        }
    }

    @inline(__always)
    private static func lowerCased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    /// Eight bytes of ASCII at once.
    @inline(__always)
    private static func lowerCased(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let fromA = word &+ ones &* (0x80 - UInt64(UInt8(ascii: "A")))
        let behindZ = word &+ ones &* (0x7F - UInt64(UInt8(ascii: "Z")))
        let upper = (fromA ^ behindZ) & 0x8080_8080_8080_8080
        return word | upper >> 2
    }

    /// Folds one character outside ASCII, or one byte that is none.
    private static func foldOther(
        _ bytes: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer
    ) -> (length: Int, written: Int) {
        let lead = bytes[0]
        if (pairLeads.lowerBound..<pairLeads.upperBound).contains(lead), bytes.count >= 2,
            bytes[1] & 0xC0 == 0x80
        {
            return (2, write(pairs[Int(lead - pairLeads.lowerBound) << 6 | Int(bytes[1] & 0x3F)]))
        }
        if lead == 0xE2, bytes.count >= 3, bytes[1] == 0x84, let sign = signs[bytes[2]] {
            return (3, write(sign))
        }
        target.storeBytes(of: lead, as: UInt8.self)
        return (1, 1)

        func write(_ folded: UInt16) -> Int {
            guard folded >= 0x100 else {
                target.storeBytes(of: UInt8(folded), as: UInt8.self)
                return 1
            }
            target.storeBytes(of: UInt8(folded >> 8), as: UInt8.self)
            target.storeBytes(of: UInt8(folded & 0xFF), toByteOffset: 1, as: UInt8.self)
            return 2
        }
    }

    // MARK: Tables

    /// First bytes of the characters from U+00C0 to U+057F.
    private static let pairLeads: Range<UInt8> = 0xC3..<0xD6

    /// The bytes that two-byte characters become, by their first and second byte.
    private static let pairs: [UInt16] = (UInt32(0xC0)..<0x580).map { value in
        guard let scalar = Unicode.Scalar(value), let folded = foldedPair(scalar) else {
            return encoded(value)
        }
        return folded
    }

    /// The signs U+2126, U+212A and U+212B by their last byte.
    private static let signs: [UInt8: UInt16] = [0xA6: 0xCF89, 0xAA: 0x6B, 0xAB: 0xC3A5]

    /// What a scalar of two bytes becomes; nil when its lower-case form is not of that kind, so that
    /// it stays as it is.
    private static func foldedPair(_ scalar: Unicode.Scalar) -> UInt16? {
        switch scalar {
        case "\u{130}", "\u{131}": return UInt16(UInt8(ascii: "i"))
        case "\u{3C2}": return encoded(0x3C3)
        default: break
        }
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        guard lower.count == 1, let only = lower.first?.value, (0x80..<0x800).contains(only)
        else { return nil }
        return encoded(only)
    }

    private static func encoded(_ value: UInt32) -> UInt16 {
        UInt16(0xC0 | value >> 6) << 8 | UInt16(0x80 | value & 0x3F)
    }

    // MARK: Certainty

    /// Whether every way in which a database ignores case treats two texts as equal only when their
    /// foldings are, as far as this scalar goes.
    ///
    /// It is not so for letters with several lower-case forms, for letters beyond those that are
    /// folded, and for what Unicode has not assigned yet.
    static func isCertain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return true }
        let properties = scalar.properties
        // The dot that İ leaves behind in lower case.
        if scalar == "\u{307}" { return false }
        switch scalar {
        case "\u{130}", "\u{131}", "\u{2126}", "\u{212A}", "\u{212B}": return true
        default: break
        }
        guard scalar.value <= 0x556 else {
            return properties.generalCategory != .unassigned && !properties.isCased
                && !properties.changesWhenLowercased && !properties.changesWhenUppercased
        }
        guard properties.generalCategory != .unassigned else { return false }
        let upper = properties.uppercaseMapping
        return properties.lowercaseMapping.unicodeScalars.count == 1
            && folded(upper) == folded(String(scalar))
            && folded(properties.lowercaseMapping) == folded(String(scalar))
    }
}
