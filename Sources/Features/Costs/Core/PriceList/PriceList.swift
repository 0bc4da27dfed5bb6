import BinaryText
import Cryptography
import JSON

/// The models that come with Phoenix, and their prices.
///
/// The list is data: `scripts/update-prices` makes it from a public price list.
struct PriceList: Sendable {
    struct Model: Sendable {
        var name: String
        var provider: String
        var pattern: String
        var prices: [TokenPrice]
        /// Where the prices were published.
        var source: String?
    }

    /// Tells one list from another.
    let digest: String
    let models: [Model]
    /// Where the list as a whole is from, and of which day it is.
    let source: String
    let date: String

    static var builtInBytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    }

    static func digest(of bytes: UnsafeRawBufferPointer) -> String {
        Hexadecimal.encode(SHA256.digest(bytes))
    }

    /// Reads the list that is part of the program.
    ///
    /// - Throws: `JSONError` when it is not in the form that it must have.
    static func builtIn() throws -> PriceList {
        try PriceList(builtInBytes, digest: builtInDigest)
    }

    init(_ bytes: UnsafeRawBufferPointer, digest: String) throws {
        let list = try JSON.parse(bytes)
        func fail(_ what: String) -> JSONError {
            JSONError(message: "The price list \(what).", offset: 0)
        }
        guard let source = list["source"]?.stringValue, let date = list["date"]?.stringValue,
            let models = list["models"]?.arrayValue
        else { throw fail("lacks its source, date or models") }
        self.digest = digest
        self.source = source
        self.date = date
        self.models = try models.map { model in
            guard let name = model["name"]?.stringValue,
                let provider = model["provider"]?.stringValue,
                let pattern = model["pattern"]?.stringValue,
                let prices = model["prices"]?.arrayValue
            else { throw fail("has a model without name, provider, pattern or prices") }
            return Model(
                name: name, provider: provider, pattern: pattern,
                prices: try prices.map { price in
                    guard let read = Self.price(price) else {
                        throw fail("has a price of \(name) that is none")
                    }
                    return read
                },
                source: model["source"]?.stringValue)
        }
    }

    /// Reads `[side, type, rate]` or `[side, type, rate, threshold, rate above]`.
    private static func price(_ value: JSONValue) -> TokenPrice? {
        guard let side = value[0]?.stringValue, let type = value[1]?.stringValue,
            let rate = value[2]?.doubleValue
        else { return nil }
        var price = TokenPrice(isPrompt: side == "P", tokenType: type, rate: rate)
        if let threshold = value[3]?.doubleValue, let above = value[4]?.doubleValue {
            price.threshold = TokenPrice.Threshold(
                key: "llm.token_count.prompt", value: threshold, rate: above)
        }
        return price
    }
}
