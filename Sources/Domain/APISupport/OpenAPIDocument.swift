import JSON

/// The OpenAPI 3.1 document of some operations.
package struct OpenAPIDocument: Sendable {
    package let title = "Arize-Phoenix REST API"
    package let version = "1.0"
    /// The member of an operation that the contract does not have.
    package static let extensionMark = "x-phoenix-extension"

    /// The operations that are not hidden, in the order given.
    package let operations: [Operation]
    /// Every named shape that the operations mention, by its name.
    package private(set) var components: [String: Schema] = [:]
    package let json: JSONValue

    package init(operations: [Operation]) {
        self.operations = operations.filter { !$0.isHidden }
        var builder = Builder()
        var paths = JSONObject()
        for operation in self.operations {
            var methods = paths[operation.path] ?? [:]
            methods[operation.method.rawValue.lowercased()] = builder.operation(operation)
            paths[operation.path] = methods
        }
        let schemas = JSONObject(
            builder.components.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
        json = [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": .string(version)],
            "paths": .object(paths),
            "components": ["schemas": .object(schemas)],
        ]
        components = builder.components.mapValues(\.schema)
    }

    private struct Builder {
        var components: [String: (schema: Schema, json: JSONValue)] = [:]

        mutating func operation(_ operation: Operation) -> JSONValue {
            var json: JSONValue = [
                "tags": [.string(operation.tag)],
                "summary": .string(operation.summary),
                "operationId": .string(operation.id),
            ]
            json["description"] = operation.description.map(JSONValue.string)
            if !operation.parameters.isEmpty {
                json["parameters"] = .array(operation.parameters.map { parameter($0) })
            }
            if let shape = operation.body.schema {
                json["requestBody"] = [
                    "content": ["application/json": ["schema": schema(shape)]],
                    "required": true,
                ]
            } else if let body = operation.bodyDocument {
                json["requestBody"] = body
            }
            json["responses"] = responses(operation)
            if operation.isExtension { json[OpenAPIDocument.extensionMark] = true }
            return json
        }

        private mutating func parameter(_ declaration: ParameterDeclaration) -> JSONValue {
            var plain = declaration.schema
            plain.description = nil
            var json: JSONValue = [
                "name": .string(declaration.name),
                "in": .string(declaration.place.rawValue),
                "required": .bool(declaration.isRequired),
            ]
            var shape = schema(plain)
            if declaration.isDeprecated {
                shape["deprecated"] = true
                json["deprecated"] = true
            }
            json["schema"] = shape
            json["description"] = declaration.schema.description.map(JSONValue.string)
            return json
        }

        private mutating func responses(_ operation: Operation) -> JSONValue {
            var answer: JSONValue = ["description": .string(operation.answer.description)]
            if let shape = operation.answer.schema {
                answer["content"] = ["application/json": ["schema": schema(shape)]]
            } else if !operation.answer.contents.isEmpty {
                answer["content"] = .object(
                    JSONObject(
                        operation.answer.contents.map { ($0.type, ["schema": schema($0.schema)]) }))
            }
            var responses = JSONObject([(String(operation.answer.status.code), answer)])
            for refusal in operation.refusals {
                var content: JSONValue = [:]
                let isUnprocessable = refusal.status == .unprocessableContent
                // Whatever breaks the schema is answered with a list of faults, and whatever else
                // cannot be processed with a sentence. Every operation knows both.
                if refusal.isValidation || isUnprocessable {
                    content["application/json"] = ["schema": schema(.object(.validationError))]
                }
                if !refusal.isValidation || isUnprocessable {
                    content["text/plain"] = ["schema": ["type": "string"]]
                }
                responses[String(refusal.status.code)] = [
                    "description": .string(refusal.description), "content": content,
                ]
            }
            return .object(responses)
        }

        mutating func schema(_ schema: Schema) -> JSONValue {
            var json = kind(schema)
            if schema.isNullable {
                // Alternatives are not nested: null is one more of them.
                if case .array(let alternatives)? = json["anyOf"] {
                    json["anyOf"] = .array(alternatives + [["type": "null"]])
                } else {
                    json = ["anyOf": [json, ["type": "null"]]]
                }
            }
            json["description"] = schema.description.map(JSONValue.string)
            json["default"] = schema.defaultValue
            return json
        }

        private mutating func kind(_ schema: Schema) -> JSONValue {
            var json: JSONValue
            switch schema.kind {
            case .any: json = [:]
            case .null: json = ["type": "null"]
            case .boolean: json = ["type": "boolean"]
            case .integer(let bounds): json = Self.bounded("integer", bounds)
            case .number(let bounds): json = Self.bounded("number", bounds)
            case .string(let lengths):
                json = ["type": "string"]
                json["minLength"] = lengths.atLeast.map { .integer(Int64($0)) }
                json["maxLength"] = lengths.atMost.map { .integer(Int64($0)) }
                json["pattern"] = lengths.pattern.map { .string($0.text) }
            case .timestamp: json = ["type": "string", "format": "date-time"]
            case .literal(let values):
                json = ["type": "string"]
                if values.count == 1 {
                    json["const"] = .string(values[0])
                } else {
                    json["enum"] = .array(values.map(JSONValue.string))
                }
            case .array(let element, let counts):
                json = ["type": "array", "items": self.schema(element)]
                json["minItems"] = counts.atLeast.map { .integer(Int64($0)) }
                json["maxItems"] = counts.atMost.map { .integer(Int64($0)) }
            case .dictionary: json = ["type": "object", "additionalProperties": true]
            case .object(let object): json = reference(to: object)
            case .tagged(let member, let objects): json = tagged(by: member, objects)
            case .recursive(let object): json = reference(to: object())
            case .named(let name, let inner):
                if components[name] == nil {
                    let shape = self.schema(inner)
                    components[name] = (inner, shape)
                }
                json = Self.reference(name)
            case .either(let schemas):
                json = ["anyOf": .array(schemas.map { self.schema($0) })]
            case .alternatives(let shapes):
                json = ["anyOf": .array(shapes.map { self.schema($0.schema) })]
            }
            for (key, value) in schema.keywords { json[key] = value }
            return json
        }

        private mutating func tagged(by member: String, _ objects: [ObjectSchema]) -> JSONValue {
            var mapping = JSONObject()
            for object in objects {
                guard let tag = object.tag(in: member) else { continue }
                mapping[tag] = .string(Self.path(of: object.name))
            }
            return [
                "oneOf": .array(objects.map { reference(to: $0) }),
                "discriminator": [
                    "propertyName": .string(member), "mapping": .object(mapping),
                ],
            ]
        }

        private static func path(of name: String) -> String { "#/components/schemas/\(name)" }

        private static func reference(_ name: String) -> JSONValue {
            ["$ref": .string(path(of: name))]
        }

        private static func bounded(_ type: JSONValue, _ bounds: Schema.Bounds) -> JSONValue {
            func literal(_ bound: Double) -> JSONValue {
                Int64(exactly: bound).map(JSONValue.integer) ?? .double(bound)
            }
            var json: JSONValue = ["type": type]
            json["exclusiveMinimum"] = bounds.greaterThan.map(literal)
            json["minimum"] = bounds.atLeast.map(literal)
            json["maximum"] = bounds.atMost.map(literal)
            return json
        }

        private mutating func reference(to object: ObjectSchema) -> JSONValue {
            if components[object.name] == nil {
                // The name is taken before the members are looked at, for objects that contain
                // themselves.
                components[object.name] = (.object(object), [:])
                var members = JSONObject()
                for field in object.fields where field.isDocumented {
                    members[field.name] = schema(field.schema)
                }
                var json: JSONValue = [
                    "type": "object", "title": .string(object.name), "properties": .object(members),
                ]
                let required = object.fields.filter(\.isRequired).map(\.name)
                if !required.isEmpty {
                    json["required"] = .array(required.map(JSONValue.string))
                }
                if object.forbidsOthers { json["additionalProperties"] = false }
                json["description"] = object.description.map(JSONValue.string)
                components[object.name] = (.object(object), json)
            }
            return Self.reference(object.name)
        }
    }
}

extension ObjectSchema {
    /// The shape of a ``ValidationError``.
    static let validationError = ObjectSchema(
        "HTTPValidationError",
        fields: [.optional("detail", .array(of: .object(validationIssue)))])

    private static let validationIssue = ObjectSchema(
        "ValidationError",
        fields: [
            .required("loc", .array(of: .either([.string, .integer]))),
            .required("msg", .string),
            .required("type", .string),
            .optional("input", .any),
            .optional("ctx", Schema(.any).adding(["type": "object"])),
        ])
}
