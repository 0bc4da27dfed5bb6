import BinaryText
import Cryptography
import GraphQLCore
import HTTPMessages
import JSON

/// What a client sent to `/graphql`, by either method, with the refusals of the contract.
struct GraphQLPost: Sendable {
    /// Nil or empty when the client sent none.
    var query: String?
    var operationName: String?
    var variables = JSONObject()
    /// The hash of a persisted document, in lower-case hexadecimal.
    var persistedHash: String?

    /// Reads a JSON body.
    init(body: [UInt8]) throws(HTTPError) {
        switch try Self.json(body) {
        case .object(let object): try self.init(object)
        case .array: throw HTTPError(.badRequest, "Batching is not enabled")
        default: throw HTTPError(.badRequest, "The request body must be a JSON object.")
        }
    }

    /// Reads the query of a URL, where variables and extensions are JSON.
    init(_ items: HTTPQuery) throws(HTTPError) {
        var object = JSONObject()
        for name in ["query", "operationName"] {
            object[name] = items.first(name).map(JSONValue.string)
        }
        for name in ["variables", "extensions"] {
            guard let text = items.first(name), !text.isEmpty else { continue }
            object[name] = try Self.json(Array(text.utf8))
        }
        try self.init(object)
        // Shorter than the extension that means the same.
        if persistedHash == nil, query?.isEmpty ?? true {
            persistedHash = items.first("id")?.lowercased()
        }
    }

    private static func json(_ bytes: [UInt8]) throws(HTTPError) -> JSONValue {
        do throws(JSONError) {
            return try JSON.parse(bytes)
        } catch {
            throw HTTPError(.badRequest, "Unable to parse request body as JSON")
        }
    }

    private init(_ object: JSONObject) throws(HTTPError) {
        switch object["query"] ?? .null {
        case .null: break
        case .string(let text): query = text
        default: throw Self.wrong("query", "a string")
        }
        variables = try Self.object("variables", in: object)
        let extensions = try Self.object("extensions", in: object)
        switch object["operationName"] ?? .null {
        case .null: break
        case .string(let name): operationName = name
        case let other: operationName = other.text
        }
        if let persisted = extensions["persistedQuery"]?.objectValue {
            persistedHash = persisted["sha256Hash"]?.stringValue?.lowercased()
        }
    }

    private static func object(
        _ name: String, in object: JSONObject
    ) throws(HTTPError) -> JSONObject {
        switch object[name] ?? .null {
        case .null: return JSONObject()
        case .object(let value): return value
        default: throw wrong(name, "an object")
        }
    }

    private static func wrong(_ name: String, _ kind: String) -> HTTPError {
        HTTPError(
            .badRequest, "The GraphQL operation's `\(name)` must be \(kind) or null, if provided.")
    }

    /// What ``request(of:)`` finds.
    enum Finding {
        case request(GraphQLRequest)
        case noQuery
        /// The client sent the hash of a document that the server has not, or no longer. It is to
        /// send the text with it.
        case notPersisted
    }

    /// The request, with a persisted document put in where only its hash was sent. A document that
    /// comes with its hash is kept for later.
    ///
    /// - Parameter known: The documents that need not be sent once before.
    /// - Throws: ``HTTPError`` when the hash is not that of the document.
    func request(
        of engine: GraphQLEngine, known: (String) -> String?
    ) throws(HTTPError) -> Finding {
        var text = query ?? ""
        if let hash = persistedHash {
            if text.isEmpty {
                guard let document = known(hash) ?? engine.persistedQuery(hash) else {
                    return .notPersisted
                }
                text = document
            } else {
                guard Hexadecimal.encode(SHA256.digest(text.utf8)) == hash else {
                    throw HTTPError(
                        .badRequest, "The SHA-256 hash is not that of the query. Send its own.")
                }
                engine.persist(text, hash: hash)
            }
        }
        if text.isEmpty { return .noQuery }
        return .request(
            GraphQLRequest(query: text, operationName: operationName, variables: variables))
    }
}
