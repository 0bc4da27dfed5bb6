import CCrypto

/// Authenticated encryption with AES-256 in Galois counter mode (NIST SP 800-38D).
///
/// A sealed text is a random nonce of 12 bytes, the ciphertext, and a tag of 16 bytes. One key is good
/// for 2³² sealed texts.
package struct AESGCM: Sendable {
    /// Why a text could not be opened.
    package enum OpeningError: Error, Hashable {
        /// It was sealed with another key or context, or was changed.
        case notAuthentic
    }

    package static let keyByteCount = 32
    private static let nonceByteCount = 12
    private static let tagByteCount = 16

    private let key: [UInt8]

    /// - Parameter key: 32 bytes.
    package init(key: [UInt8]) {
        precondition(
            key.count == Self.keyByteCount, "AES-256 needs 32 bytes of key, not \(key.count).")
        self.key = key
    }

    /// With a key of its own for each purpose, made of a secret (``SHA256/key(from:salt:purpose:byteCount:)``).
    package init(secret: [UInt8], purpose: String) {
        self.init(key: SHA256.key(from: secret, purpose: purpose, byteCount: Self.keyByteCount))
    }

    /// Seals a text, differently each time.
    ///
    /// - Parameters:
    ///   - context: What the text belongs to. It is not stored, and opening needs the same.
    package func seal(_ text: [UInt8], context: [UInt8] = []) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<Self.nonceByteCount).map { _ in
            UInt8.random(in: .min ... .max, using: &generator)
        }
        return seal(text, context: context, nonce: nonce)
    }

    func seal(_ text: [UInt8], context: [UInt8], nonce: [UInt8]) -> [UInt8] {
        var sealed = nonce
        sealed.reserveCapacity(nonce.count + text.count + Self.tagByteCount)
        let cipher = Cipher(key: key, nonce: nonce, isSealing: true)
        cipher.authenticate(context)
        sealed += cipher.update(text)
        let isSealed = cipher.finish()
        precondition(isSealed, "AES-GCM could not seal \(text.count) bytes.")
        return sealed + cipher.tag(byteCount: Self.tagByteCount)
    }

    /// - Throws: ``OpeningError`` when this key and context have not sealed it.
    package func open(_ sealed: [UInt8], context: [UInt8] = []) throws(OpeningError) -> [UInt8] {
        let rest = sealed.count - Self.nonceByteCount - Self.tagByteCount
        guard rest >= 0 else { throw .notAuthentic }
        let nonce = Array(sealed.prefix(Self.nonceByteCount))
        let cipher = Cipher(key: key, nonce: nonce, isSealing: false)
        cipher.authenticate(context)
        let text = cipher.update(Array(sealed[Self.nonceByteCount...].prefix(rest)))
        cipher.expect(tag: Array(sealed.suffix(Self.tagByteCount)))
        guard cipher.finish() else { throw .notAuthentic }
        return text
    }
}

/// One use of the cipher.
private final class Cipher {
    private let context: OpaquePointer

    init(key: [UInt8], nonce: [UInt8], isSealing: Bool) {
        guard let context = EVP_CIPHER_CTX_new() else {
            preconditionFailure("AES-GCM needs a few bytes of memory and found none.")
        }
        self.context = context
        let isReady = EVP_CipherInit_ex(
            context, EVP_aes_256_gcm(), nil, key, nonce, isSealing ? 1 : 0)
        precondition(isReady == 1, "The library libcrypto has no AES-256-GCM.")
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    func authenticate(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        var count: Int32 = 0
        let isTaken = EVP_CipherUpdate(context, nil, &count, bytes, Int32(bytes.count))
        precondition(isTaken == 1, "AES-GCM could not authenticate \(bytes.count) bytes.")
    }

    func update(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        return [UInt8](unsafeUninitializedCapacity: bytes.count) { output, count in
            var written: Int32 = 0
            let isTaken = EVP_CipherUpdate(
                context, output.baseAddress, &written, bytes, Int32(bytes.count))
            precondition(isTaken == 1, "AES-GCM could not take \(bytes.count) bytes.")
            count = Int(written)
        }
    }

    func expect(tag: [UInt8]) {
        var tag = tag
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag)
    }

    /// - Returns: When opening, whether the tag is right.
    func finish() -> Bool {
        var count: Int32 = 0
        var none: [UInt8] = Array(repeating: 0, count: 16)
        return EVP_CipherFinal_ex(context, &none, &count) == 1
    }

    func tag(byteCount: Int) -> [UInt8] {
        var tag = [UInt8](repeating: 0, count: byteCount)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(byteCount), &tag)
        return tag
    }
}
