import FilterLanguage
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// A model call directly above another one does not count in its project's tokens.
@Suite struct WrappedCallTests {
    private static func call(
        _ span: Int, _ parent: Int? = nil, kind: String = "LLM", prompt: Int64? = nil,
        completion: Int64? = nil, trace: Int = 1
    ) -> IncomingSpan {
        .stub(
            trace: trace, span: span, parent: parent, name: "s\(span)", kind: kind,
            startTime: 1_790_000_040_000_000 + Int64(span) * 40_000_000,
            promptTokens: prompt, completionTokens: completion)
    }

    private static func spanID(_ number: Int) -> Identifier<Span> {
        Identifier(OTelID.number(number, byteCount: 8).hex)
    }

    private static func traceID(_ number: Int) -> Identifier<Trace> {
        Identifier(OTelID.number(number, byteCount: 16).hex)
    }

    /// The prompt and completion tokens of a project, by the whole and by each way to a part.
    private func tokens(
        _ store: TracingStore, project: String = "demo", in range: TimeRange = .always,
        where expression: String? = nil
    ) async throws -> [Int64] {
        guard let id = try await store.projectIfAny(named: project)?.id else { return [0, 0] }
        let totals: [Project.ID: ProjectTotals]
        if let expression {
            let selection = ProjectSelection(
                range: range, expression: try Filter(expression, in: .span))
            totals = try await store.spanTotals(of: [id], in: selection)
        } else {
            totals = try await store.totals(of: [id], in: range)
        }
        return [totals[id]?.promptTokens ?? 0, totals[id]?.completionTokens ?? 0]
    }

    struct Nesting: Sendable {
        var name: String
        var spans: [IncomingSpan]
        var tokens: [Int64]
    }

    static let nestings: [Nesting] = [
        Nesting(
            name: "two", spans: [call(1, prompt: 10, completion: 1), call(2, 1, prompt: 100)],
            tokens: [100, 0]),
        Nesting(
            name: "an inner call without tokens",
            spans: [call(1, prompt: 10, completion: 1), call(2, 1)], tokens: [0, 0]),
        Nesting(
            name: "three",
            spans: [call(1, prompt: 10), call(2, 1, prompt: 100), call(3, 2, prompt: 1000)],
            tokens: [1000, 0]),
        Nesting(
            name: "two inner calls",
            spans: [call(1, prompt: 10), call(2, 1, prompt: 100), call(3, 1, completion: 7)],
            tokens: [100, 7]),
        Nesting(
            name: "a chain in between",
            spans: [
                call(1, prompt: 10, completion: 1), call(2, 1, kind: "CHAIN"),
                call(3, 2, prompt: 100, completion: 2),
            ], tokens: [110, 3]),
        Nesting(
            name: "a call below a chain",
            spans: [call(1, kind: "CHAIN"), call(2, 1, prompt: 100)], tokens: [100, 0]),
        Nesting(
            name: "an embedding below a call",
            spans: [call(1, prompt: 10), call(2, 1, kind: "EMBEDDING")], tokens: [10, 0]),
        Nesting(
            name: "its own parent", spans: [call(1, 1, prompt: 10)], tokens: [10, 0]),
        Nesting(
            name: "a circle", spans: [call(1, 2, prompt: 10), call(2, 1, prompt: 100)],
            tokens: [0, 0]),
    ]

