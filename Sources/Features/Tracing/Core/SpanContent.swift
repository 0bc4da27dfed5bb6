import JSON
import OpenInference

/// What a span carries beyond its columns, parsed.
package struct SpanContent: Sendable {
    private let parsedAttributes: Result<JSONObject, JSONError>
    private let eventBytes: [UInt8]

    package init(_ payload: SpanPayload) {
        parsedAttributes = Result { () throws(JSONError) in
            if payload.attributes.isEmpty { return [:] }
            return try SpanPayload.parsed(payload.attributes).objectValue ?? [:]
        }
        eventBytes = payload.events
    }

    /// The nested attributes.
    ///
    /// - Throws: A `JSONError` when the payload is damaged.
    package func attributes() throws -> JSONObject { try parsedAttributes.get() }

    /// The events, each an object of `name`, `timestamp` and `attributes`.
    ///
    /// - Throws: A `JSONError` when the payload is damaged.
    package func events() throws -> [JSONValue] {
        eventBytes.isEmpty ? [] : try SpanPayload.parsed(eventBytes).arrayValue ?? []
    }

    /// The attribute at a path; nil when it is null.
    package func attribute(_ path: String...) throws -> JSONValue? {
        try JSONValue.object(attributes()).member(path)
    }

    /// The attributes as text, with lengths in place of the vectors of embeddings.
    package func attributesText() throws -> String {
        var attributes = JSONValue.object(try self.attributes())
        if var embeddings = attributes["embedding"]?["embeddings"]?.arrayValue {
            for index in embeddings.indices {
                guard let vector = embeddings[index]["embedding"]?["vector"]?.arrayValue else {
                    continue
                }
                embeddings[index]["embedding"]?["vector"] =
                    .string("<\(vector.count) dimensional vector>")
            }
            attributes["embedding"]?["embeddings"] = .array(embeddings)
        }
        return PythonText.json(attributes)
    }

    /// The attribute `metadata` as JSON text; a string as it is; nil when there is none.
    package func metadataText() throws -> String? {
        try attribute("metadata").map { $0.stringValue ?? PythonText.json($0) }
    }

    /// How many documents a retriever, or for a reranker the reranking, brought.
    package func documentCount(ofKind kind: String) throws -> Int {
        if kind == "RERANKER",
            let documents = try attribute("reranker", "output_documents")?.arrayValue
        {
            return documents.count
        }
        return try attribute("retrieval", "documents")?.arrayValue?.count ?? 0
    }
}

extension JSONValue {
    /// The value at a path of members; nil when it is null.
    func member(_ path: [String]) -> JSONValue? {
        var value = self
        for key in path {
            guard let next = value[key] else { return nil }
            value = next
        }
        // A bare nil would be a JSON null here.
        return value.isNull ? Optional.none : value
    }

    func member(_ path: String...) -> JSONValue? { member(path) }
}

/// The input or the output of a span.
package struct SpanIOValue: Sendable, Hashable {
    package enum Direction: String, Sendable {
        case input, output
    }

    /// Text; a value of another type as JSON.
    package let value: String
    package let isJSON: Bool

    /// Nil when the span has no such value, or an empty one.
    package init?(_ direction: Direction, of content: SpanContent) throws {
        guard let value = try content.attribute(direction.rawValue, "value"), value != "" else {
            return nil
        }
        self.value = value.stringValue ?? value.text
        let mimeType = try content.attribute(direction.rawValue, "mime_type")
        isJSON = mimeType == "application/json"
    }

    /// At most 100 characters, the last three of them dots when there were more.
    package var preview: String {
        let scalars = value.unicodeScalars
        guard value.utf8.count > 100, scalars.dropFirst(100).first != nil else { return value }
        return value[..<scalars.index(scalars.startIndex, offsetBy: 97)] + "..."
    }
}
