import JSON

/// The shape of a value in a request or an answer: checks what comes in, documents both.
///
/// It is the part of JSON Schema 2020-12 that the contract uses.
package struct Schema: Sendable {
    package indirect enum Kind: Sendable {
        /// Any JSON value.
        case any
        case null
        case boolean
        case integer(Bounds)
        case number(Bounds)
        case string(lengths: Lengths)
        /// A string with a date and time.
        case timestamp
        /// One of these strings.
        case literal([String])
        case array(of: Schema, counts: Lengths)
        /// An object with any members.
        case dictionary
        case object(ObjectSchema)
        /// One of several objects. Which one, the string in a member of that name says, for which
        /// each of them has a literal of its own.
        case tagged(by: String, [ObjectSchema])
        /// An object that contains itself; the closure breaks the circle. Not for requests.
        case recursive(@Sendable () -> ObjectSchema)
        /// A value with a name of its own among the components of the document.
        case named(String, Schema)
        /// One of several shapes. Documents an answer; in a request it admits anything.
        case either([Schema])
        /// One of several shapes, the first of which a value fits; a value that fits none has the
        /// faults that it has as each of them.
        case alternatives([Alternative])
    }

    /// One of several shapes that a value may have.
    package struct Alternative: Sendable {
        /// What the shape is called in the places of faults.
        package var label: String
        package var schema: Schema

        package init(_ label: String, _ schema: Schema) {
            self.label = label
            self.schema = schema
        }
    }

    /// What texts have to look like.
    package struct Pattern: Sendable {
        /// As a regular expression.
        package var text: String
        package var matches: @Sendable (String) -> Bool

        package init(_ text: String, matches: @escaping @Sendable (String) -> Bool) {
            self.text = text
            self.matches = matches
        }
    }

    package struct Bounds: Sendable {
        package var greaterThan: Double?
        package var atLeast: Double?
        package var atMost: Double?
    }

    package struct Lengths: Sendable {
        package var atLeast: Int?
        package var atMost: Int?
        /// Whether white space around a string is dropped before it is measured.
        package var ignoresWhiteSpace = false
        package var pattern: Pattern?
    }

    package var kind: Kind
    package var isNullable = false
    package var description: String?
    /// What an absent value counts as.
    package var defaultValue: JSONValue?
    /// Keywords that are documented and not checked, such as `pattern`.
    package var keywords = JSONObject()

    package init(_ kind: Kind) { self.kind = kind }
}

extension Schema {
    package static let any = Schema(.any)
    package static let null = Schema(.null)
    package static let boolean = Schema(.boolean)
    package static let integer = Schema(.integer(Bounds()))
    package static let number = Schema(.number(Bounds()))
    package static let string = Schema(.string(lengths: Lengths()))
    package static let timestamp = Schema(.timestamp)
    package static let dictionary = Schema(.dictionary)

    package static func integer(
        greaterThan: Int? = nil, atLeast: Int? = nil, atMost: Int? = nil
    ) -> Schema {
        Schema(
            .integer(
                Bounds(
                    greaterThan: greaterThan.map(Double.init), atLeast: atLeast.map(Double.init),
                    atMost: atMost.map(Double.init))))
    }

    package static func number(atLeast: Double? = nil, atMost: Double? = nil) -> Schema {
        Schema(.number(Bounds(greaterThan: nil, atLeast: atLeast, atMost: atMost)))
    }

    package static func string(minLength: Int? = nil, maxLength: Int? = nil) -> Schema {
        Schema(.string(lengths: Lengths(atLeast: minLength, atMost: maxLength)))
    }

    package static func literal(_ values: [String]) -> Schema { Schema(.literal(values)) }

    package static func array(of element: Schema, minItems: Int? = nil) -> Schema {
        Schema(.array(of: element, counts: Lengths(atLeast: minItems, atMost: nil)))
    }

    package static func object(_ object: ObjectSchema) -> Schema { Schema(.object(object)) }

    package static func tagged(by member: String, _ objects: [ObjectSchema]) -> Schema {
        Schema(.tagged(by: member, objects))
    }

    package static func either(_ schemas: [Schema]) -> Schema { Schema(.either(schemas)) }

    /// The same, or null.
    package var orNull: Schema {
        var copy = self
        copy.isNullable = true
        return copy
    }

    /// The same string without white space around it.
    package var trimmed: Schema {
        guard case .string(var lengths) = kind else { return self }
        lengths.ignoresWhiteSpace = true
        var copy = self
        copy.kind = .string(lengths: lengths)
        return copy
    }

    /// The same string, which has to look like this.
    package func matching(_ pattern: Pattern) -> Schema {
        guard case .string(var lengths) = kind else { return self }
        lengths.pattern = pattern
        var copy = self
        copy.kind = .string(lengths: lengths)
        return copy
    }

    package func described(_ text: String) -> Schema {
        var copy = self
        copy.description = text
        return copy
    }

    package func defaulting(to value: JSONValue) -> Schema {
        var copy = self
        copy.defaultValue = value
        return copy
    }

    package func adding(_ keywords: JSONObject) -> Schema {
        var copy = self
        for (key, value) in keywords { copy.keywords[key] = value }
        return copy
    }
}

/// An object with known members. It is a component of the document, under its name.
package struct ObjectSchema: Sendable {
    package struct Field: Sendable {
        package var name: String
        package var schema: Schema
        package var isRequired: Bool
        /// Whether the document tells of it.
        package var isDocumented = true

        package static func required(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: true)
        }

        package static func optional(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: false)
        }

        /// A member that clients send although no document tells of it.
        package static func undocumented(_ name: String, _ schema: Schema) -> Field {
            Field(name: name, schema: schema, isRequired: false, isDocumented: false)
        }
    }

    /// A rule about the whole object, asked once all of its members are valid. Answers what is
    /// wrong, or nil.
    package typealias Rule = @Sendable (DecodedObject) -> String?

    package var name: String
    package var description: String?
    package var forbidsOthers: Bool
    package var fields: [Field]
    package var rule: Rule?

    package init(
        _ name: String, description: String? = nil, forbidsOthers: Bool = false, fields: [Field],
        rule: Rule? = nil
    ) {
        self.name = name
        self.description = description
        self.forbidsOthers = forbidsOthers
        self.fields = fields
        self.rule = rule
    }
}

extension ObjectSchema {
    /// The literal that a member of this name has to be; nil when it may be something else.
    func tag(in member: String) -> String? {
        guard let field = fields.first(where: { $0.name == member }),
            case .literal(let values) = field.schema.kind, values.count == 1
        else { return nil }
        return values[0]
    }
}

extension ObjectSchema {
    /// The body of an answer with one thing in it.
    package static func envelope(_ name: String, _ item: Schema) -> ObjectSchema {
        ObjectSchema(name, fields: [.required("data", item)])
    }

    /// The body of an answer with a part of a list.
    package static func page(_ name: String, of item: Schema) -> ObjectSchema {
        ObjectSchema(
            name,
            fields: [
                .required("data", .array(of: item)),
                .required(
                    "next_cursor", .string.orNull.described("Null when this is the last page.")),
            ])
    }
}
