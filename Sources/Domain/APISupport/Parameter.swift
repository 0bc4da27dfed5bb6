import JSON
import PhoenixModel

/// A parameter of an operation: what it is called, where it stands and what it may be.
package struct ParameterDeclaration: Sendable {
    package enum Place: String, Sendable {
        case path, query
    }

    package var name: String
    package var place: Place
    package var isRequired: Bool
    package var isDeprecated = false
    package var schema: Schema
}

/// A declared parameter together with the type that code gets it in: `request[limit]` is an `Int`.
package struct Parameter<Value: Sendable>: Sendable {
    package var declaration: ParameterDeclaration
    let extract: @Sendable (DecodedValue) -> Value?

    init(
        _ name: String, in place: ParameterDeclaration.Place = .query, isRequired: Bool = false,
        _ schema: Schema, extract: @escaping @Sendable (DecodedValue) -> Value?
    ) {
        self.declaration = ParameterDeclaration(
            name: name, place: place, isRequired: isRequired, schema: schema)
        self.extract = extract
    }

    /// The same parameter, documented as one to stop using.
    package var deprecated: Parameter {
        var copy = self
        copy.declaration.isDeprecated = true
        return copy
    }
}

extension Parameter where Value == String {
    /// A segment of the path.
    package static func path(_ name: String, _ description: String) -> Parameter {
        Parameter(
            name, in: .path, isRequired: true, .string.described(description), extract: \.string)
    }
}

extension Parameter where Value == String {
    /// A parameter of the query that has to be there.
    package static func requiredText(_ name: String, _ description: String) -> Parameter {
        Parameter(name, isRequired: true, .string.described(description), extract: \.string)
    }
}

extension Parameter where Value == String? {
    package static func text(
        _ name: String, minLength: Int? = nil, _ description: String
    ) -> Parameter {
        Parameter(name, .string(minLength: minLength).orNull.described(description)) {
            .some($0.string)
        }
    }
}

extension Parameter where Value == [String]? {
    /// A parameter that may be repeated. Nil when it is absent.
    package static func texts(
        _ name: String, minLength: Int? = nil, _ description: String
    ) -> Parameter {
        let schema = Schema.array(of: .string(minLength: minLength)).orNull
        return Parameter(name, schema.described(description)) { .some($0.strings) }
    }
}

extension Parameter where Value == Int {
    package static func integer(
        _ name: String, default fallback: Int, greaterThan: Int? = nil, atMost: Int? = nil,
        _ description: String
    ) -> Parameter {
        let schema: Schema = .integer(greaterThan: greaterThan, atMost: atMost)
            .described(description).defaulting(to: .integer(Int64(fallback)))
        return Parameter(name, schema, extract: \.integer)
    }
}

extension Parameter where Value == Int? {
    package static func optionalInteger(
        _ name: String, greaterThan: Int? = nil, _ description: String
    ) -> Parameter {
        let schema = Schema.integer(greaterThan: greaterThan).orNull.described(description)
        return Parameter(name, schema) { .some($0.integer) }
    }
}

extension Parameter where Value == [String] {
    /// A parameter that may be repeated. Empty when it is absent.
    package static func repeatable(_ name: String, _ description: String) -> Parameter {
        let schema = Schema.array(of: .string).described(description).defaulting(to: [])
        return Parameter(name, schema, extract: \.strings)
    }
}

extension Parameter where Value == Double? {
    package static func number(
        _ name: String, atLeast: Double? = nil, _ description: String
    ) -> Parameter {
        Parameter(name, .number(atLeast: atLeast).orNull.described(description)) {
            .some($0.number)
        }
    }
}

extension Parameter where Value == Bool {
    package static func flag(
        _ name: String, default fallback: Bool = false, _ description: String
    ) -> Parameter {
        Parameter(
            name, .boolean.described(description).defaulting(to: .bool(fallback)), extract: \.bool)
    }
}

extension Parameter where Value == Bool? {
    package static func optionalFlag(_ name: String, _ description: String) -> Parameter {
        Parameter(name, .boolean.orNull.described(description)) { .some($0.bool) }
    }
}

extension Parameter where Value == Timestamp {
    package static func instant(_ name: String, _ description: String) -> Parameter {
        Parameter(name, isRequired: true, .timestamp.described(description)) {
            $0.timestamp?.timestamp
        }
    }
}

extension Parameter where Value == Timestamp? {
    package static func optionalInstant(_ name: String, _ description: String) -> Parameter {
        Parameter(name, .timestamp.orNull.described(description)) { .some($0.timestamp?.timestamp) }
    }
}

extension Parameter where Value: RawRepresentable<String> & CaseIterable {
    /// One of the raw values of an enumeration.
    package static func choice(
        _ name: String, default fallback: Value, _ description: String
    ) -> Parameter {
        let schema: Schema = .literal(Value.allCases.map(\.rawValue))
            .described(description).defaulting(to: .string(fallback.rawValue))
        return Parameter(name, schema) { $0.string.flatMap(Value.init(rawValue:)) }
    }
}

extension Parameter {
    /// One of the raw values of an enumeration; nil when it is absent.
    package static func optionalChoice<Choice>(
        _ name: String, _ description: String
    ) -> Parameter
    where Value == Choice?, Choice: RawRepresentable<String> & CaseIterable & Sendable {
        let schema = Schema.literal(Choice.allCases.map(\.rawValue)).orNull
        return Parameter(name, schema.described(description)) {
            .some($0.string.flatMap(Choice.init(rawValue:)))
        }
    }
}
