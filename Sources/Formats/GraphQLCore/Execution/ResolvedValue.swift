import JSON

/// What a resolver returns for a field.
package enum ResolvedValue: Sendable {
    case null
    /// A value of a scalar, or the name of a value of an enumeration; the type of the field
    /// serialises it.
    case scalar(JSONValue)
    case list([ResolvedValue])
    /// An object. For an abstract field its type follows from the Swift type, or from the resolver
    /// of the abstract type.
    case object(any Sendable)
    /// An object whose GraphQL type is known.
    case typed(any Sendable, type: String)
    /// An error in place of the value: of one element of a list, or of one parent of a batch.
    case failure(any Error)

    package static func string(_ value: String?) -> Self {
        value.map { .scalar(.string($0)) } ?? .null
    }

    package static func integer(_ value: some BinaryInteger) -> Self {
        .scalar(.integer(Int64(clamping: value)))
    }

    package static func integer(_ value: (some BinaryInteger)?) -> Self {
        value.map { .integer($0) } ?? .null
    }

    package static func double(_ value: Double?) -> Self {
        value.map { .scalar(.double($0)) } ?? .null
    }

    package static func bool(_ value: Bool?) -> Self {
        value.map { .scalar(.bool($0)) } ?? .null
    }

    package static func json(_ value: JSONValue?) -> Self {
        value.map { .scalar($0) } ?? .null
    }

    package static func object(optional value: (some Sendable)?) -> Self {
        value.map { .object($0) } ?? .null
    }

    package static func objects(_ values: some Sequence<some Sendable>) -> Self {
        .list(values.map { .object($0) })
    }

    package static func strings(_ values: some Sequence<String>) -> Self {
        .list(values.map { .string($0) })
    }

    var isNull: Bool {
        switch self {
        case .null, .scalar(.null): true
        default: false
        }
    }
}

extension ResolvedValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral, ExpressibleByNilLiteral
{
    package init(stringLiteral value: String) { self = .scalar(.string(value)) }
    package init(integerLiteral value: Int64) { self = .scalar(.integer(value)) }
    package init(booleanLiteral value: Bool) { self = .scalar(.bool(value)) }
    package init(floatLiteral value: Double) { self = .scalar(.double(value)) }
    package init(nilLiteral: ()) { self = .null }
}

/// The coerced arguments of a field. An argument that was not given and has no default is absent,
/// which differs from one that is null.
package struct FieldArguments: Sendable {
    package let values: JSONObject

    package init(_ values: JSONObject) {
        self.values = values
    }

    package subscript(name: String) -> JSONValue? { values[name] }
    package func isGiven(_ name: String) -> Bool { values[name] != nil }
    package func string(_ name: String) -> String? { values[name]?.stringValue }
    package func bool(_ name: String) -> Bool? { values[name]?.boolValue }
    package func double(_ name: String) -> Double? { values[name]?.doubleValue }
    package func object(_ name: String) -> JSONObject? { values[name]?.objectValue }
    package func array(_ name: String) -> [JSONValue]? { values[name]?.arrayValue }
    package func strings(_ name: String) -> [String]? {
        values[name]?.arrayValue?.compactMap(\.stringValue)
    }
    package func integer(_ name: String) -> Int? { values[name]?.integerValue.map { Int($0) } }
}

/// An error whose message may be shown to the client; others are masked.
package protocol GraphQLPresentableError: Error {
    var message: String { get }
}

extension GraphQLError: GraphQLPresentableError {}
extension ScalarError: GraphQLPresentableError {}
