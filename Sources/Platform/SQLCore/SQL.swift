/// A statement whose interpolated values are bound, never spliced into its text.
///
/// ```swift
/// let query: SQL = "SELECT name FROM projects WHERE id = \(id)"
/// let many: SQL = "SELECT name FROM projects WHERE id IN (\(list: ids))"
/// ```
///
/// Another `SQL` value can be interpolated as a fragment. Text that is not a value joins in with
/// `unsafe:` and must never come from a user.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    enum Part: Sendable {
        case text(String)
        case value(SQLValue)
        case dialect(sqlite: [Part], postgres: [Part])
    }

    var parts: [Part]

    package init(stringLiteral value: String) { parts = [.text(value)] }
    package init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }
    init(parts: [Part]) { self.parts = parts }

    /// A fragment that is written differently for each database.
    package static func dialect(sqlite: SQL, postgres: SQL) -> SQL {
        SQL(parts: [.dialect(sqlite: sqlite.parts, postgres: postgres.parts)])
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(interpolationCount * 2 + 1)
        }

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.text(literal)) }
        }

        /// Binds a value.
        package mutating func appendInterpolation(_ value: some SQLConvertible) {
            parts.append(.value(value.sqlValue))
        }

        /// Binds each of `values`, separated by commas. An empty list becomes `NULL`, so that
        /// `IN (\(list: []))` is true of no row.
        ///
        /// The list is padded with its last element to the next power of two, which keeps the number
        /// of different statements, and so of prepared statements, small. One that is longer than
        /// ``statementRowsMax`` is bound as a whole, so it belongs into the parentheses of an `IN`.
        package mutating func appendInterpolation(list values: some Collection<some SQLConvertible>)
        {
            var bound = values.map(\.sqlValue)
            guard let last = bound.last else { return parts.append(.text("NULL")) }
            if bound.count > statementRowsMax, let list = SQL.longList(bound) {
                return appendInterpolation(list)
            }
            var size = 1
            while size < bound.count { size *= 2 }
            bound += repeatElement(last, count: size - bound.count)
            parts += SQL.separated(bound)
        }

        /// Binds rows of values for a `VALUES` clause: `(a, b), (c, d)`. There must be one at least.
        ///
        /// - Parameter padded: Repeats the last row up to the next power of two, for statements where
        ///   a repeated row changes nothing; it keeps the number of prepared statements small.
        package mutating func appendInterpolation(rows: [[SQLValue]], padded: Bool = true) {
            precondition(!rows.isEmpty, "A VALUES clause needs a row.")
            var size = rows.count
            if padded {
                size = 1
                while size < rows.count { size *= 2 }
            }
            for index in 0..<size {
                parts.append(.text(index == 0 ? "(" : ", ("))
                for (column, value) in rows[min(index, rows.count - 1)].enumerated() {
                    if column > 0 { parts.append(.text(", ")) }
                    parts.append(.value(value))
                }
                parts.append(.text(")"))
            }
        }

        /// Joins a fragment in.
        package mutating func appendInterpolation(_ fragment: SQL) { parts += fragment.parts }

        /// Joins fragments in with a separator.
        package mutating func appendInterpolation(_ fragments: [SQL], separator: String) {
            for (index, fragment) in fragments.enumerated() {
                if index > 0 { parts.append(.text(separator)) }
                parts += fragment.parts
            }
        }

        /// Splices text in as it is. The text must be ours: a column name, a keyword.
        package mutating func appendInterpolation(unsafe text: String) { parts.append(.text(text)) }
    }

    /// The text with the dialect's placeholders, and the values to bind in their order.
    package func rendered(for dialect: SQLDialect) -> (text: String, values: [SQLValue]) {
        var text = ""
        var values: [SQLValue] = []
        Self.render(parts, dialect, &text, &values)
        return (text, values)
    }

    private static func render(
        _ parts: [Part], _ dialect: SQLDialect, _ text: inout String, _ values: inout [SQLValue]
    ) {
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .value(let value):
                values.append(value)
                switch dialect {
                case .sqlite: text += "?"
                case .postgres: text += "$\(values.count)"
                }
            case .dialect(let sqlite, let postgres):
                render(dialect == .sqlite ? sqlite : postgres, dialect, &text, &values)
            }
        }
    }
}
