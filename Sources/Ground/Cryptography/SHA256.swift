import CCrypto

/// The SHA-256 digest of bytes (FIPS 180-4).
package enum SHA256 {
    package static let byteCount = 32

    /// - Returns: 32 bytes.
    /// - Complexity: Linear in the number of bytes.
    package static func digest(_ bytes: some Collection<UInt8>) -> [UInt8] {
        let digest = bytes.withContiguousStorageIfAvailable { bytes in
            Self.digest(of: UnsafeRawBufferPointer(bytes))
        }
        if let digest { return digest }
        return Array(bytes).withUnsafeBytes { Self.digest(of: $0) }
    }

    private static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            let succeeded = EVP_Digest(
                bytes.baseAddress, bytes.count, digest.baseAddress, nil, EVP_sha256(), nil)
            precondition(succeeded == 1, "SHA-256 needs a few bytes of memory and found none.")
            count = byteCount
        }
    }

    /// The keyed digest of bytes (RFC 2104).
    ///
    /// - Returns: 32 bytes.
    package static func authenticationCode(of bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { code, count in
            // An empty array may have no address, which HMAC would take for "the key as before".
            let key = key.isEmpty ? [0] : key
            let result = HMAC(
                EVP_sha256(), key, Int32(clamping: key.count), bytes, bytes.count,
                code.baseAddress, nil)
            precondition(result != nil, "HMAC needs a few bytes of memory and found none.")
            count = byteCount
        }
    }

    /// A key made of a secret (HKDF, RFC 5869), one of its own for each purpose.
    ///
    /// A secret that can be guessed stays one that can be guessed: nothing is done to slow guessing.
    ///
    /// - Parameters:
    ///   - secret: What nobody else knows, as random as its length.
    ///   - salt: Any bytes, not secret; the same bytes for the same key.
    ///   - purpose: What the key is for.
    ///   - byteCount: How long the key shall be, at most 8,160 bytes.
    package static func key(
        from secret: [UInt8], salt: [UInt8] = [], purpose: String, byteCount: Int
    ) -> [UInt8] {
        precondition((0...255 * 32).contains(byteCount), "HKDF makes no key of \(byteCount) bytes.")
        let extracted = authenticationCode(of: secret, key: salt)
        var (key, block): ([UInt8], [UInt8]) = ([], [])
        var counter: UInt8 = 0
        while key.count < byteCount {
            counter += 1
            block = authenticationCode(of: block + Array(purpose.utf8) + [counter], key: extracted)
            key += block
        }
        return Array(key.prefix(byteCount))
    }
}
