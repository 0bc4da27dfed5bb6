/// Rows of a page and the row after them, which tells whether there is more.
package struct Page<Row: Sendable>: Sendable {
    package var rows: [Row]
    /// The first row that is not on the page.
    package var following: Row?

    /// How many rows to ask the database for: one more than the page may hold.
    package static func rowsToQuery(limit: Int) -> Int { limit == .max ? limit : limit + 1 }

    /// Splits what a query for ``rowsToQuery(limit:)`` rows brought.
    package init(_ rows: [Row], limit: Int) {
        self.rows = rows.count > limit ? Array(rows.prefix(limit)) : rows
        following = rows.count > limit ? rows[limit] : nil
    }
}
