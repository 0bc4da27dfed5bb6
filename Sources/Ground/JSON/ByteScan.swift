/// Eight bytes at a time.
enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Marks the high bit of each byte that a JSON string cannot hold as it is: quote, backslash,
    /// control characters, and everything outside ASCII. Bits above the lowest may be false alarms.
    @inline(__always)
    static func specialBytes(in word: UInt64) -> UInt64 {
        quotesBackslashesAndControls(in: word) | word & highs
    }

    /// Marks the high bit of the first quote, backslash or control character; bits above the lowest
    /// may be false alarms.
    @inline(__always)
    static func quotesBackslashesAndControls(in word: UInt64) -> UInt64 {
        let controls = (word &- (ones &* 0x20)) & ~word
        return quotesAndBackslashes(in: word) | controls & highs
    }

    /// Marks the high bit of the first quote or backslash; bits above the lowest may be false alarms.
    @inline(__always)
    static func quotesAndBackslashes(in word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & highs
    }
}
