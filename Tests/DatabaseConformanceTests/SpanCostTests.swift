import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// The cost rows of spans and the sums over them, on each database.
@Suite struct SpanCostTests {
    private static let start: Int64 = 1_790_000_000_000_000
    private static let minute: Int64 = 60_000_000

    private static func attributes(
        _ model: Int?, _ entries: [(isPrompt: Int, type: String, tokens: Int, cost: String)]
    ) -> String {
        let rows = entries.map { "[\($0.isPrompt), \"\($0.type)\", \($0.tokens), \($0.cost)]" }
        let model = model.map(String.init) ?? "null"
        return #"{"cost": {"model": \#(model), "entries": [\#(rows.joined(separator: ", "))]}}"#
    }

    private static func call(
        trace: Int = 1, span: Int, parent: Int? = nil, project: String = "demo",
        session: String? = nil, minutes: Int64 = 0, model: Int? = 7, prompt: Int = 10,
        promptCost: String = "0.5", completion: Int = 4, completionCost: String = "0.25",
        cached: Int? = nil
    ) -> IncomingSpan {
        var entries = [
            (isPrompt: 1, type: "input", tokens: prompt, cost: promptCost),
            (isPrompt: 0, type: "output", tokens: completion, cost: completionCost),
        ]
        if let cached {
            entries.append((isPrompt: 1, type: "cache_read", tokens: cached, cost: "0.125"))
        }
        return .stub(
            trace: trace, span: span, parent: parent, project: project, session: session,
            kind: "LLM", startTime: start + minutes * minute, endTime: start + minutes * minute,
            promptTokens: 1, completionTokens: 1, attributes: attributes(model, entries))
    }

    private func withStore(
        _ kind: TestDatabase, _ body: (TracingStore) async throws -> Void
    ) async throws {
        try await kind.withDatabase { database in
            try await body(TracingStore(database, pricing: StatedPricing()))
        }
    }

    private func rows(_ store: TracingStore, _ query: SQL) async throws -> [[SQLValue]] {
        try await store.database.read { try $0.query(query).map(\.values) }
    }

