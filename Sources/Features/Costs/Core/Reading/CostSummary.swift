import SQLCore

/// Tokens and dollars; nil where there are none, or none are known.
package struct CostBreakdown: Sendable, Hashable {
    package var tokens: Double?
    package var cost: Double?

    package init(tokens: Double? = nil, cost: Double? = nil) {
        self.tokens = tokens
        self.cost = cost
    }

    static func + (left: Self, right: Self) -> Self {
        Self(tokens: sum(left.tokens, right.tokens), cost: sum(left.cost, right.cost))
    }

    private static func sum(_ left: Double?, _ right: Double?) -> Double? {
        guard left != nil || right != nil else { return nil }
        return (left ?? 0) + (right ?? 0)
    }

    /// The same with nil for sums of nothing. What is left over of adding and subtracting floating
    /// point numbers is nothing too.
    var withoutZeros: Self {
        Self(
            tokens: tokens.flatMap { abs($0) < 1e-6 ? nil : $0 },
            cost: cost.flatMap { abs($0) < 1e-13 ? nil : $0 })
    }
}

/// What something cost on both sides.
package struct CostSummary: Sendable, Hashable {
    package var prompt: CostBreakdown
    package var completion: CostBreakdown
    package var total: CostBreakdown { prompt + completion }

    package init(prompt: CostBreakdown = .init(), completion: CostBreakdown = .init()) {
        self.prompt = prompt
        self.completion = completion
    }

    package static func + (left: Self, right: Self) -> Self {
        Self(prompt: left.prompt + right.prompt, completion: left.completion + right.completion)
    }

    /// Reads prompt tokens, completion tokens, prompt cost and completion cost.
    init(_ row: SQLRow, from column: Int) {
        prompt = CostBreakdown(
            tokens: row.optionalDouble(column), cost: row.optionalDouble(column + 2))
        completion = CostBreakdown(
            tokens: row.optionalDouble(column + 1), cost: row.optionalDouble(column + 3))
    }

    var withoutZeros: Self {
        Self(prompt: prompt.withoutZeros, completion: completion.withoutZeros)
    }
}

/// What one kind of tokens cost.
package struct CostDetail: Sendable, Hashable {
    package var tokenType: String
    package var isPrompt: Bool
    package var value: CostBreakdown

    /// Reads side, type, tokens and cost.
    init(_ row: SQLRow, from column: Int) {
        isPrompt = row.integer(column) != 0
        tokenType = row.text(column + 1)
        value = CostBreakdown(
            tokens: row.optionalDouble(column + 2), cost: row.optionalDouble(column + 3))
    }
}

extension CostDetail {
    /// The sums of each kind of tokens, by type and side.
    package static func summedUp(_ details: [CostDetail]) -> [CostDetail] {
        var sums: [CostDetail] = []
        for detail in details {
            let index = sums.firstIndex {
                $0.tokenType == detail.tokenType && $0.isPrompt == detail.isPrompt
            }
            if let index {
                sums[index].value = sums[index].value + detail.value
            } else {
                sums.append(detail)
            }
        }
        return sums.sorted {
            ($0.tokenType, $0.isPrompt ? 1 : 0) < ($1.tokenType, $1.isPrompt ? 1 : 0)
        }
    }
}
