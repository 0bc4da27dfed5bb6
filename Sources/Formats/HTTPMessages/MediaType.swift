/// A media type with its parameters, such as `text/html; charset=utf-8` (RFC 9110, section 8.3.1).
package struct MediaType: Sendable, Hashable {
    /// Type, subtype and parameter names are in lower case; parameter values are as sent.
    package let type: String
    package let subtype: String
    package let parameters: [String: String]

    /// Nil when there is no `type/subtype` of tokens in front. Malformed parameters are skipped; of
    /// repeated ones the first counts.
    package init?(_ text: some StringProtocol) {
        var pieces = Self.splitOutsideQuotes(String(text), at: UInt8(ascii: ";"))[...]
        let essence = pieces.removeFirst().split(
            separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard essence.count == 2 else { return nil }
        type = trimmed(essence[0]).lowercased()
        subtype = trimmed(essence[1]).lowercased()
        guard Self.isToken(type), Self.isToken(subtype) else { return nil }
        var parameters: [String: String] = [:]
        for piece in pieces {
            guard let separator = piece.firstIndex(of: "=") else { continue }
            let name = trimmed(piece[..<separator]).lowercased()
            guard Self.isToken(name), parameters[name] == nil else { continue }
            let value = trimmed(piece[piece.index(after: separator)...])
            parameters[name] = Self.unquoted(value)
        }
        self.parameters = parameters
    }

    /// `type/subtype` in lower case, without parameters.
    package var essence: String { "\(type)/\(subtype)" }

    /// JSON by its subtype or structured suffix (RFC 6839).
    package var isJSON: Bool { subtype == "json" || subtype.hasSuffix("+json") }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(isTokenByte)
    }

    private static func unquoted(_ value: String) -> String {
        guard value.utf8.count >= 2, value.first == "\"", value.last == "\"" else { return value }
        var bytes: [UInt8] = []
        var escaped = false
        for byte in value.utf8.dropFirst().dropLast() {
            if !escaped, byte == UInt8(ascii: "\\") {
                escaped = true
            } else {
                bytes.append(byte)
                escaped = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func splitOutsideQuotes(_ text: String, at separator: UInt8) -> [String] {
        var pieces: [[UInt8]] = [[]]
        var quoted = false
        var escaped = false
        for byte in text.utf8 {
            if byte == separator, !quoted {
                pieces.append([])
                continue
            }
            if byte == UInt8(ascii: "\""), !escaped { quoted.toggle() }
            escaped = quoted && !escaped && byte == UInt8(ascii: "\\")
            pieces[pieces.count - 1].append(byte)
        }
        return pieces.map { String(decoding: $0, as: UTF8.self) }
    }
}
