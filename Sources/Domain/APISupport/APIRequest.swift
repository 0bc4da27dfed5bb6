import HTTPMessages
import JSON
import PhoenixModel

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
        if let schema = operation.body.schema {
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
        _ bytes: [UInt8], as schema: Schema, _ validator: inout Validator
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
        if let body = validator.decode(value, as: schema, at: ["body"])?.object {
            self.body = body
        }
    }
}
