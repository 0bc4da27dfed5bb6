import FilterLanguage
import JSON
import SQLCore
import TestSupport
import Testing

/// Random filters over random rows: the databases must select what the naive evaluator does.
struct DifferentialTests {
    private static let filterCount = 400
    private static let rowCount = 250

    @Test(arguments: TestDatabase.available)
    func `the database selects what the naive evaluator does`(database: TestDatabase) async throws {
        var generator = RandomFilters(seed: 7)
        let rows = (0..<Self.rowCount).map { generator.row(Int64($0)) }
        let filters = (0..<Self.filterCount).map { _ in generator.condition(3) }
        let differences = try await database.withEmptyDatabase { database in
            try await database.write { connection in
                let json: SQL = .dialect(sqlite: "TEXT", postgres: "JSONB")
                let double: SQL = .dialect(sqlite: "REAL", postgres: "DOUBLE PRECISION")
                try connection.execute(
                    """
                    CREATE TABLE rows (id BIGINT PRIMARY KEY, parent_id TEXT, name TEXT, \
                    span_kind TEXT, start_time BIGINT, latency_ms \(double), attributes \(json))
                    """)
                try connection.execute(
                    "CREATE TABLE details (row_id BIGINT, token_type TEXT, tokens \(double))")
                try connection.execute(
                    "CREATE TABLE notes (row_id BIGINT, name TEXT, label TEXT, score \(double))")
                for row in rows { try row.insert(on: connection) }
            }
            return try await database.read { connection in
                try filters.compactMap { text in
                    try Self.difference(text, rows, connection)
                }
            }
        }
        let text = differences.prefix(20).joined(separator: "\n")
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(text)")
    }

    private static func difference(
        _ text: String, _ rows: [RandomRow], _ connection: any SQLConnection
    ) throws -> String? {
        let filter: Filter
        do {
            filter = try Filter(text, in: .span)
        } catch {
            return "\(text) is refused: \(error)"
        }
        let condition = filter.sql(over: RandomRowColumns()) ?? "TRUE"
        let selected = try connection.query("SELECT s.id FROM rows AS s WHERE \(condition)")
            .map { $0.integer(0) }
        let evaluator = NaiveEvaluator(language: .span)
        let expected = rows.filter { evaluator.selects($0.naive, filter) }.map(\.id)
        let (theirs, ours) = (Set(selected), Set(expected))
        guard theirs != ours else { return nil }
        return "\(text): only in the database \(theirs.subtracting(ours).sorted().prefix(5)), "
            + "missing \(ours.subtracting(theirs).sorted().prefix(5))"
    }
}

/// A row of the test's own table and its form in memory.
struct RandomRow: Sendable {
    var id: Int64
    var parent: String?
    var name: String
    var kind: String
    var start: Int64
    var latency: Double
    var attributes: String
    var details: [(type: String, tokens: Double?)]
    var notes: [(name: String, label: String?, score: Double?)]

    func insert(on connection: any SQLConnection) throws {
        try connection.execute(
            """
            INSERT INTO rows (id, parent_id, name, span_kind, start_time, latency_ms, attributes)
            VALUES (\(id), \(parent.sqlValue), \(name), \(kind), \(start), \(latency), \
            \(SQLValue.json(Array(attributes.utf8))))
            """)
        for detail in details {
            try connection.execute(
                """
                INSERT INTO details (row_id, token_type, tokens)
                VALUES (\(id), \(detail.type), \(detail.tokens.sqlValue))
                """)
        }
        for note in notes {
            try connection.execute(
                """
                INSERT INTO notes (row_id, name, label, score)
                VALUES (\(id), \(note.name), \(note.label.sqlValue), \(note.score.sqlValue))
                """)
        }
    }

    private static func text(_ text: String?) -> NaiveValue { text.map(NaiveValue.text) ?? .null }
    private static func number(_ number: Double?) -> NaiveValue {
        number.map(NaiveValue.number) ?? .null
    }

    var naive: NaiveRow {
        let row = NaiveRow()
        row.fields = [
            .parentID: Self.text(parent), .name: .text(name), .spanKind: .text(kind),
            .startTime: .number(Double(start)), .latencyMs: .number(latency),
        ]
        row.attributes = (try? JSON.parse(attributes)) ?? .null
        row.collections[.costDetails] = details.map { detail in
            let element = NaiveRow()
            element.fields = [.tokenType: .text(detail.type), .tokens: Self.number(detail.tokens)]
            return element
        }
        for note in notes {
            row.annotations[note.name, default: []].append([
                .label: Self.text(note.label), .score: Self.number(note.score),
            ])
        }
        return row
    }
}

struct RandomRowColumns: FilterColumns {
    func column(_ field: FilterField) -> SQL { "s.\(unsafe: field.rawValue)" }

    func attribute(at path: [FilterPathStep]) -> SQL {
        var sqlite = "$"
        var keys: [SQL] = []
        for step in path {
            switch step {
            case .key(let key):
                sqlite += ".\"\(key)\""
                keys.append("\(key)")
            case .index(let index):
                sqlite += "[\(index)]"
                keys.append("\(String(index))")
            }
        }
        return .dialect(
            sqlite: "(s.attributes -> \(sqlite))",
            postgres: "(s.attributes #> ARRAY[\(keys, separator: ", ")]::text[])::text")
    }

