import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@testable import Costs

@Suite struct RepricingTests {
    private static let now = Timestamp(microseconds: 1)

    private static func call(_ span: Int, model: String, project: String = "demo") -> IncomingSpan {
        var call = IncomingSpan.stub(
            trace: span / 10 + (project == "demo" ? 0 : 1000), span: span, project: project,
            kind: "LLM", startTime: 1_790_000_000_000_000 + Int64(span) * 1_000_000,
            attributes: """
                {"llm": {"model_name": "\(model)", "token_count": {"prompt": 10, "completion": 5}}}
                """)
        call.modelName = model
        return call
    }

    private static func draft(_ name: String, input: Double) -> ModelDraft {
        ModelDraft(
            name: name, provider: nil, namePattern: "^\(name)$", startTime: nil,
            prices: [
                TokenPrice(isPrompt: true, tokenType: "input", rate: input),
                TokenPrice(isPrompt: false, tokenType: "output", rate: 1),
            ])
    }

    private func reprice(
        _ store: TracingStore, _ selection: RepricingSelection = .init()
    ) async throws -> RepricingProgress {
        var progress = RepricingProgress()
        while !progress.isDone { progress = try await store.reprice(selection, from: progress) }
        return progress
    }

    private func costs(_ store: TracingStore) async throws -> [String: Int64] {
        let rows = try await store.database.read {
            try $0.query(
                """
                SELECT s.model_name, c.prompt_cost, COUNT(*)
                FROM spans s
                JOIN span_costs c ON c.span_rowid = s.id
                GROUP BY s.model_name, c.prompt_cost
                """)
        }
        return Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let cost = row.optionalDouble(1).map { "\($0)" } ?? "unknown"
                return ("\(row.text(0)) \(cost)", row.integer(2))
            })
    }

    @Test(arguments: TestDatabase.available)
    func `history is priced again in steps, and all sums follow`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withDatabase { database in
            let models = CostStore(database)
            let store = TracingStore(database, pricing: StoredPricing())
            let first = try await models.create(Self.draft("a", input: 1), now: Self.now)
            _ = try await store.insert(
                [
                    (0..<600).map { Self.call($0, model: $0 % 2 == 0 ? "a" : "b") },
                    (600..<610).map { Self.call($0, model: "a", project: "other") },
                ], now: 0)
            #expect(try await costs(store) == ["a 10.0": 310, "b unknown": 300])
            #expect(try await reprice(store).changedCount == 0)

            _ = try await models.update(first.id, to: Self.draft("a", input: 2), now: Self.now)
            _ = try await models.create(Self.draft("b", input: 3), now: Self.now)
            let project = try await store.project(Identifier(name: "other")).id
            let one = try await reprice(store, .init(project: project))
            #expect([one.spanCount, one.changedCount] == [10, 10])
            #expect(try await costs(store) == ["a 10.0": 300, "a 20.0": 10, "b unknown": 300])
            #expect(try await store.integrityFindings() == [])

            let ofB = try await reprice(store, .init(modelName: "b"))
            #expect([ofB.spanCount, ofB.changedCount] == [300, 300])
            let start = Timestamp(microseconds: 1_790_000_000_000_000)
            let early = TimeRange(
                start: start, end: Timestamp(microseconds: start.microseconds + 100_000_000))
            #expect(try await reprice(store, .init(range: early)).changedCount == 50)
            #expect(try await reprice(store).changedCount == 250)
            #expect(try await costs(store) == ["a 20.0": 310, "b 30.0": 300])
            #expect(try await store.integrityFindings() == [])

            _ = try await models.delete(first.id, now: Self.now)
            #expect(try await reprice(store).changedCount == 310)
            #expect(try await costs(store) == ["a unknown": 310, "b 30.0": 300])
            #expect(try await store.integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans from before there were costs get theirs`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            _ = try await CostStore(database).create(Self.draft("a", input: 1), now: Self.now)
            _ = try await TracingStore(database).insert([[Self.call(1, model: "a")]], now: 0)
            let store = TracingStore(database, pricing: StoredPricing())
            #expect(try await costs(store) == [:])
            #expect(try await reprice(store).changedCount == 1)
            #expect(try await costs(store) == ["a 10.0": 1])
            #expect(try await store.integrityFindings() == [])
        }
    }
}
