import FilterLanguage
import PhoenixModel
import SQLCore
import TestSupport
import Testing

@testable import Tracing

/// Lists over segments give what a look at every span would give.
struct SegmentTests {
    static let columns = SpanSort.Column.allCases
    private static let start: Int64 = 1_790_000_000_000_000

    /// Spans of two projects with many ties, in traces of one to nine spans, parents at times after
    /// their children.
    private static func spans(
        _ range: Range<Int>, using random: inout SplitMix64
    ) -> [IncomingSpan] {
        range.map { index in
            let kind = ["LLM", "CHAIN", "TOOL", "RETRIEVER"].randomElement(using: &random)!
            let isLLM = kind == "LLM"
            let start = start + Int64.random(in: 0..<5000, using: &random) * 1_000_000
            return .stub(
                trace: index / 9 + 1, span: index + 1,
                parent: index % 9 == 8 ? nil : index / 9 * 9 + 9,
                project: index / 9 % 5 == 0 ? "other" : "demo", name: "n\(index % 7)", kind: kind,
                status: index % 11 == 0 ? "ERROR" : "OK", startTime: start,
                endTime: start + Int64.random(in: -1..<40, using: &random) * 250_000,
                promptTokens: isLLM ? Int64.random(in: 0..<50, using: &random) : nil,
                completionTokens: isLLM && index % 3 > 0
                    ? Int64.random(in: 0..<1000, using: &random) : nil,
                attributes: isLLM ? cost(index, using: &random) : "{}")
        }
    }

    /// Attributes that state a cost, one without a price, or none.
    private static func cost(_ index: Int, using random: inout SplitMix64) -> String {
        let dollars = Double(Int.random(in: 0..<8, using: &random)) / 4
        switch index % 5 {
        case 0: return "{}"
        case 1: return #"{"cost":{"entries":[[1,"input",10,null]]}}"#
        default: return #"{"cost":{"model":1,"entries":[[1,"input",10,\#(dollars)]]}}"#
        }
    }

    private struct Model {
        var spans: [Span]
        /// Of the spans with a cost row.
        private var costs: [Span.ID: Double?] = [:]
        /// Of the traces with a span that has a cost row.
        private var traceCosts: [Trace.ID: Double] = [:]

        init(_ store: TracingStore, project: Project.ID) async throws {
            spans = try await store.database.read { connection in
                try connection.query(
                    "SELECT \(TracingStore.spanColumns) FROM spans s WHERE project_rowid = \(project)"
                ).map(TracingStore.span)
            }
            let rows = try await store.database.read { connection in
                try connection.query("SELECT span_rowid, prompt_cost FROM span_costs")
            }
            for row in rows { costs[row.id(0)] = .some(row.optionalDouble(1)) }
            for span in spans {
                if let cost = costs[span.id] { traceCosts[span.traceID, default: 0] += cost ?? 0 }
            }
        }

        private func isListed(_ span: Span, by column: SpanSort.Column) -> Bool {
            switch column {
            case .tokenCostTotal: costs[span.id] != nil
            case .cumulativeTokenCostTotal: traceCosts[span.traceID] != nil
            default: true
            }
        }

        private func number(_ span: Span, _ column: SpanSort.Column) -> Double? {
            switch column {
            case .tokenCostTotal: costs[span.id]!
            case .cumulativeTokenCostTotal: traceCosts[span.traceID].flatMap { $0 > 0 ? $0 : nil }
            default: Self.value(span, column).map(Double.init)
            }
        }

        static func value(_ span: Span, _ column: SpanSort.Column) -> Int64? {
            switch column {
            case .id: span.id.value
            case .startTime: span.startTime.microseconds
            case .endTime: span.endTime.microseconds
            case .latencyMs: span.endTime.microseconds - span.startTime.microseconds
            case .tokenCountTotal: (span.promptTokens ?? 0) + (span.completionTokens ?? 0)
            case .tokenCountPrompt: span.promptTokens
            case .tokenCountCompletion: span.completionTokens
            case .cumulativeTokenCountTotal:
                span.cumulativePromptTokens + span.cumulativeCompletionTokens
            case .cumulativeTokenCountPrompt: span.cumulativePromptTokens
            case .cumulativeTokenCountCompletion: span.cumulativeCompletionTokens
            case .tokenCostTotal, .cumulativeTokenCostTotal: nil
            }
        }

