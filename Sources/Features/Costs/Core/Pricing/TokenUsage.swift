import Tracing

/// What a call of a language model says about itself, as far as its cost depends on it.
package struct TokenUsage: Hashable, Sendable {
    package struct Detail: Hashable, Sendable {
        package var tokenType: String
        package var tokens: Double

        package init(_ tokenType: String, _ tokens: Double) {
            self.tokenType = tokenType
            self.tokens = tokens
        }
    }

    package var modelName: String
    package var provider: String?
    /// The attributes `llm.token_count.prompt`, `.completion` and `.total`; nil where they are no
    /// numbers.
    package var prompt: Double?
    package var completion: Double?
    package var total: Double?
    package var promptDetails: [Detail]
    package var completionDetails: [Detail]

    package init(
        modelName: String, provider: String? = nil, prompt: Double? = nil,
        completion: Double? = nil, total: Double? = nil, promptDetails: [Detail] = [],
        completionDetails: [Detail] = []
    ) {
        self.modelName = modelName
        self.provider = provider
        self.prompt = prompt
        self.completion = completion
        self.total = total
        self.promptDetails = promptDetails
        self.completionDetails = completionDetails
    }

    /// The tokens of each kind, in the order in which they are reported; the costs are not set.
    ///
    /// - Counts are cut to whole numbers and to ``tokensMax``, and negative ones are zero.
    /// - What the total has beyond both sides belongs to the prompt when that is empty, else to the
    ///   completion.
    /// - What a side has beyond its details is of the usual type, unless the details name that type
    ///   themselves.
    ///
    /// - Returns: Nil when a number is not finite, and so the call cannot be priced.
    func entries() -> [SpanCost.Entry]? {
        let details = promptDetails + completionDetails
        guard details.allSatisfy({ $0.tokens.isFinite }),
            [prompt, completion, total].allSatisfy({ $0?.isFinite ?? true })
        else { return nil }
        var promptTokens = Self.whole(prompt ?? 0)
        var completionTokens = Self.whole(completion ?? 0)
        let excess = Self.whole(total ?? 0) - (promptTokens + completionTokens)
        if excess > 0 {
            if promptTokens == 0 {
                promptTokens = excess
            } else {
                completionTokens += excess
            }
        }
        var entries: [SpanCost.Entry] = []
        Self.append(promptDetails, isPrompt: true, of: promptTokens, to: &entries)
        Self.append(completionDetails, isPrompt: false, of: completionTokens, to: &entries)
        return entries
    }

    /// Counts beyond this are taken for it. Sums over any number of spans stay finite so: what is
    /// infinite could not be taken back from a sum when its span is deleted.
    package static let tokensMax = 1e200

    private static func whole(_ tokens: Double) -> Double {
        min(max(0, tokens.rounded(.towardZero)), tokensMax)
    }

    /// Types are keys of sums that stay, and their names come from whoever sends spans. What is
    /// longer, or beyond so many of a side, counts as the usual type.
    private static let typeBytesMax = 128
    private static let typesMax = 64

    private static func append(
        _ details: [Detail], isPrompt: Bool, of total: Double, to entries: inout [SpanCost.Entry]
    ) {
        var rest = total
        var hasUsual = false
        let usual = SpanCost.Entry.usualType(isPrompt: isPrompt)
        let told = details.filter { $0.tokenType.utf8.count <= typeBytesMax }.prefix(typesMax)
        for detail in told {
            let tokens = whole(detail.tokens)
            rest -= tokens
            if detail.tokenType == usual { hasUsual = true }
            entries.append(
                SpanCost.Entry(
                    isPrompt: isPrompt, tokenType: detail.tokenType, tokens: tokens, cost: nil))
        }
        guard rest > 0, !hasUsual else { return }
        entries.append(
            SpanCost.Entry(isPrompt: isPrompt, tokenType: usual, tokens: rest, cost: nil))
    }
}
