import JSON
import PhoenixModel
import SQLCore
import Tracing

/// Takes the cost of a span from its attribute `cost`: `{"model": 1, "entries": [[1, "input", 10,
/// 0.5], …]}`, each entry with side, type, tokens and dollars.
package struct StatedPricing: SpanPricing, SpanPricer {
    package init() {}

    package func currentPrices(on connection: any SQLConnection) throws -> any SpanPricer { self }

    package func cost(attributes: [UInt8], startTime: Int64) -> SpanCost? {
        // A span that says nothing about its cost has none.
        guard let cost = (try? JSON.parse(attributes))?["cost"],
            let entries = cost["entries"]?.arrayValue
        else { return nil }
        return SpanCost(
            modelID: cost["model"]?.integerValue.map { GenerativeModel.ID($0) },
            entries: entries.map { entry in
                SpanCost.Entry(
                    isPrompt: entry[0]?.integerValue == 1, tokenType: entry[1]?.stringValue ?? "",
                    tokens: entry[2]?.doubleValue ?? 0, cost: entry[3]?.doubleValue)
            })
    }
}
