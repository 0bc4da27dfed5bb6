import JSON
import PhoenixModel
import SQLCore
import Tracing

/// A span as the other database has it.
struct SourceSpan {
    let row: Int64
    let traceID: OTelID
    let spanID: OTelID
    let parentID: OTelID?
    let name: String
    let kind: String
    let statusCode: String
    let statusMessage: String
    let startTime: Int64
    let endTime: Int64
    let promptTokens: Int64?
    let completionTokens: Int64?
    /// The sums over the span and those below it: errors, prompt tokens, completion tokens.
    let cumulative: [Int64]
    /// JSON that need not be valid to the letter; see ``ImportedValue/checked(_:)``.
    let attributes: [UInt8]
    let events: [UInt8]

    private static let columns: [(table: String, name: String, kind: ImportedTable.Kind)] = [
        ("s", "id", .integer), ("t", "trace_id", .otelID), ("s", "span_id", .otelID),
        ("s", "parent_id", .otelID), ("s", "name", .text), ("s", "span_kind", .text),
        ("s", "status_code", .text), ("s", "status_message", .text), ("s", "start_time", .time),
        ("s", "end_time", .time), ("s", "llm_token_count_prompt", .integer),
        ("s", "llm_token_count_completion", .integer), ("s", "cumulative_error_count", .integer),
        ("s", "cumulative_llm_token_count_prompt", .integer),
        ("s", "cumulative_llm_token_count_completion", .integer), ("s", "attributes", .jsonb),
        ("s", "events", .jsonb),
    ]

    /// Rows for ``init(_:)``, in the order of their ids, which are their first column.
    ///
    /// - Parameter condition: A condition on the tables `spans` called `s` and `traces` called `t`.
    static func rows(
        where condition: SQL, limit: Int = .max, on connection: any SQLConnection
    ) throws -> [SQLRow] {
        let selection = columns.map {
            ImportedTable.sourceExpression($0.name, of: $0.table, $0.kind, connection.dialect)
        }
        return try connection.query(
            """
            SELECT \(selection, separator: ", ")
            FROM spans s
            JOIN traces t ON t.id = s.trace_rowid
            WHERE \(condition)
            ORDER BY s.id
            LIMIT \(limit)
            """)
    }

    init(_ row: SQLRow) throws {
        func otelID(_ column: Int) throws -> OTelID {
            guard let id = OTelID(hex: row.text(column)) else {
                throw ImportError("An id is not hexadecimal.")
            }
            return id
        }
        self.row = row.integer(0)
        traceID = try otelID(1)
        spanID = try otelID(2)
        parentID = row[3].isNull ? nil : try otelID(3)
        name = row.text(4)
        kind = row.text(5)
        statusCode = row.text(6)
        statusMessage = row.text(7)
        startTime = try ImportedValue.time(row[8])
        endTime = try ImportedValue.time(row[9])
        promptTokens = row.optionalInteger(10)
        completionTokens = row.optionalInteger(11)
        cumulative = [row.integer(12), row.integer(13), row.integer(14)]
        attributes = try Self.document(row[15])
        events = try Self.document(row[16])
    }

    private static func document(_ value: SQLValue) throws -> [UInt8] {
        switch value {
        case .text(let text): return Array(text.utf8)
        // JSONB writes numbers out in full.
        case .json(let json): return LargeDoubles.restored(json)
        default: throw ImportError("A JSON document is stored in a form that is not known.")
        }
    }

    // MARK: Traces

    /// The traces of spans.
    ///
    /// - Parameter condition: A condition on the table `spans` called `s`.
    static func traces(
        ofSpansWhere condition: SQL, on connection: any SQLConnection
    ) throws -> [StatedTrace] {
        let rows = try connection.query(
            """
            SELECT \(ImportedTable.traces.sourceSelection(connection.dialect))
            FROM traces
            WHERE id IN (SELECT s.trace_rowid FROM spans s WHERE \(condition))
            ORDER BY id
            """)
        return try rows.map { row in
            guard let id = OTelID(hex: row.text(1)) else {
                throw ImportError("The trace in row \(row.integer(0)) has no hexadecimal id.")
            }
            return StatedTrace(
                row: row.integer(0), id: id, project: row.integer(2),
                session: row.optionalInteger(3), startTime: try ImportedValue.time(row[4]),
                endTime: try ImportedValue.time(row[5]))
        }
    }

    // MARK: Costs

    /// What spans cost, by their row id.
    ///
    /// - Parameter condition: A condition on the table `span_costs` called `c`.
    static func costs(
        where condition: SQL, on connection: any SQLConnection
    ) throws -> [Int64: SpanCost] {
        let rows = try connection.query(
            """
            SELECT c.id, c.span_rowid, c.model_id, c.prompt_tokens, c.prompt_cost,
                c.completion_tokens, c.completion_cost, d.is_prompt,
                \(ImportedTable.sourceExpression("token_type", of: "d", .text, connection.dialect)),
                d.tokens, d.cost
            FROM span_costs c
            LEFT JOIN span_cost_details d ON d.span_cost_id = c.id
            WHERE \(condition)
            ORDER BY c.span_rowid, c.id, d.id
            """)
        var costs: [Int64: SpanCost] = [:]
        var index = 0
        while index < rows.count {
            let first = rows[index]
            var entries: [SpanCost.Entry] = []
            while index < rows.count, rows[index].integer(0) == first.integer(0) {
                if let entry = entry(rows[index]) { entries.append(entry) }
                index += 1
            }
            if entries.isEmpty { entries = sums(first) }
            guard !entries.isEmpty else { continue }
            // Of several costs of one span the last one counts.
            costs[first.integer(1)] = SpanCost(
                modelID: first.optionalInteger(2).map { GenerativeModel.ID($0) }, entries: entries)
        }
        return costs
    }

    private static func entry(_ row: SQLRow) -> SpanCost.Entry? {
        guard let isPrompt = row.optionalInteger(7) else { return nil }
        return SpanCost.Entry(
            isPrompt: isPrompt != 0, tokenType: row.text(8),
            tokens: row.optionalDouble(9) ?? 0, cost: row.optionalDouble(10))
    }

    /// The entries of a cost that was stored without its details.
    private static func sums(_ row: SQLRow) -> [SpanCost.Entry] {
        [(true, 3), (false, 5)].compactMap { isPrompt, column in
            guard let tokens = row.optionalDouble(column) else { return nil }
            return SpanCost.Entry(
                isPrompt: isPrompt, tokenType: SpanCost.Entry.usualType(isPrompt: isPrompt),
                tokens: tokens, cost: row.optionalDouble(column + 1))
        }
    }
}
