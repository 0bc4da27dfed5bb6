import BinaryText
import Cryptography
import PhoenixModel
import SQLCore
import Tracing

/// Compares what was imported with where it came from.
struct Comparison {
    let source: ImportSource
    let target: TracingStore

    /// So many rows of a table are compared; all of them when there are no more.
    static let sampleSize: Int64 = 2000

    /// Rows of the source by a text that names them, in their order, and those of the target.
    struct Sample {
        var order: [String] = []
        var source: [String: [UInt8]] = [:]
        var target: [String: [UInt8]] = [:]

        mutating func add(_ name: String, _ digest: RowDigest) {
            order.append(name)
            source[name] = digest.bytes
        }
    }

    func tableReport(_ table: ImportedTable) async throws -> ImportReport.Table {
        let sample = try await sample(of: table)
        return try await report(
            table.name, sample, count: "SELECT COUNT(*) FROM \(unsafe: table.name)",
            targetCount: "SELECT COUNT(*) FROM \(unsafe: table.name)")
    }

    private func report(
        _ name: String, _ sample: Sample, count: SQL, targetCount: SQL
    ) async throws -> ImportReport.Table {
        let there = try await source.database.read { try $0.first(count)!.integer(0) }
        let here = try await target.database.read { try $0.first(targetCount)!.integer(0) }
        let different = sample.order.first { sample.source[$0] != sample.target[$0] }
        return ImportReport.Table(
            name: name, sourceCount: there, targetCount: here, sampleCount: sample.order.count,
            sourceDigest: Self.digest(sample.order.map { sample.source[$0] ?? [] }),
            targetDigest: Self.digest(sample.order.map { sample.target[$0] ?? [] }),
            firstDifference: different.map { row in
                sample.target[row] == nil
                    ? "The row \(row) is missing." : "The row \(row) differs."
            })
    }

    private static func digest(_ rows: [[UInt8]]) -> String {
        Hexadecimal.encode(SHA256.digest(rows.flatMap { $0 }))
    }

    // MARK: Plain tables

    private func sample(of table: ImportedTable) async throws -> Sample {
        let keys = try await sampledKeys(table.name, table.page)
        var sample = Sample()
        for chunk in keys.chunked(by: 256) {
            let (names, values) = try await addSource(chunk, of: table, to: &sample)
            try await addTarget(names, values, of: table, to: &sample)
        }
        return sample
    }

    /// The page keys of evenly spread rows of the source.
    private func sampledKeys(_ table: String, _ page: [String]) async throws -> [[Int64]] {
        let list = ImportedTable.list(page)
        return try await source.database.read { connection in
            let query: SQL = "SELECT COUNT(*) FROM \(unsafe: table)"
            let count = try connection.first(query)!.integer(0)
            let step = max(1, (count + Self.sampleSize - 1) / Self.sampleSize)
            return try connection.query(
                """
                SELECT \(list)
                FROM (
                    SELECT \(list), ROW_NUMBER() OVER (ORDER BY \(list)) AS place
                    FROM \(unsafe: table)
                ) x
                WHERE x.place % \(step) = 0
                ORDER BY \(list)
                """
            ).map { row in page.indices.map { row.integer($0) } }
        }
    }

    /// - Returns: For each row the text that names it, and the values of its key here.
    private func addSource(
        _ keys: ArraySlice<[Int64]>, of table: ImportedTable, to sample: inout Sample
    ) async throws -> (names: [String], values: [[SQLValue]]) {
        let rows = try await source.database.read { connection in
            try connection.query(
                """
                SELECT \(table.sourceSelection(connection.dialect))
                FROM \(unsafe: table.name)
                WHERE \(ImportedTable.isOne(of: keys, table.page))
                ORDER BY \(ImportedTable.list(table.page))
                """)
        }
        var names: [String] = []
        var keyValues: [[SQLValue]] = []
        for row in rows {
            var digest = RowDigest()
            var values: [String: SQLValue] = [:]
            for (index, column) in table.columns.enumerated() {
                let value = try ImportedValue.converted(row[index], column.kind)
                values[column.name] = value
                try digest.add(value, column.kind)
            }
            let key = table.key.map { values[$0] ?? .null }
            names.append(Self.name(key))
            keyValues.append(key)
            sample.add(Self.name(key), digest)
        }
        return (names, keyValues)
    }

    private func addTarget(
        _ names: [String], _ keys: [[SQLValue]], of table: ImportedTable, to sample: inout Sample
    ) async throws {
        guard !keys.isEmpty else { return }
        let rows = try await target.database.read { connection in
            try connection.query(
                """
                SELECT \(ImportedTable.list(table.columns.map(\.name)))
                FROM \(unsafe: table.name)
                WHERE (\(ImportedTable.list(table.key))) IN (VALUES \(rows: keys))
                """)
        }
        for row in rows {
            var digest = RowDigest()
            var values: [String: SQLValue] = [:]
            for (index, column) in table.columns.enumerated() {
                values[column.name] = row[index]
                try digest.add(row[index], column.kind)
            }
            sample.target[Self.name(table.key.map { values[$0] ?? .null })] = digest.bytes
        }
    }

    private static func name(_ key: [SQLValue]) -> String {
        key.map { value in
            switch value {
            case .integer(let integer): String(integer)
            case .text(let text): text
            default: "?"
            }
        }.joined(separator: ", ")
    }

    // MARK: Spans

