import PhoenixModel
import SQLCore

extension TracingStore {
    /// The spans of a trace as a tree shows them, read in one pass over the trace.
    ///
    /// - Parameters:
    ///   - spansMax: How many spans at most.
    ///   - pageSize: How many rows are in memory at once.
    ///   - readsContents: Whether to read what the spans carry, for ``TraceSkeleton/contents``.
    package func skeleton(
        of trace: Trace.ID, spansMax: Int = TraceSkeleton.spansMax,
        pageSize: Int = statementRowsMax,
        readsContents: Bool = false
    ) async throws -> TraceSkeleton {
        let payloads = payloads
        return try await database.read { connection in
            var skeleton = try Self.skeleton(of: trace, spansMax, pageSize, on: connection)
            if readsContents, skeleton.count <= TraceSkeleton.hashedSpansMax {
                skeleton.contents = try Self.contents(of: skeleton.rowIDs, payloads, on: connection)
            }
            return skeleton
        }
    }

    private static func contents(
        of ids: [Int64], _ payloads: any SpanPayloadStore, on connection: any SQLConnection
    ) throws -> [ContentHashes] {
        var hashes: [Int64: ContentHashes] = [:]
        hashes.reserveCapacity(ids.count)
        let reader = payloads.reader()
        // Payloads of neighbouring ids are stored together.
        for chunk in ids.sorted().chunked(by: payloads.rowsAtOnce) {
            let rows = try connection.query(
                """
                SELECT s.id, \(payloads.selection)
                FROM spans s
                WHERE s.id IN (\(list: chunk))
                ORDER BY s.id
                """)
            for row in rows {
                let payload = try reader.payload(in: row, startingAt: 1, on: connection)
                // A damaged payload is a finding of `verify`; here it has no content.
                let attributes = try? SpanContent(payload).attributes()
                hashes[row.integer(0)] = attributes.map { ContentHashes(attributes: $0) }
            }
        }
        return ids.map { hashes[$0] ?? ContentHashes() }
    }

    private static func skeleton(
        of trace: Trace.ID, _ spansMax: Int, _ pageSize: Int, on connection: any SQLConnection
    ) throws -> TraceSkeleton {
        // By their row ids, so that neighbours in the table are read together.
        let ids = try connection.integers(
            "SELECT s.id FROM spans s WHERE s.trace_rowid = \(trace) LIMIT \(spansMax + 1)"
        ).sorted()
        var builder = SkeletonBuilder(reserving: ids.count)
        for chunk in Array(ids.prefix(spansMax)).chunked(by: pageSize) {
            let rows = try connection.query(
                """
                SELECT s.id, s.span_id, s.parent_id, s.name, s.span_kind, s.status_code,
                    s.start_time, s.end_time, s.llm_token_count_prompt,
                    s.llm_token_count_completion, s.model_name, s.event_count,
                    s.cumulative_error_count, c.prompt_cost, c.completion_cost
                FROM spans s
                LEFT JOIN span_costs c ON c.span_rowid = s.id
                WHERE s.id IN (\(list: chunk))
                ORDER BY s.id
                """)
            for row in rows { builder.add(row) }
        }
        return builder.skeleton(isComplete: ids.count <= spansMax)
    }

    /// Changes whenever the skeleton of a trace does.
    package func skeletonRevision(of trace: Trace) async throws -> String {
        let id = trace.id
        let costs = try await database.read { connection in
            try connection.first(
                """
                SELECT t.cost_count, t.prompt_cost, t.completion_cost,
                    (SELECT MAX(s.id) FROM spans s WHERE s.trace_rowid = t.id)
                FROM traces t
                WHERE t.id = \(id)
                """)
        }
        let parts: [String] = [
            "\(trace.id)", "\(trace.spanCount)", "\(trace.errorCount)", "\(trace.promptTokens)",
            "\(trace.completionTokens)", "\(costs?.optionalInteger(0) ?? 0)",
            "\(costs?.optionalDouble(1) ?? 0)", "\(costs?.optionalDouble(2) ?? 0)",
            "\(costs?.optionalInteger(3) ?? 0)",
        ]
        return parts.joined(separator: "-")
    }
}

