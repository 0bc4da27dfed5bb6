import BinaryText
import JSON
import OTLP

/// The value of one attribute: as it is in a request, or as it was parsed or made.
enum AttributeValue {
    case wire(OTLPValue)
    case tree(JSONValue)

    /// The text of a string, with invalid UTF-8 shown; `nil` for values of other types.
    var text: String? {
        switch self {
        case .wire(let value):
            value.kind == .string ? UTF8Scan.shownText(value.content) : nil
        case .tree(let value): value.stringValue
        }
    }

    var tree: JSONValue {
        switch self {
        case .wire(let value): JSONValue(value)
        case .tree(let value): value
        }
    }

    /// The member of a map; of equal keys the last one.
    func member(_ name: StaticString) -> AttributeValue? {
        switch self {
        case .tree(let value): return value[name.description].map { .tree($0) }
        case .wire(let value):
            var found: AttributeValue?
            value.forEachMember { member in
                if member.key.equals(name) { found = .wire(member.value) }
            }
            return found
        }
    }
}

extension JSONValue {
    /// The value as a tree: bytes become base64, an unset value null.
    init(_ value: OTLPValue) {
        switch value.kind {
        case .unset: self = .null
        case .string: self = .string(UTF8Scan.shownText(value.content))
        case .bool: self = .bool(value.boolValue)
        case .integer: self = .integer(value.integerValue)
        case .double: self = .double(value.doubleValue)
        case .bytes:
            self = .string(String(decoding: Base64.encode(value.content), as: UTF8.self))
        case .array:
            var elements: [JSONValue] = []
            value.forEachElement { elements.append(JSONValue($0)) }
            self = .array(elements)
        case .map:
            var members = JSONObject()
            value.forEachMember {
                members[UTF8Scan.shownText($0.key)] = JSONValue($0.value)
            }
            self = .object(members)
        }
    }
}

extension JSONWriter {
    mutating func attribute(_ value: AttributeValue) {
        switch value {
        case .wire(let value): otlp(value)
        case .tree(let value): stored(value)
        }
    }

    /// Writes a value as it stands in a request: bytes as base64, an unset value as null.
    mutating func otlp(_ value: OTLPValue) {
        switch value.kind {
        case .unset: null()
        case .string: string(utf8: value.content)
        case .bool: bool(value.boolValue)
        case .integer: integer(value.integerValue)
        case .double: double(value.doubleValue)
        case .bytes: Base64.encode(value.content).withUnsafeBytes { string(utf8: $0) }
        case .array:
            beginArray()
            value.forEachElement { otlp($0) }
            endArray()
        case .map:
            var members: [OTLPAttribute] = []
            value.forEachMember { members.append($0) }
            otlp(members, dropsUnset: false)
        }
    }

    /// Writes attributes as one object; of equal keys only the last.
    mutating func otlp(_ attributes: some Collection<OTLPAttribute>, dropsUnset: Bool) {
        beginObject()
        var isShadowed = DuplicateKeys(attributes)
        for attribute in attributes {
            if isShadowed.next(attribute.key) { continue }
            if dropsUnset, attribute.value.kind == .unset { continue }
            key(utf8: attribute.key)
            otlp(attribute.value)
        }
        endObject()
    }

    /// Writes a parsed value as the contract stores it: a number beyond `Double` is null, as every
    /// non-finite number is; an integer of any length stays.
    mutating func stored(_ value: JSONValue) {
        switch value {
        case .number(let literal) where literal.utf8.contains { ".eE".utf8.contains($0) }: null()
        case .array(let elements):
            beginArray()
            for element in elements { stored(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, member) in members {
                key(name)
                stored(member)
            }
            endObject()
        default: self.value(value)
        }
    }
}

/// Tells, member by member in order, whether a later member has the same key.
///
/// A few members are compared with one another; many are counted in a table first, so that the
/// time stays linear.
private struct DuplicateKeys {
    private var few: [UnsafeRawBufferPointer] = []
    private var many: [String: Int] = [:]
    private var position = 0

    init(_ attributes: some Collection<OTLPAttribute>) {
        guard attributes.count > 1 else { return }
        if attributes.count <= 24 {
            few = attributes.map(\.key)
        } else {
            for attribute in attributes { many[UTF8Scan.shownText(attribute.key), default: 0] += 1 }
        }
    }

    mutating func next(_ key: UnsafeRawBufferPointer) -> Bool {
        position += 1
        if !many.isEmpty {
            let text = UTF8Scan.shownText(key)
            many[text, default: 1] -= 1
            return many[text, default: 0] > 0
        }
        for later in few.dropFirst(position) where later.equals(key) { return true }
        return false
    }
}
