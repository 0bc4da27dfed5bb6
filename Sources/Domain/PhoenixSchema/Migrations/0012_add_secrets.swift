extension Migration {
    /// Secrets, such as the keys of model providers; `value` is sealed with the key that is made of
    /// `PHOENIX_SECRET`.
    static let addSecrets = Migration(
        version: 12,
        name: "add secrets",
        sqlite: secretTable(integer: "INTEGER", bytes: "BLOB"),
        postgres: secretTable(integer: "BIGINT", bytes: "BYTEA"))

    private static func secretTable(integer: String, bytes: String) -> String {
        """
        CREATE TABLE secrets (
            key TEXT PRIMARY KEY,
            value \(bytes) NOT NULL,
            created_at \(integer) NOT NULL,
            updated_at \(integer) NOT NULL
        );
        """
    }
}
