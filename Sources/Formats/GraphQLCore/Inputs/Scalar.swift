import JSON

/// How the values of a scalar type are read and written.
package struct Scalar: Sendable {
    /// Turns an input, a variable or a literal as JSON, into what resolvers receive.
    package var parse: @Sendable (JSONValue) throws -> JSONValue
    /// Turns what a resolver returned into what the response holds.
    package var serialize: @Sendable (JSONValue) throws -> JSONValue

    package init(
        parse: @escaping @Sendable (JSONValue) throws -> JSONValue = { $0 },
        serialize: @escaping @Sendable (JSONValue) throws -> JSONValue = { $0 }
    ) {
        self.parse = parse
        self.serialize = serialize
    }
}

/// Why a scalar rejects a value. The message is shown to the client.
package struct ScalarError: Error, Sendable {
    package var message: String

    package init(_ message: String) {
        self.message = message
    }
}

/// The five scalars of the specification, with the messages of graphql-core.
enum BuiltInScalar {
    static let names = Set(Schema.builtInScalars)

    /// Reads a variable's value.
    static func parse(_ value: JSONValue, as name: String) throws(ScalarError) -> JSONValue {
        switch (name, value) {
        case ("String", .string), ("ID", .string), ("Boolean", .bool): return value
        case ("Int", .integer), ("Int", .double), ("Int", .number):
            return .integer(try integer(value))
        case ("Float", .integer), ("Float", .double), ("Float", .number):
            guard let number = value.doubleValue, number.isFinite else {
                throw ScalarError(
                    "Float cannot represent non numeric value: \(ValueText.inspect(value))")
            }
            if case .integer(let exact) = value, Int64(exactly: number) != exact {
                throw ScalarError(
                    "Float cannot represent non numeric value: \(ValueText.inspect(value))"
                        + " (value would lose precision)")
            }
            return .double(number)
        case ("ID", .integer(let number)): return .string(String(number))
        case ("ID", .number(let literal)): return .string(literal)
        case ("ID", .double(let number)):
            if let whole = Int64(exactly: number) { return .string(String(whole)) }
            throw ScalarError("ID cannot represent value: \(ValueText.inspect(value))")
        default:
            throw ScalarError("\(complaint(name))\(ValueText.inspect(value))")
        }
    }

    private static func complaint(_ name: String) -> String {
        switch name {
        case "String": "String cannot represent a non string value: "
        case "Int": "Int cannot represent non-integer value: "
        case "Float": "Float cannot represent non numeric value: "
        case "Boolean": "Boolean cannot represent a non boolean value: "
        default: "ID cannot represent value: "
        }
    }

    private static func integer(_ value: JSONValue) throws(ScalarError) -> Int64 {
        if case .double(let number) = value, number.rounded(.towardZero) != number {
            throw ScalarError("Int cannot represent non-integer value: \(ValueText.inspect(value))")
        }
        guard let whole = value.integerValue, Int32(exactly: whole) != nil else {
            throw ScalarError(
                "Int cannot represent non 32-bit signed integer value: \(ValueText.inspect(value))"
            )
        }
        return whole
    }

    /// Reads a literal.
    static func parse(_ node: ValueNode, as name: String) throws(ScalarError) -> JSONValue {
        switch (name, node.kind) {
        case ("String", .string(let text, _)), ("ID", .string(let text, _)),
            ("ID", .integer(let text)):
            return .string(text)
        case ("Boolean", .boolean(let value)): return .bool(value)
        case ("Int", .integer(let text)):
            guard let value = Int32(text) else {
                throw ScalarError(
                    "Int cannot represent non 32-bit signed integer value:"
                        + " \(ValueText.shortened(node))")
            }
            return .integer(Int64(value))
        case ("Float", .integer(let text)), ("Float", .float(let text)):
            guard let value = Double(text), value.isFinite else {
                throw ScalarError(
                    "Float cannot represent non numeric value: \(ValueText.shortened(node))")
            }
            return .double(value)
        case ("ID", _):
            throw ScalarError(
                "ID cannot represent a non-string and non-integer value:"
                    + " \(ValueText.shortened(node))")
        default: throw ScalarError("\(complaint(name))\(ValueText.shortened(node))")
        }
    }

    /// Writes a resolver's value.
    static func serialize(_ value: JSONValue, as name: String) throws(ScalarError) -> JSONValue {
        switch (name, value) {
        case ("String", .string), ("ID", .string), ("Boolean", .bool): return value
        case ("String", .bool(let value)): return .string(value ? "true" : "false")
        case ("String", .integer(let value)), ("ID", .integer(let value)):
            return .string(String(value))
        case ("String", .double(let value)) where value.isFinite: return .string("\(value)")
        case ("String", _):
            throw ScalarError("String cannot represent value: \(ValueText.inspect(value))")
        case ("Boolean", .integer(let value)): return .bool(value != 0)
        case ("Boolean", .double(let value)) where value.isFinite: return .bool(value != 0)
        case ("Int", .bool(let value)): return .integer(value ? 1 : 0)
        case ("Float", .bool(let value)): return .integer(value ? 1 : 0)
        case ("Int", .string(let text)):
            guard let value = Int32(text) else {
                throw ScalarError(
                    "Int cannot represent non-integer value: \(ValueText.inspect(value))")
            }
            return .integer(Int64(value))
        case ("Float", .string(let text)):
            guard let value = Double(text), value.isFinite else {
                throw ScalarError(
                    "Float cannot represent non numeric value: \(ValueText.inspect(value))")
            }
            return .double(value)
        case ("Float", .integer), ("Float", .number): return value
        default: return try parse(value, as: name)
        }
    }
}
