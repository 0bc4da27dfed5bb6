import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@testable import Costs

@Suite struct CostStoreTests {
    private static let now = Timestamp(microseconds: 1_000)

    private static func draft(
        _ name: String, _ pattern: String, provider: String? = nil, input: Double = 1e-6,
        output: Double = 2e-6, start: Int64? = nil
    ) -> ModelDraft {
        ModelDraft(
            name: name, provider: provider, namePattern: pattern,
            startTime: start.map { Timestamp(microseconds: $0) },
            prices: [
                TokenPrice(isPrompt: true, tokenType: "input", rate: input),
                TokenPrice(isPrompt: false, tokenType: "output", rate: output),
            ])
    }

    private static func call(_ span: Int, model: String) -> IncomingSpan {
        .stub(
            trace: span, span: span, kind: "LLM",
            attributes: """
                {"llm": {"model_name": "\(model)", "token_count": {"prompt": 10, "completion": 5}}}
                """)
    }

    private func costs(_ database: any SQLDatabase) async throws -> [Double?] {
        try await database.read {
            try $0.query("SELECT c.prompt_cost FROM span_costs c ORDER BY c.span_rowid")
                .map { $0.optionalDouble(0) }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a custom model counts from the next batch on and no longer once deleted`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withDatabase { database in
            let store = CostStore(database)
            let tracing = TracingStore(database, pricing: StoredPricing())
            _ = try await tracing.insert([[Self.call(1, model: "mine")]], now: 0)
            let model = try await store.create(Self.draft("mine", "mine"), now: Self.now)
            _ = try await tracing.insert([[Self.call(2, model: "mine")]], now: 0)
            _ = try await store.update(
                model.id, to: Self.draft("mine", "mine", input: 3e-6), now: Self.now)
            _ = try await tracing.insert([[Self.call(3, model: "mine")]], now: 0)
            let deleted = try await store.delete(model.id, now: Self.now)
            #expect(deleted.isDeleted)
            _ = try await tracing.insert([[Self.call(4, model: "mine")]], now: 0)
            let found = try await costs(database)
            #expect(found.count == 4)
            #expect(found[0] == nil)
            #expect(isClose(found[1], 1e-5))
            #expect(isClose(found[2], 3e-5))
            #expect(found[3] == nil)
            #expect(try await tracing.integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `drafts that are wrong or collide are refused in words`(on kind: TestDatabase) async throws
    {
        try await kind.withDatabase { database in
            let store = CostStore(database)
            let first = try await store.create(Self.draft("a", "pattern"), now: Self.now)
            func refusal(_ draft: ModelDraft) async -> String? {
                await #expect(throws: ModelError.self) {
                    try await store.create(draft, now: Self.now)
                }?.message
            }
            #expect(await refusal(Self.draft("a", "other")) == "Model with name 'a' already exists")
            #expect(
                await refusal(Self.draft("b", "pattern"))
                    == "Model 'a' already uses name pattern 'pattern' with no provider")
            #expect(
                await refusal(Self.draft("b", "a(b"))
                    == "Invalid regex: missing ), unterminated subpattern at position 1")
            var draft = Self.draft("b", "b")
            draft.prices.removeFirst()
            #expect(await refusal(draft) == "input cost is required")
            draft = Self.draft("b", "b")
            draft.prices.removeLast()
            #expect(await refusal(draft) == "output cost is required")
            draft = Self.draft("b", "b")
            draft.prices.append(draft.prices[0])
            #expect(await refusal(draft) == "Model 'b' conflicts with an existing model")
            _ = try await store.create(Self.draft("b", "pattern", provider: "p"), now: Self.now)
            _ = try await store.delete(first.id, now: Self.now)
            // A deleted model is not in the way.
            _ = try await store.create(Self.draft("a", "pattern"), now: Self.now)
            let error = await #expect(throws: ModelError.self) {
                try await store.delete(first.id, now: Self.now)
            }
            #expect(error?.message == "Model \"\(first.id.nodeID)\" not found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the price list is applied once and models keep their ids`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withDatabase { database in
            let store = CostStore(database)
            #expect(try await store.applyPriceList(now: Self.now))
            #expect(try await !store.applyPriceList(now: Self.now))
            let models = try await store.models()
            let list = try PriceList.builtIn()
            #expect(models.count == list.models.count)
            #expect(models.allSatisfy { $0.isBuiltIn })
            let prices = try await store.prices(of: models.map(\.id))
            for model in models {
                let listed = list.models.first { $0.name == model.name }
                #expect(Set(prices[model.id] ?? []) == Set(listed?.prices ?? []), "\(model.name)")
            }
            let error = await #expect(throws: ModelError.self) {
                try await store.update(
                    models[0].id, to: Self.draft("x", "x"), now: Self.now)
            }
            #expect(error?.message == "Cannot update built-in model")

            let text = """
                {"source": "s", "date": "2030-01-01", "models": [
                {"name": "\(models[0].name)", "provider": "", "pattern": "\(models[1].namePattern.replacingBackslashes)",
                 "prices": [["P", "input", 1], ["C", "output", 2]]},
                {"name": "brand-new", "provider": "", "pattern": "brand-new",
                 "prices": [["P", "input", 1], ["C", "output", 2, 10, 3]]}]}
                """
            let other = try Array(text.utf8).withUnsafeBytes {
                try PriceList($0, digest: PriceList.digest(of: $0))
            }
            #expect(try await store.apply(other, now: Self.now))
            let second = try await store.models()
            #expect(Set(second.map(\.name)) == [models[0].name, "brand-new"])
            #expect(second.first { $0.name == models[0].name }?.id == models[0].id)
            #expect(try await store.applyPriceList(now: Self.now))
            #expect(try await store.models().map(\.id) == models.map(\.id))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `several servers may apply the price list at once`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            let store = CostStore(database)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { _ = try await store.applyPriceList(now: Self.now) }
                }
                try await group.waitForAll()
            }
            let listed = try PriceList.builtIn().models.count
            #expect(try await store.models().count == listed)
        }
    }
}

extension String {
    /// The text within a JSON string.
    fileprivate var replacingBackslashes: String {
        split(separator: "\\", omittingEmptySubsequences: false).joined(separator: #"\\"#)
    }
}
