import JSON
import Locking
import PhoenixModel
import Tracing

/// All models with their prices, as they were at one time.
///
/// Which models match a name is remembered for ``namesMax`` names; when there are more, remembering
/// starts anew.
package final class PriceBook: SpanPricer {
    private static let namesMax = 4_096

    private struct Call: Hashable {
        var modelName: String
        var provider: String?
    }

    private let models: [PricedModel]
    /// The positions of the models that match a call, the preferred one first.
    private let matches = Mutex<[Call: [Int]]>([:])

    package init(_ models: [(model: GenerativeModel, prices: [TokenPrice])]) {
        self.models = models.compactMap { PricedModel($0.model, prices: $0.prices) }
    }

    package func cost(attributes: [UInt8], startTime: Int64) -> SpanCost? {
        guard let usage = TokenUsage(attributes: attributes) else { return nil }
        return cost(of: usage, startTime: startTime) { key in
            Self.number(at: key, usage) ?? Self.number(at: key, attributes)
        }
    }

    /// What a call cost. Nil when it used nothing or cannot be priced.
    ///
    /// - Parameter attribute: The number at a dotted path of the call's attributes.
    package func cost(
        of usage: TokenUsage, startTime: Int64, attribute: (String) -> Double?
    ) -> SpanCost? {
        guard var entries = usage.entries(), !entries.isEmpty else { return nil }
        let model = model(named: usage.modelName, provider: usage.provider, startTime: startTime)
        if let model {
            for index in entries.indices {
                entries[index].cost = model.cost(of: entries[index], attribute: attribute)
            }
        }
        return SpanCost(modelID: model?.id, entries: entries)
    }

    /// The id of the model whose prices hold for a call.
    package func modelID(
        named name: String, provider: String?, startTime: Int64
    ) -> GenerativeModel.ID? {
        model(named: name, provider: provider, startTime: startTime)?.id
    }

    private func model(named name: String, provider: String?, startTime: Int64) -> PricedModel? {
        let call = Call(modelName: name, provider: provider)
        let known = matches.withLock { $0[call] }
        let positions = known ?? remember(call)
        return positions.lazy.map { self.models[$0] }
            .first { $0.startTime.map { $0 <= startTime } ?? true }
    }

    private func remember(_ call: Call) -> [Int] {
        let positions = models.indices.filter { models[$0].matches(call.modelName) }
            .sorted { models[$0].precedes(models[$1], provider: call.provider) }
        matches.withLock { matches in
            if matches.count >= Self.namesMax { matches.removeAll() }
            matches[call] = positions
        }
        return positions
    }

    /// The usual attributes of thresholds have been read already.
    private static func number(at key: String, _ usage: TokenUsage) -> Double? {
        switch key {
        case "llm.token_count.prompt": usage.prompt
        case "llm.token_count.completion": usage.completion
        case "llm.token_count.total": usage.total
        default: nil
        }
    }

    private static func number(at key: String, _ attributes: [UInt8]) -> Double? {
        guard !key.hasPrefix("llm.token_count.") || key.split(separator: ".").count > 3,
            var value = try? JSON.parse(attributes)
        else { return nil }
        for name in key.split(separator: ".") {
            guard let next = value[String(name)] else { return nil }
            value = next
        }
        return value.doubleValue
    }
}