    func annotations(of subject: FilterAnnotationSubject, named name: String) -> SQL? {
        """
        SELECT n.score, n.label, NULL AS explanation, NULL AS identifier FROM notes AS n \
        WHERE n.row_id = s.id AND n.name = \(name)
        """
    }

    func rows(of collection: FilterCollection, ownedBy owner: String?, as alias: String) -> SQL? {
        "FROM details AS \(unsafe: alias) WHERE \(unsafe: alias).row_id = s.id"
    }

    func column(_ field: FilterField, of collection: FilterCollection, as alias: String) -> SQL {
        "\(unsafe: alias).\(unsafe: field.rawValue)"
    }
}

/// Makes rows and conditions from a seed; every condition it makes is valid.
struct RandomFilters {
    private var generator: SplitMix

    init(seed: UInt64) { generator = SplitMix(state: seed) }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    mutating func row(_ id: Int64) -> RandomRow {
        let values = [
            "1", "2.5", "-3", "0", "true", "false", "null", "\"chat\"", "\"5\"", "\"True\"",
            "\"x y\"",
            "[1,\"a\"]", "{\"b\":2}", "\"1e2\"", "\" 7\"", "\"\"",
        ]
        var members: [String] = []
        for key in ["a", "b", "c"] where Bool.random(using: &generator) {
            members.append("\"\(key)\":\(pick(values))")
        }
        if Bool.random(using: &generator) {
            members.append("\"n\":{\"k\":\(pick(values)),\"l\":[\(pick(values)),\(pick(values))]}")
        }
        var details: [(type: String, tokens: Double?)] = []
        for _ in 0..<pick([0, 0, 1, 3]) {
            details.append((pick(["input", "audio"]), pick([nil, 0, 3, 10.5])))
        }
        var notes: [(name: String, label: String?, score: Double?)] = []
        for _ in 0..<pick([0, 0, 1, 2]) {
            notes.append((pick(["q", "r"]), pick([nil, "good", "bad"]), pick([nil, 0.25, 1])))
        }
        return RandomRow(
            id: id, parent: pick([nil, "ab", "cd"]), name: pick(["chat", "Chat 5", "run", "a'b"]),
            kind: pick(["LLM", "TOOL"]), start: pick([0, 1_700_000_000_000_000, 5_000_000]),
            latency: pick([0, 1, 2.5, 100, -4]),
            attributes: "{" + members.joined(separator: ",") + "}",
            details: details, notes: notes)
    }

    // MARK: Conditions

    mutating func condition(_ depth: Int) -> String {
        if depth > 0, Bool.random(using: &generator) {
            let (left, right) = (condition(depth - 1), condition(depth - 1))
            return pick(["(\(left) and \(right))", "(\(left) or \(right))", "(not \(left))"])
        }
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: return "\(number(2)) \(comparison()) \(number(2))"
        case 1: return "\(text()) \(comparison()) \(text())"
        case 2: return "\(attribute()) \(comparison()) \(pick([number(1), text(), attribute()]))"
        case 3:
            return
                attribute() + " " + pick(["==", "!=", "is", "is not"]) + " "
                + pick(["True", "False", "None"])
        case 4:
            return
                "'" + pick(["a", "CH", "5", "", "\\'"]) + "' " + pick(["in", "not in"]) + " "
                + pick(["name", attribute()])
        case 5:
            return "\(pick([attribute(), "name"])) \(pick(["in", "not in"])) ['chat', '5', 'LLM']"
        case 6: return "\(pick([attribute(), "latency_ms"])) \(pick(["in", "not in"])) [1, 2.5, 5]"
        case 7: return "parent_id \(pick(["is None", "is not None", "== 'ab'", "!= 'ab'"]))"
        case 8: return "start_time \(comparison()) '2023-01-01T00:00:00Z'"
        case 9: return "0 < latency_ms <= \(number(1))"
        case 10:
            let reduction = pick([
                "any(d.tokens > 1 for d in cost_details)",
                "all(d.tokens > 1 for d in cost_details)",
                "len([d for d in cost_details if d.token_type == 'audio']) > 1",
                "sum(d.tokens for d in cost_details) >= 3",
                "max(d.tokens for d in cost_details) == 3",
                "min(d.tokens for d in cost_details if d.tokens > 0) is None",
            ])
            return reduction
        default:
            return pick([
                "annotations['q'].score > 0.5", "annotations['q'].label == 'good'",
                "annotations['q'].label is None", "annotations['r']", "evals['q'].score is None",
                "annotations['q'].score == annotations['r'].score",
            ])
        }
    }

    private mutating func comparison() -> String { pick(["==", "!=", "<", "<=", ">", ">="]) }

    private mutating func attribute() -> String {
        pick(["a", "b", "c", "n.k", "attributes['a']", "attributes['n']['l'][1]", "missing"])
    }

    private mutating func text() -> String {
        pick(["name", "'chat'", "'5'", "'true'", "str(a)", "name + 'x'", "str(n.k)", "'LLM'"])
    }

    private mutating func number(_ depth: Int) -> String {
        if depth > 0, Bool.random(using: &generator) {
            return "(\(number(depth - 1)) \(pick(["+", "-", "*", "/", "%"])) \(number(depth - 1)))"
        }
        return pick(["latency_ms", "1", "2.5", "0", "-3", "float(a)", "float(n.k)", "100"])
    }
}
