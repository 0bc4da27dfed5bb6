import GraphQLCore
import JSON
import PhoenixModel

extension Scalar {
    /// `DateTime`: resolvers receive it by ``FieldArguments/timestamp(_:)`` and return
    /// ``ResolvedValue/timestamp(_:)``.
    package static let dateTime = Scalar(
        parse: { value in
            guard case .string(let text) = value else {
                throw ScalarError(
                    "Value cannot represent a DateTime: \"\(shortened(shown(value)))\"."
                        + " Expected a string.")
            }
            do throws(ISODateTime.Fault) {
                return .integer(try ISODateTime.parse(text).microseconds)
            } catch {
                throw ScalarError(
                    "Value cannot represent a DateTime: \"\(shortened(text))\". \(error.reason)")
            }
        },
        serialize: { value in
            if case .integer(let microseconds) = value {
                return .string(Timestamp(microseconds: microseconds).description)
            }
            return value
        })

    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .bool(let value): value ? "True" : "False"
        case .null: "None"
        default: value.text
        }
    }
}

extension JSONValue {
    /// A coerced `DateTime`; nil when the value is something else, null included.
    package var timestampValue: Timestamp? {
        if case .integer(let microseconds) = self { return Timestamp(microseconds: microseconds) }
        return nil
    }
}

extension JSONObject {
    /// A coerced `DateTime` of an input object; nil when it is null or was not given.
    package func timestamp(_ name: String) -> Timestamp? { self[name]?.timestampValue }
}

extension FieldArguments {
    /// A coerced `DateTime`; nil when it is null or was not given.
    package func timestamp(_ name: String) -> Timestamp? { self[name]?.timestampValue }

    /// The row id of a global id.
    ///
    /// - Throws: ``GraphQLFault`` when the argument is none, or of another type.
    package func rowID<Noun: Node>(
        _ name: String, as noun: Noun.Type = Noun.self
    ) throws(GraphQLFault) -> RowID<Noun> {
        try GraphQLSupport.rowID(string(name) ?? "", as: Noun.self)
    }
}

extension ResolvedValue {
    package static func timestamp(_ value: Timestamp?) -> Self {
        value.map { .scalar(.string($0.description)) } ?? .null
    }

    package static func id(_ rowID: RowID<some Node>) -> Self { .id(rowID.nodeID) }
    package static func id(_ id: NodeID) -> Self { .scalar(.string(id.description)) }
}
