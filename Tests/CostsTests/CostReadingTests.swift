import FilterLanguage
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@testable import Costs

/// What spans, traces, sessions, projects and models cost, on each database.
@Suite struct CostReadingTests {
    private static let minute: Int64 = 60_000_000
    /// The start of a minute.
    private static let base: Int64 = 29_833_333 * minute

    private static func call(
        trace: Int, span: Int, parent: Int? = nil, session: String? = nil, offset: Int64 = 0,
        model: Int? = 1, input: Double = 10, inputCost: Double = 0.5, cached: Double? = nil
    ) -> IncomingSpan {
        var entries = "[1, \"input\", \(input), \(inputCost)], [0, \"output\", 4, 0.25]"
        if let cached { entries += ", [1, \"cache_read\", \(cached), 0.125]" }
        return .stub(
            trace: trace, span: span, parent: parent, session: session, kind: "LLM",
            startTime: base + offset, endTime: base + offset + 5, promptTokens: 1,
            completionTokens: 1,
            attributes: """
                {"cost": {"model": \(model.map(String.init) ?? "null"), "entries": [\(entries)]}}
                """)
    }

    private func withStores(
        _ kind: TestDatabase, _ body: (TracingStore, CostStore) async throws -> Void
    ) async throws {
        try await kind.withDatabase { database in
            try await database.write { connection in
                for id in 1...3 {
                    try connection.execute(
                        """
                        INSERT INTO generative_models (
                            id, name, provider, name_pattern, is_built_in, created_at, updated_at)
                        VALUES (\(id), \("m\(id)"), '', \("m\(id)"), 0, 1, 1)
                        """)
                }
            }
            try await body(TracingStore(database, pricing: StatedPricing()), CostStore(database))
        }
    }

    private func ids(_ database: any SQLDatabase, _ query: SQL) async throws -> [Int64] {
        try await database.read { try $0.query(query).map { $0.integer(0) } }
    }

    private static func summary(
        _ promptTokens: Double?, _ promptCost: Double?, _ completionTokens: Double?,
        _ completionCost: Double?
    ) -> CostSummary {
        CostSummary(
            prompt: CostBreakdown(tokens: promptTokens, cost: promptCost),
            completion: CostBreakdown(tokens: completionTokens, cost: completionCost))
    }

