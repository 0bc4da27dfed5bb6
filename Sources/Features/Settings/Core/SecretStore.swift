import Cryptography
import PhoenixModel
import SQLCore

/// A secret as it is stored: sealed.
package struct StoredSecret: Hashable, Sendable {
    package static let nodeTypeName = "Secret"

    package var key: String
    package var sealed: [UInt8]
    package var updatedAt: Timestamp
}

/// Something to do with a secret.
package struct SecretChange: Hashable, Sendable {
    package var key: String
    /// Nil deletes it.
    package var value: String?

    package init(key: String, value: String?) {
        self.key = key
        self.value = value
    }

    /// What is wrong with the key; nil when nothing is.
    package static func fault(ofKey key: String) -> String? {
        guard !key.isEmpty else { return "Key cannot be empty" }
        let bytes = key.utf8
        func isLetter(_ byte: UInt8) -> Bool {
            byte == UInt8(ascii: "_") || (0x41...0x5A).contains(byte & ~0x20)
        }
        guard bytes.first.map(isLetter) == true,
            bytes.allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) })
        else {
            return "Key must start with a letter or underscore and contain only letters, digits, "
                + "and underscores"
        }
        return nil
    }

    /// What is wrong with the value; nil when nothing is.
    package static func fault(ofValue value: String?) -> String? {
        value.map { $0.allSatisfy(\.isWhitespace) } == true ? "Value cannot be empty" : nil
    }
}

/// Secrets, such as the keys of model providers, in the database.
///
/// Each is sealed with AES-GCM under a key made of the server's secret, together with its name, so
/// that one cannot be put in the place of another. With another secret of the server they can no
/// longer be opened.
package struct SecretStore: Sendable {
    package let database: any SQLDatabase
    private let secret: [UInt8]
    /// Made when needed: a server that seals nothing need not load the cryptography.
    private var cipher: AESGCM { AESGCM(secret: secret, purpose: "phoenix secrets") }

    /// - Parameter secret: The secret of the server. Without one the database alone is enough to open
    ///   what is sealed.
    package init(_ database: any SQLDatabase, secret: String?) {
        self.database = database
        self.secret = Array((secret ?? "").utf8)
    }

    private static func context(_ key: String) -> [UInt8] { Array(key.utf8) }

    private static func secret(_ row: SQLRow) -> StoredSecret {
        StoredSecret(
            key: row.text(0), sealed: row.blob(1),
            updatedAt: Timestamp(microseconds: row.integer(2)))
    }

    // MARK: Reading

    /// Secrets by key.
    ///
    /// - Parameters:
    ///   - keys: Keeps these; nil for all.
    ///   - key: The key behind which to begin.
    package func secrets(
        _ keys: [String]? = nil, after key: String? = nil, limit: Int
    ) async throws -> [StoredSecret] {
        // By bytes, whatever the locale of the database.
        let column = SQL.dialect(sqlite: "s.key", postgres: "s.key COLLATE \"C\"")
        var conditions: [SQL] = ["1 = 1"]
        if let keys { conditions.append("s.key IN (\(list: keys))") }
        if let key { conditions.append("\(column) > \(key)") }
        let query: SQL = """
            SELECT s.key, s.value, s.updated_at
            FROM secrets s
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(column)
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query) }.map(Self.secret)
    }

    /// - Returns: Nil when the secret was sealed under another secret of the server, or changed.
    package func value(of secret: StoredSecret) -> String? {
        // What was wrong with it is not to be told.
        guard let text = try? cipher.open(secret.sealed, context: Self.context(secret.key)) else {
            return nil
        }
        return String(validating: text, as: UTF8.self)
    }

    /// The value of a key; nil when there is none that can be opened.
    package func value(ofKey key: String) async throws -> String? {
        try await secrets([key], limit: 1).first.flatMap(value(of:))
    }

    // MARK: Changing

    /// Stores and deletes secrets, all of them or none. Of several changes of one key the last
    /// counts; deleting what is not there is no error.
    ///
    /// - Returns: What was stored and the keys that were to be deleted, by key.
    package func apply(
        _ changes: [SecretChange], now: Timestamp
    ) async throws -> (stored: [StoredSecret], deleted: [String]) {
        var latest: [String: String?] = [:]
        for change in changes { latest.updateValue(change.value, forKey: change.key) }
        let ordered = latest.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        let stored = ordered.compactMap { key, value in
            value.map { value in
                StoredSecret(
                    key: key,
                    sealed: cipher.seal(Array(value.utf8), context: Self.context(key)),
                    updatedAt: now)
            }
        }
        let deleted = ordered.filter { $0.value == nil }.map(\.key)
        // Every key is written once, also one that is to be deleted then, and all writers have this
        // order: so they hold the rows when they delete, and cannot wait for each other in a circle.
        let sealed = Dictionary(uniqueKeysWithValues: stored.map { ($0.key, $0.sealed) })
        let rows = ordered.map { key, _ in
            [
                .text(key), .blob(sealed[key] ?? []), .integer(now.microseconds),
                .integer(now.microseconds),
            ] as [SQLValue]
        }
        try await database.write { connection in
            for chunk in rows.chunked() {
                try connection.execute(
                    """
                    INSERT INTO secrets (key, value, created_at, updated_at)
                    VALUES \(rows: Array(chunk), padded: false)
                    ON CONFLICT (key) DO UPDATE
                    SET value = excluded.value, updated_at = excluded.updated_at
                    """)
            }
            for chunk in deleted.chunked() {
                try connection.execute("DELETE FROM secrets WHERE key IN (\(list: chunk))")
            }
        }
        return (stored, deleted)
    }
}

/// What can be asked of this feature, and what each needs.
package enum SettingsAction: Action {
    case readSecretNames
    case readSecrets
    case changeSecrets

    package var requiredAccess: Access {
        switch self {
        case .readSecretNames: .read
        case .readSecrets, .changeSecrets: .administer
        }
    }
}