        func sorted(by sort: SpanSort) -> [Span.ID] {
            spans.filter { isListed($0, by: sort.column) }.sorted { left, right in
                let values = (number(left, sort.column), number(right, sort.column))
                switch values {
                case (let first?, let second?) where first != second:
                    return (first < second) != sort.isDescending
                case (.some, nil): return true
                case (nil, .some): return false
                default: return (left.id < right.id) != sort.isDescending
                }
            }.map(\.id)
        }
    }

    private static func pages(
        of store: TracingStore, _ project: Project.ID, _ filter: SpanFilter, _ sort: SpanSort,
        pageSize: Int
    ) async throws -> [Span.ID] {
        var ids: [Span.ID] = []
        var place: SpanPlace?
        while true {
            let page = try await store.sortedSpans(
                of: project, where: filter, by: sort, after: place, limit: pageSize)
            ids += page.rows.map(\.span.id)
            guard page.following != nil, let last = page.rows.last else { return ids }
            place = last.place
        }
    }

    private static func compare(_ store: TracingStore, _ when: String) async throws {
        for name in ["demo", "other"] {
            guard let project = try await store.projectIfAny(named: name)?.id else { continue }
            let all = try await Model(store, project: project)
            for column in columns {
                for isDescending in [true, false] {
                    let sort = SpanSort(column, isDescending: isDescending)
                    let found = try await pages(
                        of: store, project, filter("span_kind != 'PROMPT'"), sort, pageSize: 400)
                    #expect(found == all.sorted(by: sort), "\(name) by \(sort) \(when)")
                }
            }
            for isDescending in [true, false] {
                let sort = SpanSort(.id, isDescending: isDescending)
                let found = try await walks(store, project, sort, pageSize: 90)
                #expect(found == all.sorted(by: sort), "\(name) along few segments \(when)")
            }
            for (text, condition) in conditions {
                var model = all
                model.spans.removeAll { !condition($0) }
                for column in [SpanSort.Column.startTime, .latencyMs, .tokenCostTotal] {
                    let sort = SpanSort(column, isDescending: true)
                    let found = try await pages(
                        of: store, project, filter(text), sort, pageSize: 350)
                    #expect(found == model.sorted(by: sort), "\(text) by \(sort) \(when)")
                }
                let count = try await store.spanCount(of: project, where: filter(text))
                #expect(count == Int64(model.spans.count), "\(text) \(when)")
            }
            let latencies = SortedLatencies(all.spans.map { Model.value($0, .latencyMs)! })
            let quantiles = try await store.spanLatencyMsQuantiles(
                [0, 0.25, 0.5, 0.99, 1], of: project, where: SpanFilter())
            #expect(quantiles == [0, 0.25, 0.5, 0.99, 1].map(latencies.quantileMs), "\(when)")
        }
    }

    /// The pages of all spans along the row ids, of which two segments are listed before the rest.
    private static func walks(
        _ store: TracingStore, _ project: Project.ID, _ sort: SpanSort, pageSize: Int
    ) async throws -> [Span.ID] {
        try await store.database.read { connection in
            var ids: [Span.ID] = []
            var last: SpanPlace?
            while true {
                var conditions: [SQL] = ["s.project_rowid = \(project)"]
                if let last {
                    conditions.append(
                        sort.isDescending ? "s.id < \(last.id)" : "s.id > \(last.id)")
                }
                let walk = SegmentWalk(
                    project: project, filter: SpanFilter(), sort: sort, conditions: conditions,
                    connection: connection, nearMax: 2)
                let page = try walk.places(limit: pageSize, after: last)
                ids += page.map(\.id)
                guard page.count == pageSize else { return ids }
                last = page.last
            }
        }
    }

    private static let conditions: [(String, @Sendable (Span) -> Bool)] = [
        ("span_kind == 'llm'", { $0.kind == "LLM" }),
        ("span_kind in ['TOOL', 'LLM']", { ["TOOL", "LLM"].contains($0.kind) }),
        ("span_kind == 'PROMPT'", { _ in false }),
        (
            "status_code == 'ERROR' and latency_ms >= 5000",
            { $0.statusCode == "ERROR" && Model.value($0, .latencyMs)! >= 5_000_000 }
        ),
        ("9750 <= latency_ms", { Model.value($0, .latencyMs)! >= 9_750_000 }),
        (
            "latency_ms == -250 or name == 'n3'",
            { Model.value($0, .latencyMs)! == -250_000 || $0.name == "n3" }
        ),
        (
            "cumulative_token_count.total > 2000 and not status_code == 'ERROR'",
            { Model.value($0, .cumulativeTokenCountTotal)! > 2000 && $0.statusCode != "ERROR" }
        ),
        ("parent_id is None", { $0.parentID == nil }),
        (
            "start_time < '2026-09-21T14:40:00Z'",
            { $0.startTime.microseconds < 1_790_001_600_000_000 }
        ),
    ]

