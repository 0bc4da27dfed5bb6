import BinaryText

/// An identifier that OpenTelemetry gave a trace (16 bytes) or a span (8 bytes).
///
/// Other lengths are legal here, because the contract stores what it is sent. Up to 16 bytes are held
/// in place, so that hashing and comparing the usual ids costs no allocation.
package struct OTelID: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64
    private let length: Int
    /// The bytes past the sixteenth.
    private let rest: [UInt8]?

    package init(_ bytes: UnsafeRawBufferPointer) {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { target in
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes.prefix(16)))
        }
        high = words.0
        low = words.1
        length = bytes.count
        rest = bytes.count > 16 ? Array(bytes.dropFirst(16)) : nil
    }

    package init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { OTelID($0) } }

    /// Parses hexadecimal digits of either case. Nil when the text is empty, odd or has other letters.
    package init?(hex: some StringProtocol) {
        guard let bytes = Hexadecimal.decode(hex), !bytes.isEmpty else { return nil }
        self.init(bytes)
    }

    /// The id that a text shows. Ids are compared as they are shown, so a text with capital letters is
    /// no id's.
    package init?(shownAs text: String) {
        guard let id = OTelID(hex: text), id.hex == text else { return nil }
        self = id
    }

    package var bytes: [UInt8] { withUnsafeBytes { Array($0) } }
    package var count: Int { length }
    package var isEmpty: Bool { length == 0 }

    package func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows
        -> Value
    {
        if let rest {
            return try (inlineBytes(16) + rest).withUnsafeBytes(body)
        }
        return try Swift.withUnsafeBytes(of: (high, low)) {
            try body(UnsafeRawBufferPointer(rebasing: $0.prefix(length)))
        }
    }

    private func inlineBytes(_ count: Int) -> [UInt8] {
        Swift.withUnsafeBytes(of: (high, low)) { Array($0.prefix(count)) }
    }

    /// Lower-case hexadecimal, as REST and GraphQL show it.
    package var hex: String { withUnsafeBytes { Hexadecimal.encode($0) } }
}

extension OTelID: CustomStringConvertible {
    package var description: String { hex }
}