/// Collects rows into columns and puts them into the order of the tree.
private struct SkeletonBuilder {
    private var rows = TraceSkeleton()
    private var parentIDs: [OTelID?] = []
    private var ends: [Int64] = []
    private var positions: [OTelID: Int32] = [:]
    private var stringNumbers: [String: Int32] = [:]

    init(reserving count: Int) {
        positions.reserveCapacity(count)
        parentIDs.reserveCapacity(count)
    }

    mutating func add(_ row: SQLRow) {
        let id = OTelID(row.blob(1))
        positions[id] = Int32(rows.count)
        rows.otelIDs.append(id)
        rows.rowIDs.append(row.integer(0))
        parentIDs.append(row.optionalBlob(2).map { OTelID($0) })
        rows.names.append(number(of: row.text(3)))
        rows.kindNumbers.append(Self.number(of: row.text(4), in: TraceSkeleton.kinds))
        rows.statusNumbers.append(Self.number(of: row.text(5), in: TraceSkeleton.statusCodes))
        let (start, end) = (row.integer(6), row.integer(7))
        rows.starts.append(start)
        rows.durations.append(end - start)
        ends.append(end)
        rows.promptTokens.append(Self.count(row.optionalInteger(8)))
        rows.completionTokens.append(Self.count(row.optionalInteger(9)))
        rows.models.append(row.optionalText(10).map { number(of: $0) } ?? -1)
        var flags: UInt8 = 0
        if row.integer(11) > 0 { flags |= TraceSkeleton.Flag.hasEvents }
        if row.integer(12) > 0 { flags |= TraceSkeleton.Flag.failed }
        rows.flags.append(flags)
        let costs = [row.optionalDouble(13), row.optionalDouble(14)].compactMap { $0 }
        rows.costs.append(costs.isEmpty ? .nan : costs.reduce(0, +))
    }

    private mutating func number(of string: String) -> Int32 {
        if let number = stringNumbers[string] { return number }
        let number = Int32(rows.strings.count)
        stringNumbers[string] = number
        rows.strings.append(string)
        return number
    }

    /// The number of a word; that of the last one for words that nobody knows.
    private static func number(of word: String, in words: [String]) -> UInt8 {
        UInt8(words.firstIndex(of: word) ?? words.count - 1)
    }

    private static func count(_ tokens: Int64?) -> Int32 {
        tokens.map { Int32(clamping: max($0, 0)) } ?? -1
    }

    func skeleton(isComplete: Bool) -> TraceSkeleton {
        let parents = parentIDs.map { id in id.flatMap { positions[$0] } ?? -1 }
        let forest = SpanForestOrder(parents: parents, starts: rows.starts)
        var skeleton = TraceSkeleton()
        skeleton.isComplete = isComplete
        skeleton.start = Timestamp(microseconds: rows.starts.min() ?? 0)
        skeleton.end = Timestamp(microseconds: ends.max() ?? 0)
        skeleton.strings = rows.strings
        skeleton.parents = forest.parents
        skeleton.depths = forest.depths
        func sorted<Value>(_ column: [Value]) -> [Value] { forest.order.map { column[Int($0)] } }
        skeleton.rowIDs = sorted(rows.rowIDs)
        skeleton.kindNumbers = sorted(rows.kindNumbers)
        skeleton.statusNumbers = sorted(rows.statusNumbers)
        skeleton.flags = sorted(rows.flags)
        skeleton.starts = sorted(rows.starts)
        skeleton.durations = sorted(rows.durations)
        skeleton.promptTokens = sorted(rows.promptTokens)
        skeleton.completionTokens = sorted(rows.completionTokens)
        skeleton.costs = sorted(rows.costs)
        skeleton.names = sorted(rows.names)
        skeleton.models = sorted(rows.models)
        skeleton.otelIDs = sorted(rows.otelIDs)
        for (place, position) in forest.order.enumerated()
        where parents[Int(position)] < 0 && parentIDs[Int(position)] != nil {
            skeleton.flags[place] |= TraceSkeleton.Flag.orphan
        }
        for place in forest.cuts { skeleton.flags[Int(place)] |= TraceSkeleton.Flag.cut }
        return skeleton
    }
}
