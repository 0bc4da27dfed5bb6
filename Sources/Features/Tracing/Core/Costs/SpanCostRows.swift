import SQLCore

/// The rows of `span_costs` and `span_cost_details`, collected for one bulk insert each.
struct SpanCostRows {
    private var costs = BulkRows([
        .init("span_rowid", .bigint), .init("model_id", .bigint), .init("prompt_tokens", .double),
        .init("completion_tokens", .double), .init("prompt_cost", .double),
        .init("completion_cost", .double),
    ])
    private var details = BulkRows([
        .init("span_rowid", .bigint), .init("is_prompt", .integer), .init("token_type", .text),
        .init("tokens", .double), .init("cost", .double),
    ])

    mutating func append(_ cost: SpanCost, span: Int64) {
        let prompt = cost.side(isPrompt: true)
        let completion = cost.side(isPrompt: false)
        costs.append(span)
        costs.append(cost.modelID?.value)
        costs.append(prompt.tokens)
        costs.append(completion.tokens)
        costs.append(prompt.cost)
        costs.append(completion.cost)
        for isPrompt in [true, false] where !cost.isPlain(isPrompt: isPrompt) {
            for entry in cost.entries where entry.isPrompt == isPrompt {
                details.append(span)
                details.append(isPrompt ? Int64(1) : Int64(0))
                details.append(entry.tokenType)
                details.append(entry.tokens)
                details.append(entry.cost)
            }
        }
    }

    func store(on connection: any SQLConnection) throws {
        try connection.insert(costs, into: "span_costs")
        try connection.insert(details, into: "span_cost_details")
    }
}
