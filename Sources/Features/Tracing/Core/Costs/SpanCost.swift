import PhoenixModel

/// What one call of a language model used and what that cost, as it is stored.
package struct SpanCost: Hashable, Sendable {
    /// One kind of tokens. There is at most one for each side and type.
    package struct Entry: Hashable, Sendable {
        package var isPrompt: Bool
        /// Such as `input`, `output` or `cache_read`.
        package var tokenType: String
        package var tokens: Double
        /// US dollars; nil when the price is not known.
        package var cost: Double?

        package init(isPrompt: Bool, tokenType: String, tokens: Double, cost: Double?) {
            self.isPrompt = isPrompt
            self.tokenType = tokenType
            self.tokens = tokens
            self.cost = cost
        }

        /// The type of tokens that are nothing special.
        package static func usualType(isPrompt: Bool) -> String { isPrompt ? "input" : "output" }
    }

    /// The prompt or the completion.
    package struct Side: Hashable, Sendable {
        /// Nil when there were none.
        package var tokens: Double?
        /// Nil when nothing was charged or the price is not known.
        package var cost: Double?

        package init(tokens: Double? = nil, cost: Double? = nil) {
            self.tokens = tokens
            self.cost = cost
        }
    }

    /// Nil when no model matched, which leaves every cost unknown.
    package let modelID: GenerativeModel.ID?
    /// One at least.
    package let entries: [Entry]

    /// Without a model the costs of the entries are dropped.
    package init(modelID: GenerativeModel.ID?, entries: [Entry]) {
        self.modelID = modelID
        guard modelID == nil, entries.contains(where: { $0.cost != nil }) else {
            self.entries = entries
            return
        }
        self.entries = entries.map {
            Entry(isPrompt: $0.isPrompt, tokenType: $0.tokenType, tokens: $0.tokens, cost: nil)
        }
    }

    /// The sums over one side's entries. A sum of zero is nil, as the contract has it.
    package func side(isPrompt: Bool) -> Side {
        var tokens = 0.0
        var cost = 0.0
        for entry in entries where entry.isPrompt == isPrompt {
            tokens += entry.tokens
            cost += entry.cost ?? 0
        }
        return Side(tokens: tokens == 0 ? nil : tokens, cost: cost == 0 ? nil : cost)
    }

    /// Whether the row of sums tells all there is to know about one side.
    func isPlain(isPrompt: Bool) -> Bool {
        var count = 0
        for entry in entries where entry.isPrompt == isPrompt {
            count += 1
            guard count == 1, entry.tokens != 0,
                entry.tokenType == Entry.usualType(isPrompt: isPrompt),
                entry.cost != nil || modelID == nil
            else { return false }
        }
        return true
    }
}