    /// Compares spans and what they cost.
    ///
    /// - Parameter recounted: Grows by the spans whose sums over the spans below them differ.
    func spanReports(recounted: inout Int) async throws -> [ImportReport.Table] {
        let keys = try await sampledKeys("spans", ["id"]).map { $0[0] }
        var spans = Sample()
        var costs = Sample()
        for chunk in keys.chunked(by: 128) {
            try await addSourceSpans(chunk, to: &spans, &costs)
            try await addTargetSpans(chunk, to: &spans, &costs, recounted: &recounted)
        }
        let details: SQL = """
            SELECT (SELECT COUNT(*) FROM span_cost_details)
                + (SELECT COUNT(c.prompt_tokens) + COUNT(c.completion_tokens)
                    FROM span_costs c
                    WHERE NOT EXISTS (
                        SELECT 1 FROM span_cost_details d WHERE d.span_cost_id = c.id))
            """
        var detailReport = try await report(
            "span_cost_details", Sample(), count: details,
            targetCount: "SELECT COUNT(*) FROM span_cost_entries")
        // The digest of a cost covers what it is made of.
        detailReport.comparedWith = "span_costs"
        return [
            try await report(
                "spans", spans, count: "SELECT COUNT(*) FROM spans",
                targetCount: "SELECT COUNT(*) FROM spans"),
            try await report(
                "span_costs", costs, count: "SELECT COUNT(DISTINCT span_rowid) FROM span_costs",
                targetCount: "SELECT COUNT(*) FROM span_costs"),
            detailReport,
        ]
    }

    private func addSourceSpans(
        _ ids: ArraySlice<Int64>, to spans: inout Sample, _ costs: inout Sample
    ) async throws {
        let (rows, found) = try await source.database.read { connection in
            (
                try SourceSpan.rows(where: "s.id IN (\(list: ids))", on: connection),
                try SourceSpan.costs(where: "c.span_rowid IN (\(list: ids))", on: connection)
            )
        }
        for row in rows {
            let span = try SourceSpan(row)
            var digest = RowDigest()
            try digest.add(span)
            spans.add(String(span.row), digest)
            guard let cost = found[span.row] else { continue }
            var costDigest = RowDigest()
            try costDigest.add(cost.modelID?.value, cost.entries)
            costs.add(String(span.row), costDigest)
        }
    }

    private func addTargetSpans(
        _ ids: ArraySlice<Int64>, to spans: inout Sample, _ costs: inout Sample,
        recounted: inout Int
    ) async throws {
        let stored = try await target.storedSpans(ids.map { Span.ID($0) })
        let sums = try await source.database.read { connection in
            try SourceSpan.rows(where: "s.id IN (\(list: ids))", on: connection)
                .map { try SourceSpan($0) }
        }
        for source in sums {
            guard let found = stored[Span.ID(source.row)] else { continue }
            let span = found.span
            var digest = RowDigest()
            try digest.add(found)
            spans.target[String(source.row)] = digest.bytes
            let cumulative = [
                Int64(span.cumulativeErrorCount), Int64(span.cumulativePromptTokens),
                Int64(span.cumulativeCompletionTokens),
            ]
            if cumulative != source.cumulative { recounted += 1 }
        }
        for (id, cost) in try await storedCosts(ids) {
            var digest = RowDigest()
            try digest.add(cost.model, cost.entries)
            costs.target[String(id)] = digest.bytes
        }
    }

    private func storedCosts(
        _ ids: ArraySlice<Int64>
    ) async throws -> [Int64: (model: Int64?, entries: [SpanCost.Entry])] {
        let rows = try await target.database.read { connection in
            try connection.query(
                """
                SELECT e.span_rowid, e.model_id, e.is_prompt, e.token_type, e.tokens, e.cost
                FROM span_cost_entries e
                WHERE e.span_rowid IN (\(list: ids))
                """)
        }
        return Dictionary(grouping: rows) { $0.integer(0) }.mapValues { rows in
            (
                rows[0].optionalInteger(1),
                rows.map {
                    SpanCost.Entry(
                        isPrompt: $0.integer(2) == 1, tokenType: $0.text(3),
                        tokens: $0.double(4), cost: $0.optionalDouble(5))
                }
            )
        }
    }
}

extension RowDigest {
    fileprivate mutating func add(_ span: SourceSpan) throws {
        try add(.text(span.traceID.hex))
        try add(.text(span.spanID.hex))
        try add(span.parentID.map { .text($0.hex) } ?? .null)
        for text in [span.name, span.kind, span.statusCode, span.statusMessage] {
            try add(.text(text))
        }
        try add(.integer(span.startTime))
        try add(.integer(span.endTime))
        try add(span.promptTokens.sqlValue)
        try add(span.completionTokens.sqlValue)
        try add(json: span.attributes)
        try add(json: span.events)
    }

    fileprivate mutating func add(_ stored: StoredSpan) throws {
        let span = stored.span
        try add(.text(stored.traceID.hex))
        try add(.text(span.otelID.hex))
        try add(span.parentID.map { .text($0.hex) } ?? .null)
        for text in [span.name, span.kind, span.statusCode, span.statusMessage] {
            try add(.text(text))
        }
        try add(.integer(span.startTime.microseconds))
        try add(.integer(span.endTime.microseconds))
        try add(span.promptTokens.sqlValue)
        try add(span.completionTokens.sqlValue)
        try add(json: stored.payload.attributes)
        try add(json: stored.payload.events)
    }

    fileprivate mutating func add(_ model: Int64?, _ entries: [SpanCost.Entry]) throws {
        try add(model.sqlValue)
        let sorted = entries.sorted {
            ($0.isPrompt ? 1 : 0, $0.tokenType) < ($1.isPrompt ? 1 : 0, $1.tokenType)
        }
        for entry in sorted {
            try add(.text("\(entry.isPrompt) \(entry.tokenType)"))
            try add(.double(entry.tokens))
            try add(entry.cost.sqlValue)
        }
    }
}
