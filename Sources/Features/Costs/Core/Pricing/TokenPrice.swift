/// The price of one kind of tokens of a model.
package struct TokenPrice: Hashable, Sendable {
    /// Another rate for calls that are large in some respect.
    package struct Threshold: Hashable, Sendable {
        /// The attribute that is compared, such as `llm.token_count.prompt`.
        package var key: String
        /// The other rate holds when the attribute is greater, for all tokens of the call.
        package var value: Double
        package var rate: Double

        package init(key: String, value: Double, rate: Double) {
            self.key = key
            self.value = value
            self.rate = rate
        }
    }

    package var isPrompt: Bool
    /// Such as `input`, `output` or `cache_read`.
    package var tokenType: String
    /// US dollars a token.
    package var rate: Double
    package var threshold: Threshold?

    package init(isPrompt: Bool, tokenType: String, rate: Double, threshold: Threshold? = nil) {
        self.isPrompt = isPrompt
        self.tokenType = tokenType
        self.rate = rate
        self.threshold = threshold
    }

    /// The rate for a call.
    ///
    /// - Parameter attribute: The number at a path of the call's attributes; nil when there is none.
    func rate(attribute: (String) -> Double?) -> Double {
        guard let threshold, let value = attribute(threshold.key), value > threshold.value else {
            return rate
        }
        return threshold.rate
    }
}
