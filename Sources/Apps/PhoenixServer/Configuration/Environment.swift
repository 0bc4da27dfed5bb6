/// Environment variables, read with the contract's rules: values are trimmed, an empty one counts as
/// absent, and a malformed one stops the start with a sentence that names the variable.
package struct Environment: Sendable {
    private let values: [String: String]

    package init(_ values: [String: String]) {
        self.values = values.compactMapValues { value in
            let trimmed = value.trimmed
            return trimmed.isEmpty ? nil : trimmed
        }
    }

    package var names: [String] { values.keys.sorted() }

    package func string(_ name: String) -> String? { values[name] }

    package func flag(_ name: String) throws -> Bool? {
        guard let value = values[name] else { return nil }
        switch value.lowercased() {
        case "true": return true
        case "false": return false
        default:
            throw ConfigurationError("\(name) must be true or false, not '\(value)'.")
        }
    }

    /// - Parameter range: What is allowed.
    package func integer(
        _ name: String, in range: ClosedRange<Int>
    ) throws -> Int? {
        guard let value = values[name] else { return nil }
        guard let number = Int(value), range.contains(number) else {
            if value.hasPrefix("tcp://") {
                throw ConfigurationError(
                    "\(name) is '\(value)', which Kubernetes sets for a service of that name. "
                        + "Rename the service or set \(name) to a number.")
            }
            throw ConfigurationError(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(value)'.")
        }
        return number
    }

    package func number(
        _ name: String, in range: ClosedRange<Double>
    ) throws -> Double? {
        guard let value = values[name] else { return nil }
        guard let number = Double(value), range.contains(number) else {
            throw ConfigurationError(
                "\(name) must be a number from \(range.lowerBound) to \(range.upperBound), "
                    + "not '\(value)'.")
        }
        return number
    }

    /// The items between commas, trimmed, without empty ones.
    package func list(_ name: String) -> [String] {
        (values[name] ?? "").split(separator: ",").map { String($0).trimmed }
            .filter { !$0.isEmpty }
    }
}

extension String {
    fileprivate var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
