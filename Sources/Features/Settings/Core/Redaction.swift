import BinaryText
import Cryptography

/// Texts that clients may hold and send back, but not read.
///
/// A redacted text has the form of the contract: a mark, the last four characters of a long text, and
/// a token that only this server, or another with the same secret, can turn back into the text.
package struct Redaction: Sendable {
    private static let mark: Character = "\u{E000}"
    private static let word = "REDACTED"
    /// Of shorter texts four characters would tell too much.
    private static let previewedLength = 32

    private let secret: [UInt8]
    private var cipher: AESGCM { AESGCM(secret: secret, purpose: "phoenix redaction") }

    /// - Parameter secret: The secret of the server.
    package init(secret: String?) {
        self.secret = Array((secret ?? "").utf8)
    }

    package func redacted(_ text: String) -> String {
        let preview = text.count >= Self.previewedLength ? String(text.suffix(4)) : ""
        let token = Base64.encode(cipher.seal(Array(text.utf8)))
        return "\(Self.mark)\(Self.word)\(Self.mark)\(preview)\(Self.mark)\(token)"
    }

    /// The text that a client means: the one that it was given redacted, or else its own.
    ///
    /// - Returns: Nil when the text is a redacted one that this server cannot turn back.
    package func original(_ text: String) -> String? {
        guard text.hasPrefix("\(Self.mark)\(Self.word)\(Self.mark)") else { return text }
        let parts = text.split(separator: Self.mark, omittingEmptySubsequences: false)
        guard let token = parts.last, let sealed = Base64.decode(token),
            // A token of another server is as good as none.
            let bytes = try? cipher.open(sealed)
        else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }
}
