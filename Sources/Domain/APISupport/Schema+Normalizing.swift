import JSON

extension Schema {
    /// An accepted value as JSON in one form: the members that were given, in the order in which
    /// they are declared, numbers as numbers and flags as flags, however the request wrote them.
    ///
    /// - Parameter value: What a ``Validator`` made of a value for this schema.
    package func json(of value: DecodedValue) -> JSONValue {
        switch value {
        case .null: return .null
        case .bool(let flag): return .bool(flag)
        case .integer(let number): return .integer(Int64(number))
        case .number(let number): return .double(number)
        case .string(let text): return .string(text)
        case .timestamp(let parsed): return .string(parsed.timestamp.description)
        case .json(let json): return json
        case .array(let elements):
            let schema = element
            return .array(elements.map { schema.json(of: $0) })
        case .object(let members): return shape(of: members).json(of: members)
        }
    }

    private var element: Schema {
        switch kind {
        case .array(let element, _): return element
        case .named(_, let inner): return inner.element
        case .alternatives(let shapes):
            for case .array(let element, _) in shapes.map(\.schema.kind) { return element }
        default: break
        }
        preconditionFailure("A schema of no array accepted an array.")
    }

    private func shape(of members: DecodedObject) -> ObjectSchema {
        switch kind {
        case .object(let object): return object
        case .named(_, let inner): return inner.shape(of: members)
        case .tagged(let member, let objects):
            let tag = members[member].string
            if let object = objects.first(where: { $0.tag(in: member) == tag }) { return object }
        default: break
        }
        preconditionFailure("A schema of no object accepted an object.")
    }
}

extension ObjectSchema {
    /// An accepted object as JSON in one form, as in ``Schema/json(of:)``.
    package func json(of members: DecodedObject) -> JSONValue {
        var json = JSONObject()
        for field in fields where members.given.contains(field.name) {
            json[field.name] = field.schema.json(of: members[field.name])
        }
        return .object(json)
    }
}
