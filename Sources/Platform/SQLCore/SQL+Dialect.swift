/// The fragments in which the two databases differ.
extension SQL {
    /// Locks the rows that a `SELECT` returns until the transaction ends. SQLite has one writer and
    /// needs no lock.
    package static let forUpdate = SQL.dialect(sqlite: "", postgres: "FOR UPDATE")

    /// The same for rows that stay: whoever adds rows that refer to them need not wait.
    package static let forNoKeyUpdate = SQL.dialect(sqlite: "", postgres: "FOR NO KEY UPDATE")

    /// The smaller of two values.
    package static func least(_ left: SQL, _ right: SQL) -> SQL {
        .dialect(sqlite: "MIN(\(left), \(right))", postgres: "LEAST(\(left), \(right))")
    }

    /// The larger of two values.
    package static func greatest(_ left: SQL, _ right: SQL) -> SQL {
        .dialect(sqlite: "MAX(\(left), \(right))", postgres: "GREATEST(\(left), \(right))")
    }
}
