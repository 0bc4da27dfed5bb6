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
        /// One of several JSON objects, required.
        case oneOf(Schema)
        /// The handler reads the body itself.
        case raw
    }

    package struct Answer: Sendable {
        package var status: HTTPStatus
        package var description: String
        /// The shape of a JSON answer; nil when there is no body.
        package var schema: Schema?
        /// The forms of an answer that is no JSON of a known shape, by content type.
        package var contents: [(type: String, schema: Schema)] = []
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
    /// What the document says of a body that the handler reads itself.
    package var bodyDocument: JSONValue?
    package var answer: Answer
    package var refusals: [Refusal] = [.forbidden]
    /// Whether the operation adds data, and so is refused while the disk is nearly full.
    package var storesData = false
    /// Whether the operation is there in read-only mode too, unlike all that the contract has.
    package var worksReadOnly = false
    /// Whether the operation is left out of the document.
    package var isHidden = false
    /// Whether the contract does not have the operation, which the document then tells.
    package var isExtension = false

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

extension Operation.Body {
    /// The shape of a JSON body.
    var schema: Schema? {
        switch self {
        case .json(let object): .object(object)
        case .oneOf(let schema): schema
        case .none, .raw: nil
        }
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

    /// A file.
    package static func file(
        _ description: String, _ contents: [(type: String, schema: Schema)]
    ) -> Self {
        Self(status: .ok, description: description, schema: nil, contents: contents)
    }
}

extension Operation.Refusal {
    package static let badRequest = Self(
        status: .badRequest, description: "The request cannot be fulfilled as it is.")
    package static let forbidden = Self(
        status: .forbidden, description: "The server is read-only or a permission is missing.")
    package static let notFound = Self(
        status: .notFound, description: "Something that the request names does not exist.")
    package static let conflict = Self(
        status: .conflict, description: "What the request names is in the way.")
    package static let unprocessable = Self(
        status: .unprocessableContent, description: "A parameter or the body is not valid.")
    package static let invalid = Self(
        status: .unprocessableContent, description: "A parameter or the body is not valid.",
        isValidation: true)
    package static let atCapacity = Self(
        status: .serviceUnavailable, description: "The server takes no more work right now.")
}
