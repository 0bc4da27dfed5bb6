import SQLCore
import Testing

@Suite struct SQLTests {
    private func rendered(_ statement: SQL, _ dialect: SQLDialect = .postgres) -> String {
        statement.rendered(for: dialect).text
    }

    @Test func `interpolated values are bound and never spliced in`() {
        let name = "'; DROP TABLE spans; --"
        let statement: SQL = "SELECT id FROM projects WHERE name = \(name) AND id > \(3)"
        let (text, values) = statement.rendered(for: .sqlite)
        #expect(text == "SELECT id FROM projects WHERE name = ? AND id > ?")
        #expect(values == [.text(name), .integer(3)])
    }

    @Test func `PostgreSQL's placeholders are numbered in the order of the values`() {
        #expect(rendered("a = \(1) AND b = \("x")") == "a = $1 AND b = $2")
    }

    @Test func `nil is bound as NULL`() {
        let missing: Int64? = nil
        let statement: SQL = "VALUES (\(missing.sqlValue))"
        #expect(statement.rendered(for: .sqlite).values == [.null])
    }

    @Test func `a fragment brings its values along`() {
        let condition: SQL = "b = \(2)"
        let statement: SQL = "a = \(1) AND \(condition)"
        let (text, values) = statement.rendered(for: .postgres)
        #expect(text == "a = $1 AND b = $2")
        #expect(values == [.integer(1), .integer(2)])
    }

    @Test func `fragments are joined by their separator`() {
        let conditions: [SQL] = ["a = \(1)", "b = \(2)", "c"]
        let text = rendered("WHERE \(conditions, separator: " AND ")")
        #expect(text == "WHERE a = $1 AND b = $2 AND c")
    }

    @Test func `each database gets its own text`() {
        #expect(rendered(.least("a", "b"), .sqlite) == "MIN(a, b)")
        #expect(rendered(.least("a", "b"), .postgres) == "LEAST(a, b)")
        #expect(rendered(.greatest("a", "b"), .sqlite) == "MAX(a, b)")
        #expect(rendered("SELECT 1 \(SQL.forUpdate)", .postgres) == "SELECT 1 FOR UPDATE")
        #expect(rendered("SELECT 1 \(SQL.forNoKeyUpdate)", .sqlite) == "SELECT 1 ")
    }

    // MARK: Lists

    @Test func `an empty list is true of no row`() {
        #expect(rendered("id IN (\(list: [Int]()))") == "id IN (NULL)")
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (4, 4), (5, 8), (512, 512)])
    func `a list is filled up with its last value to a power of two`(count: Int, size: Int) {
        let statement: SQL = "\(list: Array(1...count))"
        let values = statement.rendered(for: .sqlite).values
        #expect(values.count == size)
        #expect(values.prefix(count) == ArraySlice((1...count).map { .integer(Int64($0)) }))
        #expect(values.dropFirst(count).allSatisfy { $0 == .integer(Int64(count)) })
    }

    @Test(arguments: [513, 1000, 100_000])
    func `a long list is bound as one value, whatever its length`(count: Int) {
        let statement: SQL = "id IN (\(list: 1...count))"
        let (text, values) = statement.rendered(for: .sqlite)
        #expect(text == "id IN (SELECT x.value FROM JSON_EACH(?) AS x)")
        #expect(values.count == 1)
        #expect(
            rendered(statement)
                == "id IN (SELECT CAST(x.value AS BIGINT) "
                + "FROM JSONB_ARRAY_ELEMENTS_TEXT($1) AS x (value))")
    }

    @Test(arguments: [
        [SQLValue](repeating: .blob([1]), count: 513),
        [SQLValue](repeating: "a\0b", count: 513),
        [SQLValue](repeating: 1, count: 512) + [nil],
    ])
    func `what SQLite does not read out of JSON is bound one by one`(values: [SQLValue]) {
        let statement: SQL = "x IN (\(list: values))"
        #expect(Set(statement.rendered(for: .sqlite).values) == Set(values))
    }

    @Test func `rows become a VALUES clause, filled up with the last one`() {
        let rows: [[SQLValue]] = [[1, "a"], [2, "b"], [3, nil]]
        #expect(
            rendered("VALUES \(rows: rows)") == "VALUES ($1, $2), ($3, $4), ($5, $6), ($7, $8)")
        let plain: SQL = "VALUES \(rows: rows, padded: false)"
        #expect(plain.rendered(for: .sqlite).values == [1, "a", 2, "b", 3, nil])
    }
}
