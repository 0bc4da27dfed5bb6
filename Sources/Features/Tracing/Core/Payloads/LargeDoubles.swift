import JSON

/// Gives large doubles back the form that JSONB takes from them.
///
/// JSONB writes a number out in full, so that `1e+308` comes back as a 1 and 308 zeros, which a reader
/// takes for an integer. Beyond 64 bits, a number of at most 17 significant digits is a double's; a real
/// integer of that size has more.
package enum LargeDoubles {
    package static func restored(_ json: [UInt8]) -> [UInt8] {
        // What PostgreSQL returns as JSONB can be parsed; if it could not, it would be left as it is.
        guard hasLongNumber(json), let value = try? SpanPayload.parsed(json) else { return json }
        return restored(value).serialized()
    }

    private static func restored(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let literal): return double(literal).map(JSONValue.double) ?? value
        case .array(let items): return .array(items.map(restored))
        case .object(let object):
            return .object(JSONObject(object.map { ($0.key, restored($0.value)) }))
        default: return value
        }
    }

    private static func double(_ literal: String) -> Double? {
        guard literal.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) })
        else { return nil }
        let digits = literal.utf8.drop { $0 == UInt8(ascii: "-") }
        let significant = digits.reversed().drop { $0 == UInt8(ascii: "0") }.count
        return significant <= 17 ? Double(literal) : nil
    }

    /// Whether there are 19 digits in a row, which 64 bits may not hold.
    private static func hasLongNumber(_ json: [UInt8]) -> Bool {
        var run = 0
        for byte in json {
            run = byte &- UInt8(ascii: "0") < 10 ? run + 1 : 0
            if run == 19 { return true }
        }
        return false
    }
}
