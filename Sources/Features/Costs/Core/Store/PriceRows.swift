import JSON
import SQLCore

/// Rows of `token_prices`, collected until they are stored in one go.
struct PriceRows {
    private var rows = BulkRows([
        .init("model_id", .bigint), .init("is_prompt", .integer), .init("token_type", .text),
        .init("base_rate", .double), .init("customization", .json),
    ])

    mutating func append(_ prices: [TokenPrice], of model: Int64) {
        for price in prices {
            rows.append(model)
            rows.append(price.isPrompt ? Int64(1) : Int64(0))
            rows.append(price.tokenType)
            rows.append(price.rate)
            if let threshold = price.threshold {
                rows.append(Self.customization(threshold))
            } else {
                rows.appendNull()
            }
        }
    }

    func store(on connection: any SQLConnection) throws {
        try connection.insert(rows, into: "token_prices")
    }

    private static func customization(_ threshold: TokenPrice.Threshold) -> [UInt8] {
        let value: JSONValue = [
            "type": "threshold_based", "key": .string(threshold.key),
            "threshold": .double(threshold.value), "new_rate": .double(threshold.rate),
        ]
        return value.serialized()
    }
}
