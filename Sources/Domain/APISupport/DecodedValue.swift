import JSON
import PhoenixModel

/// A value that its ``Schema`` has accepted, in the form that code wants.
package indirect enum DecodedValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case timestamp(Timestamp.Parsed)
    case array([DecodedValue])
    case object(DecodedObject)
    /// A value of a shape that the schema leaves open.
    case json(JSONValue)
}

extension DecodedValue {
    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var integer: Int? {
        if case .integer(let value) = self { value } else { nil }
    }

    package var number: Double? {
        switch self {
        case .number(let value): value
        case .integer(let value): Double(value)
        default: nil
        }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var timestamp: Timestamp.Parsed? {
        if case .timestamp(let value) = self { value } else { nil }
    }

    package var array: [DecodedValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var strings: [String]? { array.map { $0.compactMap(\.string) } }

    package var object: DecodedObject? {
        if case .object(let value) = self { value } else { nil }
    }

    package var json: JSONValue? {
        if case .json(let value) = self { value } else { nil }
    }
}

/// The members of an accepted object. Absent members have their default, or null.
package struct DecodedObject: Sendable {
    private var members: [String: DecodedValue] = [:]
    /// The members that the request named, so that null can be told from absent.
    package private(set) var given: Set<String> = []

    package init() {}

    package subscript(name: String) -> DecodedValue { members[name] ?? .null }

    mutating func set(_ name: String, to value: DecodedValue, isGiven: Bool) {
        members[name] = value
        if isGiven { given.insert(name) }
    }

    /// The text of a required member. The schema has made sure of it, so anything else traps.
    package func text(_ name: String) -> String {
        guard let text = self[name].string else {
            preconditionFailure("The member \(name) is declared as no string.")
        }
        return text
    }

    /// The instant of a required member. The schema has made sure of it, so anything else traps.
    package func timestamp(_ name: String) -> Timestamp {
        guard let parsed = self[name].timestamp else {
            preconditionFailure("The member \(name) is declared as no timestamp.")
        }
        return parsed.timestamp
    }
}
