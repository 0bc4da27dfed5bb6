/// The fragments in which the two databases differ.
extension SQL {
    /// Locks the rows that a `SELECT` returns until the transaction ends. SQLite has one writer and
    /// needs no lock.
    package static let forUpdate = SQL.dialect(sqlite: "", postgres: "FOR UPDATE")

    /// The smaller of two values.
    package static func least(_ left: SQL, _ right: SQL) -> SQL {
        .dialect(sqlite: "MIN(\(left), \(right))", postgres: "LEAST(\(left), \(right))")
    }

    /// The larger of two values.
    package static func greatest(_ left: SQL, _ right: SQL) -> SQL {
        .dialect(sqlite: "MAX(\(left), \(right))", postgres: "GREATEST(\(left), \(right))")
    }
}

/// How many rows or values one statement takes at most; longer lists go in several statements.
package let statementRowsMax = 512

extension Array {
    /// The elements in runs of at most `count`.
    package func chunked(by count: Int = statementRowsMax) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map {
            self[$0..<Swift.min($0 + count, self.count)]
        }
    }
}
