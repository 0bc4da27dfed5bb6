import PhoenixModel
import SQLCore

/// Changes to the sums of costs over minutes, collected until they are written.
///
/// An entry counts twice: in the minute in which its trace started, for what a project cost, and, when
/// its model is known, in the minute in which its span started, for what a model cost. Negative
/// amounts take back what was counted.
package struct CostRollup {
    private struct Key: Hashable, Comparable {
        var project: Int64
        var minute: Int64
        /// 0 in the sums by trace.
        var model: Int64
        var isPrompt: Bool
        var tokenType: String

        static func < (left: Key, right: Key) -> Bool {
            (left.project, left.minute, left.model, left.isPrompt ? 1 : 0, left.tokenType)
                < (
                    right.project, right.minute, right.model, right.isPrompt ? 1 : 0,
                    right.tokenType
                )
        }
    }

    /// What is added to one sum.
    struct Amount {
        var entryCount: Int64 = 0
        var tokens: Double = 0
        var cost: Double = 0

        static func += (left: inout Amount, right: Amount) {
            left.entryCount += right.entryCount
            left.tokens += right.tokens
            left.cost += right.cost
        }

        static prefix func - (amount: Amount) -> Amount {
            Amount(entryCount: -amount.entryCount, tokens: -amount.tokens, cost: -amount.cost)
        }
    }

    private var byTrace: [Key: Amount] = [:]
    private var byModel: [Key: Amount] = [:]

    package init() {}

    /// Counts the entries of one span.
    mutating func count(
        _ cost: SpanCost, project: Int64, traceMinute: Int64, spanMinute: Int64
    ) {
        for entry in cost.entries {
            let amount = Amount(entryCount: 1, tokens: entry.tokens, cost: entry.cost ?? 0)
            countByTrace(
                amount, isPrompt: entry.isPrompt, tokenType: entry.tokenType, project: project,
                minute: traceMinute)
            guard let model = cost.modelID else { continue }
            countByModel(
                amount, isPrompt: entry.isPrompt, tokenType: entry.tokenType,
                model: model.value, project: project, minute: spanMinute)
        }
    }

    mutating func countByTrace(
        _ amount: Amount, isPrompt: Bool, tokenType: String, project: Int64, minute: Int64
    ) {
        byTrace[
            Key(
                project: project, minute: minute, model: 0, isPrompt: isPrompt,
                tokenType: tokenType), default: Amount()] += amount
    }

    mutating func countByModel(
        _ amount: Amount, isPrompt: Bool, tokenType: String, model: Int64, project: Int64,
        minute: Int64
    ) {
        byModel[
            Key(
                project: project, minute: minute, model: model, isPrompt: isPrompt,
                tokenType: tokenType), default: Amount()] += amount
    }

    // MARK: Writing

    /// Adds the changes to the tables, in the order of their keys, so that concurrent writers cannot
    /// deadlock.
    package func apply(on connection: any SQLConnection) throws {
        try applyByTrace(on: connection)
        try applyByModel(on: connection)
    }

    private static func sorted(_ sums: [Key: Amount]) -> [(key: Key, value: Amount)] {
        sums.filter { $0.value.entryCount != 0 || $0.value.tokens != 0 || $0.value.cost != 0 }
            .sorted { $0.key < $1.key }
    }

    private func applyByTrace(on connection: any SQLConnection) throws {
        let changes = Self.sorted(byTrace)
        var rows = BulkRows(
            [.init("project_rowid", .bigint), .init("minute", .bigint)] + Self.sumColumns)
        for (key, amount) in changes {
            rows.append(key.project)
            rows.append(key.minute)
            Self.append(key, amount, to: &rows)
        }
        try connection.add(rows, into: "trace_cost_minutes", keyColumns: 4)
        try Self.deleteEmptied(from: "trace_cost_minutes", after: changes, on: connection)
    }

    private func applyByModel(on connection: any SQLConnection) throws {
        let changes = Self.sorted(byModel)
        var rows = BulkRows(
            [
                .init("project_rowid", .bigint), .init("minute", .bigint),
                .init("model_id", .bigint),
            ] + Self.sumColumns)
        for (key, amount) in changes {
            rows.append(key.project)
            rows.append(key.minute)
            rows.append(key.model)
            Self.append(key, amount, to: &rows)
        }
        try connection.add(rows, into: "model_cost_minutes", keyColumns: 5)
        try Self.deleteEmptied(from: "model_cost_minutes", after: changes, on: connection)
    }

    /// The end of a key, and the sums.
    private static let sumColumns: [BulkRows.Column] = [
        .init("is_prompt", .bigint), .init("token_type", .text), .init("entry_count", .bigint),
        .init("tokens", .double), .init("cost", .double),
    ]

    private static func append(_ key: Key, _ amount: Amount, to rows: inout BulkRows) {
        rows.append(Int64(key.isPrompt ? 1 : 0))
        rows.append(key.tokenType)
        rows.append(amount.entryCount)
        rows.append(amount.tokens)
        rows.append(amount.cost)
    }

    /// Deletes the sums that no entry is left in. A sum of floating point numbers need not come back
    /// to zero, so the count says when it has.
    private static func deleteEmptied(
        from table: SQL, after changes: [(key: Key, value: Amount)],
        on connection: any SQLConnection
    ) throws {
        let shrunk = Set(changes.filter { $0.value.entryCount < 0 }.map(\.key.minute)).sorted()
        let projects = Set(changes.map(\.key.project)).sorted()
        for chunk in shrunk.chunked() {
            try connection.execute(
                """
                DELETE FROM \(table)
                WHERE project_rowid IN (\(list: projects)) AND minute IN (\(list: chunk))
                    AND entry_count = 0
                """)
        }
    }
}
