import JSON
import PhoenixModel
import RegularExpressions
import Testing
import Tracing

@testable import Costs

@Suite struct PriceListTests {
    /// The built-in models as a new database has them.
    private static func book() throws -> (book: PriceBook, names: [String]) {
        let list = try PriceList.builtIn()
        let now = Timestamp(microseconds: 0)
        let book = PriceBook(
            list.models.enumerated().map { position, model in
                (
                    GenerativeModel(
                        id: GenerativeModel.ID(Int64(position)), name: model.name,
                        provider: model.provider, namePattern: model.pattern, startTime: nil,
                        isBuiltIn: true, createdAt: now, updatedAt: now), model.prices
                )
            })
        return (book, list.models.map(\.name))
    }

    @Test func `the digest is that of the list`() {
        #expect(PriceList.builtInDigest == PriceList.digest(of: PriceList.builtInBytes))
    }

    @Test func `every model has a pattern, both usual prices and its source`() throws {
        let list = try PriceList.builtIn()
        #expect(list.models.count >= 400)
        #expect(!list.source.isEmpty)
        #expect(list.date.count == 10)
        #expect(Set(list.models.map(\.name)).count == list.models.count)
        #expect(Set(list.models.map { [$0.pattern, $0.provider] }).count == list.models.count)
        for model in list.models {
            _ = try RegularExpression(model.pattern)
            for (isPrompt, type) in [(true, "input"), (false, "output")] {
                #expect(
                    model.prices.contains { $0.isPrompt == isPrompt && $0.tokenType == type },
                    "\(model.name)")
            }
            #expect(model.prices.allSatisfy { $0.rate >= 0 && $0.rate < 0.01 }, "\(model.name)")
        }
    }

    @Test func `every model is the one that its own name finds`() throws {
        let (book, names) = try Self.book()
        let list = try PriceList.builtIn()
        for (position, name) in names.enumerated() {
            let provider = list.models[position].provider
            let found = book.modelID(
                named: name, provider: provider.isEmpty ? nil : provider, startTime: 0)
            #expect(found?.value == Int64(position), "\(name)")
        }
    }

    @Test(arguments: [
        ("gpt-4o-2030-01-01", "gpt-4o"), ("azure/eu/gpt-4o-2024-08-06", "gpt-4o-2024-08-06"),
        ("ft:gpt-4o-mini-2024-07-18:org::id", "gpt-4o-mini-2024-07-18"),
        ("models/gemini-2.5-flash", "gemini-2.5-flash"), ("x/o1", "o1"), ("pro1", nil),
        ("unheard-of", nil), ("GPT-4o", nil), ("glm-4.6-foo", "zai/glm-4.6"),
        ("mistral-medium-3.1", "mistral/mistral-medium-3"),
    ])
    func `names as spans report them find their model`(name: String, model: String?) throws {
        let (book, names) = try Self.book()
        let found = book.modelID(named: name, provider: nil, startTime: 0)
        #expect(found.map { names[Int($0.value)] } == model)
    }

    @Test func `recorded spans cost what they cost in the contract`() throws {
        let (book, _) = try Self.book()
        var count = 0
        for line in try JSONLines.read("Fixtures/traces/expected.jsonl") {
            guard line["stored"]?.boolValue == true, line["span_kind"]?.stringValue == "LLM" else {
                continue
            }
            let attributes = line["decoded_attributes"] ?? line["attributes"]!
            let cost = book.cost(attributes: attributes.serialized(), startTime: 0)
            let expected = line["cost"].flatMap { $0.isNull ? nil : $0 }
            let id = line["span_id"]?.stringValue ?? ""
            #expect((cost == nil) == (expected == nil), "\(id)")
            guard let cost, let expected else { continue }
            count += 1
            for (isPrompt, side) in [(true, "prompt"), (false, "completion")] {
                let sums = cost.side(isPrompt: isPrompt)
                #expect(sums.tokens == expected["\(side)_tokens"]?.doubleValue, "\(id)")
                #expect(isClose(sums.cost, expected["\(side)_cost"]?.doubleValue), "\(id)")
            }
        }
        #expect(count > 300)
    }
}
