import PhoenixModel
import RegularExpressions
import Tracing

/// A model as it is matched and priced.
struct PricedModel: Sendable {
    let id: GenerativeModel.ID
    let provider: String
    let startTime: Int64?
    let isBuiltIn: Bool
    let specificity: Int
    private let pattern: RegularExpression
    private let promptPrices: [String: TokenPrice]
    private let completionPrices: [String: TokenPrice]

    /// Nil when the pattern cannot be read, and so the model matches nothing.
    init?(_ model: GenerativeModel, prices: [TokenPrice]) {
        // Patterns are checked before they are stored, but another program may have written the row.
        guard let pattern = try? RegularExpression(model.namePattern) else { return nil }
        self.pattern = pattern
        id = model.id
        provider = model.provider
        startTime = model.startTime?.microseconds
        isBuiltIn = model.isBuiltIn
        specificity = PatternSpecificity.score(model.namePattern)
        func byType(_ isPrompt: Bool) -> [String: TokenPrice] {
            Dictionary(
                prices.filter { $0.isPrompt == isPrompt }.map { ($0.tokenType, $0) },
                uniquingKeysWith: { first, _ in first })
        }
        promptPrices = byType(true)
        completionPrices = byType(false)
    }

    func matches(_ modelName: String) -> Bool { pattern.isFound(in: modelName) }

    /// Whether this model is to be preferred to another one that matches the same call.
    func precedes(_ other: PricedModel, provider: String?) -> Bool {
        if isBuiltIn != other.isBuiltIn { return !isBuiltIn }
        if let provider, !provider.isEmpty {
            let isSame = self.provider == provider
            if isSame != (other.provider == provider) { return isSame }
        }
        if specificity != other.specificity { return specificity > other.specificity }
        let start = startTime ?? .min
        let otherStart = other.startTime ?? .min
        if start != otherStart { return start > otherStart }
        // Of custom models the newest, of built-in ones the first.
        return isBuiltIn ? id < other.id : id > other.id
    }

    /// A price that makes more than this of tokens is none, so that sums of costs stay finite.
    private static let costMax = 1e250

    /// What one kind of tokens costs. Nil when the model has no price for its side at all.
    func cost(of entry: SpanCost.Entry, attribute: (String) -> Double?) -> Double? {
        let prices = entry.isPrompt ? promptPrices : completionPrices
        let usual = SpanCost.Entry.usualType(isPrompt: entry.isPrompt)
        guard let price = prices[entry.tokenType] ?? prices[usual] else { return nil }
        let cost = entry.tokens * price.rate(attribute: attribute)
        return abs(cost) <= Self.costMax ? cost : nil
    }
}