    @Test(arguments: TestDatabase.available, nestings)
    func `the outer of two calls does not count, in any order of arrival`(
        on kind: TestDatabase, nesting: Nesting
    ) async throws {
        for spans in [nesting.spans, nesting.spans.reversed()] {
            for batches in [[spans], spans.map { [$0] }, [spans, spans]] {
                try await kind.withTracingStore { store in
                    for batch in batches { _ = try await store.insert([batch], now: 0) }
                    #expect(try await tokens(store) == nesting.tokens, "\(nesting.name)")
                    #expect(try await store.integrityFindings() == [])
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the inner call need not be selected itself`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            let spans = [Self.call(1, prompt: 10, completion: 1), Self.call(4, 1, prompt: 100)]
            _ = try await store.insert([spans], now: 0)
            let start = Timestamp(microseconds: spans[1].startTime - 1)
            #expect(try await tokens(store, where: "name == 's1'") == [0, 0])
            #expect(try await tokens(store, where: "name == 's4'") == [100, 0])
            #expect(try await tokens(store, in: TimeRange(end: start)) == [0, 0])
            #expect(try await tokens(store, in: TimeRange(start: start)) == [100, 0])
            #expect(
                try await tokens(
                    store, in: TimeRange(end: start), where: "span_kind == 'LLM'") == [0, 0])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a call counts again when the last one below it is deleted`(on kind: TestDatabase)
        async throws
    {
        try await kind.withTracingStore { store in
            let spans = [
                Self.call(1, prompt: 10, completion: 1), Self.call(2, 1, prompt: 100),
                Self.call(3, 1, prompt: 1000), Self.call(4, 1, kind: "CHAIN"),
            ]
            _ = try await store.insert([spans], now: 0)
            for (span, left) in [(2, 1000), (3, 10)] as [(Int, Int64)] {
                try await store.deleteSpan(Self.spanID(span))
                #expect(try await tokens(store)[0] == left)
                #expect(try await store.integrityFindings() == [])
            }
            _ = try await store.insert([[spans[1]]], now: 0)
            #expect(try await tokens(store) == [100, 0])
            try await store.deleteSpan(Self.spanID(1))
            #expect(try await tokens(store) == [100, 0])
            try await store.deleteTrace(Self.traceID(1))
            #expect(try await tokens(store) == [0, 0])
            #expect(try await store.integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a trace takes along what its calls count for`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            let other = IncomingSpan.stub(trace: 2, span: 9, project: "other")
            let spans = [Self.call(1, prompt: 10, completion: 1), Self.call(2, 1, prompt: 100)]
            _ = try await store.insert([spans + [other]], now: 0)
            _ = try await store.moveTraces([Self.traceID(1)], to: Identifier("other"))
            #expect(try await tokens(store) == [0, 0])
            #expect(try await tokens(store, project: "other") == [100, 0])
            _ = try await store.insert([[Self.call(3, 2, completion: 5)]], now: 0)
            #expect(try await tokens(store, project: "other") == [0, 5])
            #expect(try await store.integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available, [1, 2, 3] as [UInt64])
    func `the tokens stay right through any order of inserting, deleting and moving`(
        on kind: TestDatabase, seed: UInt64
    ) async throws {
        try await kind.withTracingStore { store in
            var random = SplitMix64(seed: seed)
            // Twelve span ids a trace, so that spans come again and find parents and children.
            let others = (1...2).map {
                IncomingSpan.stub(trace: 100 + $0, span: 1000 + $0, project: "p\($0)")
            }
            _ = try await store.insert([others], now: 0)
            for step in 0..<80 {
                let trace = Int.random(in: 1...3, using: &random)
                let span = trace * 12 + Int.random(in: 0..<12, using: &random)
                switch Int.random(in: 0..<12, using: &random) {
                case 0..<8:
                    var batch: [IncomingSpan] = []
                    for _ in 0..<Int.random(in: 1...4, using: &random) {
                        let id = trace * 12 + Int.random(in: 0..<12, using: &random)
                        let parent = trace * 12 + Int.random(in: 0..<12, using: &random)
                        let kinds = ["LLM", "LLM", "CHAIN"]
                        let kind = kinds[Int.random(in: 0..<3, using: &random)]
                        batch.append(
                            Self.call(
                                id, parent < id ? parent : nil, kind: kind,
                                prompt: kind == "LLM" ? Int64(1) << (id % 12) : nil,
                                completion: kind == "LLM" ? Int64(id) : nil, trace: trace))
                    }
                    _ = try await store.insert([batch], now: 0)
                case 8, 9:
                    // Nothing is lost when the span, or the trace, is not there.
                    try? await store.deleteSpan(Self.spanID(span))
                case 10:
                    try? await store.deleteTrace(Self.traceID(trace))
                default:
                    _ = try? await store.moveTraces(
                        [Self.traceID(trace)], to: Identifier("p\(1 + step % 2)"))
                }
                guard step % 8 == 7 else { continue }
                #expect(try await store.integrityFindings() == [])
                #expect(try await minutes(store) == recounted(store))
            }
        }
    }

    private func minutes(_ store: TracingStore) async throws -> [[Int64]] {
        try await store.database.read { connection in
            try connection.query(
                """
                SELECT project_rowid, minute, span_count, llm_token_count_prompt,
                    llm_token_count_completion
                FROM project_minutes
                WHERE span_count > 0
                ORDER BY project_rowid, minute
                """
            ).map { row in (0..<5).map { row.integer($0) } }
        }
    }

    /// What the minutes must hold, from nothing but the kinds and parents of the spans.
    private func recounted(_ store: TracingStore) async throws -> [[Int64]] {
        try await store.database.read { connection in
            let outer: SQL = """
                s.span_kind = 'LLM' AND EXISTS (
                    SELECT 1
                    FROM spans c
                    WHERE c.parent_id = s.span_id AND c.trace_rowid = s.trace_rowid
                        AND c.span_kind = 'LLM')
                """
            return try connection.query(
                """
                SELECT s.project_rowid, s.start_time / 60000000 AS minute, COUNT(*),
                    CAST(SUM(CASE WHEN \(outer) THEN 0
                        ELSE COALESCE(s.llm_token_count_prompt, 0) END) AS BIGINT),
                    CAST(SUM(CASE WHEN \(outer) THEN 0
                        ELSE COALESCE(s.llm_token_count_completion, 0) END) AS BIGINT)
                FROM spans s
                GROUP BY s.project_rowid, minute
                ORDER BY s.project_rowid, minute
                """
            ).map { row in (0..<5).map { row.integer($0) } }
        }
    }
}
