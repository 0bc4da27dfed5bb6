import HTTPMessages
import JSON
import PhoenixModel

/// The declaration of one route: what it takes, what it answers and what it needs. Requests are
/// checked against it and the OpenAPI document is made of it.
package struct Operation: Sendable {
    package enum Body: Sendable {
        case none
        /// A JSON object of this shape, required.
        case json(ObjectSchema)
        /// The handler reads the body itself.
        case raw
    }

    package struct Answer: Sendable {
        package var status: HTTPStatus
        package var description: String
        /// The shape of a JSON answer; nil when there is no body.
        package var schema: Schema?
    }

    /// An answer that reports an error.
    package struct Refusal: Sendable {
        package var status: HTTPStatus
        package var description: String
        /// Whether the body is the JSON of a ``ValidationError`` instead of a sentence.
        package var isValidation = false
    }

    package var method: HTTPMethod
    package var path: String
    package var id: String
    package var tag: String
    package var summary: String
    package var description: String?
    package var action: any Action
    package var parameters: [ParameterDeclaration] = []
    package var body: Body = .none
    package var answer: Answer
    package var refusals: [Refusal] = [.forbidden]
    /// Whether the operation adds data, and so is refused while the disk is nearly full.
    package var storesData = false
    /// Whether the operation is left out of the document.
    package var isHidden = false

    package init(
        _ method: HTTPMethod, _ path: String, id: String, tag: String, summary: String,
        description: String? = nil, action: any Action, answer: Answer
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.tag = tag
        self.summary = summary
        self.description = description
        self.action = action
        self.answer = answer
    }
}

extension Operation.Answer {
    package static func json(_ schema: ObjectSchema, status: HTTPStatus = .ok) -> Self {
        Self(status: status, description: schema.description ?? "Done.", schema: .object(schema))
    }

    package static let noContent = Self(status: .noContent, description: "Done.", schema: nil)

    /// An answer in a form of its own.
    package static func other(_ description: String) -> Self {
        Self(status: .ok, description: description, schema: nil)
    }
}

extension Operation.Refusal {
    package static let badRequest = Self(
        status: .badRequest, description: "The request cannot be fulfilled as it is.")
    package static let forbidden = Self(
        status: .forbidden, description: "The server is read-only or a permission is missing.")
    package static let notFound = Self(
        status: .notFound, description: "Something that the request names does not exist.")
    package static let unprocessable = Self(
        status: .unprocessableContent, description: "A parameter or the body is not valid.")
    package static let invalid = Self(
        status: .unprocessableContent, description: "A parameter or the body is not valid.",
        isValidation: true)
    package static let atCapacity = Self(
        status: .serviceUnavailable, description: "The server takes no more work right now.")
}

/// An operation and what carries it out.
package struct Route: Sendable {
    package typealias Handler = @Sendable (APIRequest) async throws -> HTTPResponse

    package var operation: Operation
    package var handler: Handler

    package init(_ operation: Operation, handler: @escaping Handler) {
        self.operation = operation
        self.handler = handler
    }
}

/// A request whose parameters and body fit the operation's declaration.
package struct APIRequest: Sendable {
    package var http: HTTPRequest
    package var principal: Principal
    /// The accepted JSON body; empty when the operation takes none.
    package var body = DecodedObject()
    private var parameters = DecodedObject()

    init(http: HTTPRequest, principal: Principal) {
        self.http = http
        self.principal = principal
    }

    /// The value of a parameter of this operation. Asking for one that the operation does not
    /// declare is a bug of ours, so it traps.
    package subscript<Value>(parameter: Parameter<Value>) -> Value {
        guard let value = parameter.extract(parameters[parameter.declaration.name]) else {
            preconditionFailure(
                "The parameter \(parameter.declaration.name) is not declared by this operation.")
        }
        return value
    }

    /// Decodes and checks everything that `operation` declares.
    ///
    /// - Throws: ``ValidationError`` with all that is wrong, or an ``HTTPBodyError``.
    mutating func decode(
        _ operation: Operation, path: PathParameters, bodyBytesMax: Int
    ) async throws {
        var validator = Validator()
        let query = http.query
        for declaration in operation.parameters {
            guard let input = Self.input(of: declaration, path, query) else {
                decodeAbsent(declaration, &validator)
                continue
            }
            let location: [JSONValue] = [
                .string(declaration.place.rawValue), .string(declaration.name),
            ]
            if let value = validator.decode(input, as: declaration.schema, at: location) {
                parameters.set(declaration.name, to: value, isGiven: true)
            }
        }
        if case .json(let schema) = operation.body {
            let bytes = try await http.body.collect(upTo: bodyBytesMax)
            try decode(bytes, as: schema, &validator)
        }
        try validator.finish()
    }

    private static func input(
        of declaration: ParameterDeclaration, _ path: PathParameters, _ query: HTTPQuery
    ) -> JSONValue? {
        if declaration.place == .path { return path[declaration.name].map(JSONValue.string) }
        let values = query.all(declaration.name)
        guard let last = values.last else { return nil }
        if case .array = declaration.schema.kind { return .array(values.map(JSONValue.string)) }
        return .string(last)
    }

    private mutating func decodeAbsent(
        _ declaration: ParameterDeclaration, _ validator: inout Validator
    ) {
        let location: [JSONValue] = [
            .string(declaration.place.rawValue), .string(declaration.name),
        ]
        if declaration.isRequired {
            validator.reportMissing(at: location, in: .null)
        } else if let fallback = declaration.schema.defaultValue,
            let value = validator.decode(fallback, as: declaration.schema, at: location)
        {
            parameters.set(declaration.name, to: value, isGiven: false)
        }
    }

    private mutating func decode(
        _ bytes: [UInt8], as schema: ObjectSchema, _ validator: inout Validator
    ) throws {
        guard !bytes.isEmpty else { return validator.reportMissing(at: ["body"], in: .null) }
        // Without the declaration that it is JSON the contract takes a body for text, which no
        // operation accepts.
        var value = JSONValue.string(String(decoding: bytes, as: UTF8.self))
        if http.contentType?.isJSON == true {
            do throws(JSONError) {
                value = try JSON.parse(bytes, options: .init(acceptsNonFinite: true))
            } catch {
                // A text that cannot be read hides whatever else is wrong.
                throw ValidationError(issues: [
                    ValidationIssue(
                        type: "json_invalid", location: ["body", .integer(Int64(error.offset))],
                        message: "JSON decode error", input: [:],
                        context: ["error": .string(error.message)])
                ])
            }
        }
        if let body = validator.decode(value, as: .object(schema), at: ["body"])?.object {
            self.body = body
        }
    }
}