    private static func filter(_ text: String) throws -> SpanFilter {
        var filter = SpanFilter()
        filter.expressions = [try Filter(text, in: .span)]
        return filter
    }

    private static func sealAll(_ store: TracingStore) async throws {
        while try await store.sealSegments(limit: 3) > 0 {}
    }

    @Test(arguments: TestDatabase.available)
    func `a list is the same whether segments are open, sealed or stale`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = TracingStore(database, pricing: StatedPricing())
            var random = SplitMix64(seed: 7)
            var start = 0
            while start < 1000 {
                let size = Int.random(in: 1..<300, using: &random)
                _ = try await store.insert(
                    [Self.spans(start..<min(start + size, 1000), using: &random)], now: 0)
                start += size
            }
            try await Self.compare(store, "while all is open")
            _ = try await store.sealSegments(limit: 4)
            try await Self.compare(store, "when a part is sealed")
            try await Self.sealAll(store)
            try await Self.compare(store, "when all is sealed")

            // Parents that arrive late raise counts in sealed segments.
            let late = Self.spans(1000..<1150, using: &random)
            for span in late.reversed() { _ = try await store.insert([[span]], now: 0) }
            try await Self.compare(store, "after late parents")
            try await Self.sealAll(store)

            for trace in [3, 40, 77, 111] {
                try await store.deleteTrace(
                    Identifier(OTelID.number(trace, byteCount: 16).hex))
            }
            try await store.deleteSpan(Identifier(OTelID.number(500, byteCount: 8).hex))
            let moved = [21, 22, 23].map {
                Identifier<Trace>(OTelID.number($0, byteCount: 16).hex)
            }
            _ = try await store.moveTraces([moved[1]], to: Identifier("other"))
            try await Self.compare(store, "when some are stale")
            try await Self.sealAll(store)
            try await Self.compare(store, "when they are rebuilt")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans of many traces that cost the same come in the order of their ids`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = TracingStore(database, pricing: StatedPricing())
            let spans: [IncomingSpan] = (0..<400).map { index in
                let dollars = index < 150 ? 1.0 : Double(index % 4)
                return .stub(
                    trace: (index * 7) % 400 / 2 + 1, span: index + 1, kind: "LLM",
                    attributes: #"{"cost":{"model":1,"entries":[[1,"input",10,\#(dollars)]]}}"#)
            }
            _ = try await store.insert([spans], now: 0)
            _ = try await store.sealSegments(limit: 2)
            try await Self.compare(store, "when many cost the same")
        }
    }

    @Test func `a payload that cannot be read does not keep segments from being sealed`()
        async throws
    {
        try await TestDatabase.sqlite.withTracingStore { store in
            _ = try await store.insert([(1...300).map { .stub(trace: $0, span: $0) }], now: 0)
            _ = try await store.database.write { connection in
                try connection.execute(
                    "UPDATE span_payload_blocks SET data = \([UInt8](repeating: 7, count: 40))")
            }
            try await Self.sealAll(store)
            let next = try await store.database.read { connection in
                try connection.first("SELECT next_segment FROM span_segment_progress")!.integer(0)
            }
            #expect(next == 2)
        }
    }

    @Test func `packed latencies come back sorted`() {
        var random = SplitMix64(seed: 1)
        for count in [0, 1, 2, 128] {
            let values = (0..<count).map { _ in
                Int64.random(in: -5...(1 << 45), using: &random)
            }
            var back: [Int64] = []
            PackedLatencies(values).visit {
                back.append($0)
                return true
            }
            #expect(back == values.sorted())
        }
        var back: [Int64] = []
        PackedLatencies([.max, .min + 1, 0]).visit {
            back.append($0)
            return true
        }
        #expect(back == [.min + 1, 0, .max])
    }
}
