import JSON
import PhoenixModel
import Testing
import Tracing

@testable import Costs

/// The cases of `Golden/costs.jsonl`: models first, then calls with the rows that must come out.
@Suite struct GoldenCostTests {
    private static func prices(_ value: JSONValue) -> [TokenPrice] {
        [("P", true), ("C", false)].flatMap { side, isPrompt in
            (value[side]?.objectValue ?? [:]).map { type, rate in
                var price = TokenPrice(
                    isPrompt: isPrompt, tokenType: type, rate: (rate[0] ?? rate).doubleValue ?? 0)
                if let threshold = rate[1]?.doubleValue, let above = rate[2]?.doubleValue {
                    price.threshold = TokenPrice.Threshold(
                        key: rate[3]?.stringValue ?? "llm.token_count.prompt", value: threshold,
                        rate: above)
                }
                return price
            }
        }
    }

    @Test func `every case has the rows that the rules give`() throws {
        let lines = try JSONLines.read("CostsTests/Golden/costs.jsonl")
        let models = lines.filter { $0["model"] != nil }
        let cases = lines.filter { $0["why"] != nil }
        #expect(models.count + cases.count == lines.count)
        #expect(cases.count >= 90)
        let now = Timestamp(microseconds: 0)
        let book = PriceBook(
            models.enumerated().map { position, model in
                (
                    GenerativeModel(
                        id: GenerativeModel.ID(Int64(position + 1)),
                        name: model["model"]!.stringValue!,
                        provider: model["provider"]?.stringValue ?? "",
                        namePattern: model["pattern"]!.stringValue!,
                        startTime: model["start"]?.integerValue.map { Timestamp(microseconds: $0) },
                        isBuiltIn: model["custom"]?.boolValue != true, createdAt: now,
                        updatedAt: now),
                    Self.prices(model["prices"]!)
                )
            })
        for line in cases {
            let why = line["why"]!.stringValue!
            let cost = book.cost(
                attributes: line["attributes"]!.serialized(),
                startTime: line["start"]?.integerValue ?? 1_500)
            let expected = line["expect"]?.objectValue
            guard let cost, let expected else {
                #expect((cost == nil) == (expected == nil), "\(why) \(String(describing: cost))")
                continue
            }
            let name = cost.modelID.flatMap { models[Int($0.value) - 1]["model"]?.stringValue }
            #expect(name == expected["model"]?.stringValue, "\(why)")
            func key(_ isPrompt: Bool, _ type: String) -> String { (isPrompt ? "P " : "C ") + type }
            let entries = Dictionary(
                uniqueKeysWithValues: cost.entries.map { (key($0.isPrompt, $0.tokenType), $0) })
            let wanted = expected["entries"]?.arrayValue ?? []
            #expect(entries.count == wanted.count, "\(why) \(cost.entries)")
            for entry in wanted {
                let found = entries[
                    key(entry[0]?.stringValue == "P", entry[1]?.stringValue ?? "")]
                #expect(found?.tokens == entry[2]?.doubleValue, "\(why) \(cost.entries)")
                #expect(isClose(found?.cost, entry[3]?.doubleValue), "\(why) \(cost.entries)")
            }
        }
    }

    @Test func `a call with a number that is not finite cannot be priced`() {
        let book = PriceBook([])
        for number in ["NaN", "Infinity", "-Infinity", "1e999"] {
            for member in [
                #""prompt": \#(number)"#, #""total": \#(number), "prompt": 1"#,
                #""prompt": 1, "prompt_details": {"audio": \#(number)}"#,
            ] {
                let attributes = #"{"llm": {"model_name": "m", "token_count": {\#(member)}}}"#
                #expect(book.cost(attributes: Array(attributes.utf8), startTime: 0) == nil)
            }
        }
    }
}