    @Test(arguments: TestDatabase.available)
    func `spans, what is below them, traces and sessions tell their costs`(
        on kind: TestDatabase
    ) async throws {
        try await withStores(kind) { tracing, costs in
            _ = try await tracing.insert(
                [
                    [
                        .stub(trace: 1, span: 1, session: "s", kind: "CHAIN"),
                        Self.call(trace: 1, span: 2, parent: 1),
                        Self.call(trace: 1, span: 3, parent: 2, cached: 6),
                        Self.call(trace: 2, span: 4, session: "s", model: nil),
                        .stub(trace: 3, span: 5, kind: "CHAIN"),
                    ]
                ], now: 0)
            let spans = try await ids(
                tracing.database, "SELECT s.id FROM spans s ORDER BY s.span_id"
            )
            .map { Span.ID($0) }
            let summaries = try await costs.summaries(ofSpans: spans)
            #expect(summaries.count == 3)
            #expect(summaries[spans[1]] == Self.summary(10, 0.5, 4, 0.25))
            #expect(summaries[spans[1]]?.total == CostBreakdown(tokens: 14, cost: 0.75))
            #expect(summaries[spans[3]] == Self.summary(10, nil, 4, nil))
            #expect(summaries[spans[3]]?.total == CostBreakdown(tokens: 14, cost: nil))

            let details = try await costs.details(ofSpans: spans)
            #expect(details[spans[2]]?.map(\.tokenType) == ["cache_read", "input", "output"])
            #expect(details[spans[3]]?.map(\.value.cost) == [nil, nil])
            let cumulative = try await costs.cumulativeDetails(ofSpans: spans)
            #expect(cumulative[spans[0]]?.map(\.value.tokens) == [6, 20, 8])
            #expect(cumulative[spans[0]]?.map(\.value.cost) == [0.125, 1, 0.5])
            #expect(cumulative[spans[2]]?.map(\.value.tokens) == [6, 10, 4])
            #expect(cumulative[spans[4]] == nil)

            let traces = try await ids(
                tracing.database, "SELECT t.id FROM traces t ORDER BY t.trace_id"
            ).map { Trace.ID($0) }
            let ofTraces = try await costs.summaries(ofTraces: traces)
            #expect(ofTraces[traces[0]] == Self.summary(26, 1.125, 8, 0.5))
            #expect(ofTraces[traces[1]] == Self.summary(10, 0, 4, 0))
            #expect(ofTraces[traces[2]] == nil)
            let detailsOfTraces = try await costs.details(ofTraces: traces)
            #expect(detailsOfTraces[traces[1]]?.map(\.value.cost) == [0, 0])

            let sessions = try await ids(
                tracing.database, "SELECT x.id FROM project_sessions x"
            ).map { Session.ID($0) }
            #expect(
                try await costs.summaries(ofSessions: sessions)
                    == [sessions[0]: Self.summary(36, 1.125, 12, 0.5)])
            let detailsOfSessions = try await costs.details(ofSessions: sessions)
            #expect(detailsOfSessions[sessions[0]]?.map(\.value.tokens) == [6, 30, 12])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `any range is exact, for projects by traces and for models by spans`(
        on kind: TestDatabase
    ) async throws {
        try await withStores(kind) { tracing, costs in
            // Each call costs another power of two, so that a sum tells which calls are in it.
            let offsets: [Int64] = [
                0, 1, 30_000_000, 59_999_999, 60_000_000, 90_000_000, 180_000_001,
            ]
            let calls = offsets.enumerated().map { index, offset in
                Self.call(
                    trace: index + 1, span: index + 1, offset: offset, model: 1 + index % 2,
                    inputCost: Double(1 << index))
            }
            _ = try await tracing.insert([calls], now: 0)
            let project = try await tracing.project(Identifier(name: "demo")).id
            let edges: [Int64] = offsets + offsets.map { $0 + 1 } + [-1, 120_000_000, 240_000_000]
            for start in edges {
                for end in edges where end > start {
                    let range = TimeRange(
                        start: Timestamp(microseconds: Self.base + start),
                        end: Timestamp(microseconds: Self.base + end))
                    let expected = offsets.enumerated().filter { $0.1 >= start && $0.1 < end }
                        .map { Double(1 << $0.0) }
                    let found = try await costs.summaries(
                        ofProjects: [project], in: ProjectSelection(range: range))
                    #expect(
                        found[project]?.prompt.cost ?? 0 == expected.reduce(0, +),
                        "\(start)..<\(end)")
                    #expect((found[project] == nil) == expected.isEmpty)
                    let models = try await costs.summaries(
                        ofModels: [.init(1), .init(2)], in: .init(project: project, range: range))
                    #expect(
                        models.values.map { $0.prompt.cost ?? 0 }.reduce(0, +)
                            == expected.reduce(0, +), "\(start)..<\(end)")
                    let all = try await costs.summaries(
                        ofModels: [.init(1), .init(2)], in: .init(range: range))
                    #expect(all == models)
                    let bins = try TimeBins(
                        from: range.start!, to: range.end!, scale: .minute)
                    let series = try await costs.series(of: project, bins)
                    #expect(
                        series.compactMap(\.summary.prompt.cost).reduce(0, +)
                            == expected.reduce(0, +), "\(start)..<\(end)")
                }
            }
            let all = try await costs.summaries(ofProjects: [project], in: ProjectSelection())
            #expect(all[project]?.prompt.cost == 127)
            let filtered = try await costs.summaries(
                ofProjects: [project],
                in: ProjectSelection(expression: try Filter("name == 'step'", in: .span)))
            #expect(filtered == all)
            let none = try await costs.summaries(
                ofProjects: [project],
                in: ProjectSelection(expression: try Filter("name == 'other'", in: .span)))
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `models are ranked by cost and by tokens and know their last use`(
        on kind: TestDatabase
    ) async throws {
        try await withStores(kind) { tracing, costs in
            _ = try await tracing.insert(
                [
                    [
                        Self.call(trace: 1, span: 1, offset: 7, model: 1, inputCost: 2),
                        Self.call(trace: 1, span: 2, offset: 90_000_000, model: 2, input: 1000),
                        Self.call(trace: 2, span: 3, offset: 90_000_001, model: 2, inputCost: 0),
                        Self.call(trace: 3, span: 4, offset: 5, model: nil),
                    ]
                ], now: 0)
            let project = try await tracing.project(Identifier(name: "demo")).id
            let scope = CostStore.Scope(project: project)
            let byCost = try await costs.topModels(in: scope, by: .cost)
            #expect(byCost.map(\.model.name) == ["m1", "m2"])
            #expect(byCost.map(\.summary.total.cost) == [2.25, 1])
            let byTokens = try await costs.topModels(in: scope, by: .tokens)
            #expect(byTokens.map(\.model.name) == ["m2", "m1"])
            let details = try await costs.details(ofModels: [.init(2)], in: scope)
            #expect(details[.init(2)]?.map(\.value.tokens) == [1010, 8])
            let uses = try await costs.lastUses(ofModels: [.init(1), .init(2), .init(3)])
            #expect(
                uses == [
                    .init(1): Timestamp(microseconds: Self.base + 7),
                    .init(2): Timestamp(microseconds: Self.base + 90_000_001),
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a series tells each kind of tokens of each bin`(on kind: TestDatabase) async throws {
        try await withStores(kind) { tracing, costs in
            _ = try await tracing.insert(
                [
                    [
                        Self.call(trace: 1, span: 1, cached: 6),
                        Self.call(trace: 2, span: 2, offset: 180_000_000, model: nil),
                    ]
                ], now: 0)
            let project = try await tracing.project(Identifier(name: "demo")).id
            let bins = try TimeBins(
                from: Timestamp(microseconds: Self.base),
                to: Timestamp(microseconds: Self.base + 4 * Self.minute), scale: .minute)
            let series = try await costs.series(of: project, bins)
            #expect(series.count == 4)
            #expect(series[0].summary == Self.summary(16, 0.625, 4, 0.25))
            #expect(
                series[0].details.map(\.tokenType).sorted() == ["cache_read", "input", "output"])
            #expect(series[1] == CostPoint())
            #expect(series[1].summary.total == CostBreakdown())
            // Tokens without a price.
            #expect(series[3].summary == Self.summary(10, nil, 4, nil))
        }
    }
}