    @Test(arguments: TestDatabase.available)
    func `the row of a span has the sums and the view every kind of token`(
        on kind: TestDatabase
    ) async throws {
        try await withStore(kind) { store in
            _ = try await store.insert(
                [
                    [
                        Self.call(span: 1), Self.call(span: 2, cached: 6),
                        Self.call(span: 3, model: nil, promptCost: "null", completionCost: "null"),
                        Self.call(span: 4, promptCost: "0", completion: 0, completionCost: "0"),
                        .stub(span: 5, kind: "CHAIN", attributes: Self.attributes(7, [])),
                    ]
                ], now: 0)
            let costs = try await rows(
                store,
                """
                SELECT s.span_id, c.model_id, c.prompt_tokens, c.completion_tokens, c.prompt_cost,
                    c.completion_cost
                FROM span_costs c
                JOIN spans s ON s.id = c.span_rowid
                ORDER BY s.id
                """)
            #expect(
                costs.map { Array($0.dropFirst()) } == [
                    [7, .double(10), .double(4), .double(0.5), .double(0.25)],
                    [7, .double(16), .double(4), .double(0.625), .double(0.25)],
                    [nil, .double(10), .double(4), nil, nil],
                    [7, .double(10), nil, nil, nil],
                ])
            let entries = try await rows(
                store,
                """
                SELECT e.is_prompt, e.token_type, e.tokens, e.cost
                FROM span_cost_entries e
                ORDER BY e.span_rowid, e.is_prompt DESC, e.token_type
                """)
            #expect(
                entries == [
                    [1, "input", .double(10), .double(0.5)],
                    [0, "output", .double(4), .double(0.25)],
                    [1, "cache_read", .double(6), .double(0.125)],
                    [1, "input", .double(10), .double(0.5)],
                    [0, "output", .double(4), .double(0.25)],
                    [1, "input", .double(10), nil], [0, "output", .double(4), nil],
                    [1, "input", .double(10), .double(0)], [0, "output", .double(0), .double(0)],
                ])
            // One side of each of two spans is not plain.
            let details = try await rows(store, "SELECT COUNT(*) FROM span_cost_details")
            #expect(details == [[3]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a trace has the sums over its spans and none while none has a cost`(
        on kind: TestDatabase
    ) async throws {
        try await withStore(kind) { store in
            let query: SQL = """
                SELECT t.cost_count, t.prompt_cost_tokens, t.completion_cost_tokens,
                    t.prompt_cost, t.completion_cost
                FROM traces t
                """
            _ = try await store.insert([[.stub(span: 1)]], now: 0)
            #expect(try await rows(store, query) == [[0, nil, nil, nil, nil]])
            _ = try await store.insert([[Self.call(span: 2)]], now: 0)
            _ = try await store.insert([[Self.call(span: 3, cached: 6)]], now: 0)
            #expect(
                try await rows(store, query) == [
                    [2, .double(26), .double(8), .double(1.125), .double(0.5)]
                ])
            try await store.deleteSpan(Self.spanID(2))
            try await store.deleteSpan(Self.spanID(3))
            #expect(try await rows(store, query) == [[0, nil, nil, nil, nil]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `minutes count by the start of the trace and of the span`(
        on kind: TestDatabase
    ) async throws {
        try await withStore(kind) { store in
            let base = ProjectRollup.minute(of: Self.start)
            func minutes(_ table: String) async throws -> [[SQLValue]] {
                try await rows(
                    store,
                    """
                    SELECT m.minute - \(base), m.is_prompt, m.token_type, m.entry_count, m.tokens,
                        m.cost
                    FROM \(unsafe: table) m
                    ORDER BY m.minute, m.is_prompt DESC, m.token_type
                    """)
            }
            _ = try await store.insert([[Self.call(span: 1, minutes: 5)]], now: 0)
            // A second batch makes the trace start earlier, which takes the stored costs along.
            _ = try await store.insert([[Self.call(span: 2, minutes: 3, model: nil)]], now: 0)
            #expect(
                try await minutes("trace_cost_minutes") == [
                    [3, 1, "input", 2, .double(20), .double(0.5)],
                    [3, 0, "output", 2, .double(8), .double(0.25)],
                ])
            #expect(
                try await minutes("model_cost_minutes") == [
                    [5, 1, "input", 1, .double(10), .double(0.5)],
                    [5, 0, "output", 1, .double(4), .double(0.25)],
                ])
            try await store.deleteSpan(Self.spanID(1))
            #expect(try await minutes("model_cost_minutes") == [])
            try await store.deleteSpan(Self.spanID(2))
            #expect(try await minutes("trace_cost_minutes") == [])
        }
    }

    private static func spanID(_ number: Int) -> Identifier<Span> {
        Identifier(OTelID.number(number, byteCount: 8).description)
    }

    private static func traceID(_ number: Int) -> Identifier<Trace> {
        Identifier(OTelID.number(number, byteCount: 16).description)
    }

    /// What the tables of minutes must hold, computed from the spans.
    private static let recounted: [(String, SQL)] = [
        (
            "trace_cost_minutes",
            """
            SELECT s.project_rowid, t.start_time / 60000000 AS minute, e.is_prompt, e.token_type,
                COUNT(*), SUM(e.tokens), SUM(COALESCE(e.cost, 0.0))
            FROM spans s
            JOIN traces t ON t.id = s.trace_rowid
            JOIN span_cost_entries e ON e.span_rowid = s.id
            GROUP BY s.project_rowid, minute, e.is_prompt, e.token_type
            ORDER BY s.project_rowid, minute, e.is_prompt, e.token_type
            """
        ),
        (
            "model_cost_minutes",
            """
            SELECT s.project_rowid, s.start_time / 60000000 AS minute, e.is_prompt, e.token_type,
                COUNT(*), SUM(e.tokens), SUM(COALESCE(e.cost, 0.0)), e.model_id
            FROM spans s
            JOIN span_cost_entries e ON e.span_rowid = s.id
            WHERE e.model_id IS NOT NULL
            GROUP BY s.project_rowid, minute, e.is_prompt, e.token_type, e.model_id
            ORDER BY s.project_rowid, minute, e.is_prompt, e.token_type, e.model_id
            """
        ),
    ]

    @Test(arguments: TestDatabase.available)
    func `the sums stay right through any order of inserting, deleting and moving`(
        on kind: TestDatabase
    ) async throws {
        try await withStore(kind) { store in
            var random = SplitMix(state: 42)
            var next = 1
            for step in 0..<120 {
                switch random.below(10) {
                case 0..<6:
                    let batch = (0..<(1 + random.below(6))).map { _ -> IncomingSpan in
                        defer { next += 1 }
                        let trace = 1 + random.below(12)
                        return Self.call(
                            trace: trace, span: next,
                            parent: random.below(2) == 0 ? nil : max(1, next - 3),
                            project: "p\(trace % 3)", session: "s\(trace % 4)",
                            minutes: Int64(random.below(20)),
                            model: random.below(4) == 0 ? nil : random.below(3) + 1,
                            prompt: random.below(5), cached: random.below(3) == 0 ? 3 : nil)
                    }
                    _ = try await store.insert([batch], now: 0)
                case 6, 7:
                    // Nothing is lost when the span, the trace or the project is not there.
                    try? await store.deleteSpan(Self.spanID(1 + random.below(max(1, next))))
                case 8:
                    try? await store.deleteTrace(Self.traceID(1 + random.below(12)))
                default:
                    _ = try? await store.moveTraces(
                        [Self.traceID(1 + random.below(12))], to: Identifier("p\(random.below(3))"))
                }
                guard step % 20 == 19 else { continue }
                let findings = try await store.integrityFindings()
                #expect(findings == [])
                for (table, query) in Self.recounted {
                    let more: SQL = table == "model_cost_minutes" ? ", m.model_id" : ""
                    let stored = try await rows(
                        store,
                        """
                        SELECT m.project_rowid, m.minute, m.is_prompt, m.token_type, m.entry_count,
                            m.tokens, m.cost \(more)
                        FROM \(unsafe: table) m
                        ORDER BY m.project_rowid, m.minute, m.is_prompt, m.token_type \(more)
                        """)
                    let expected = try await rows(store, query)
                    #expect(stored == expected)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a wrong sum of costs is found`(on kind: TestDatabase) async throws {
        try await withStore(kind) { store in
            _ = try await store.insert([[Self.call(span: 1)]], now: 0)
            #expect(try await store.integrityFindings() == [])
            try await store.database.write {
                try $0.run(script: "UPDATE traces SET prompt_cost = 9")
                try $0.run(script: "UPDATE trace_cost_minutes SET cost = 9")
                try $0.run(script: "UPDATE model_cost_minutes SET entry_count = 9")
            }
            #expect(try await store.integrityFindings().count == 3)
        }
    }
}

/// A seeded source of numbers (Steele et al., "Fast splittable pseudorandom number generators").
private struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ (z >> 31)) % UInt64(bound))
    }
}
