import JSON

/// The answer to one request, or one event of a subscription.
package struct GraphQLResponse: Sendable {
    /// The response as JSON: `data`, which is always there, and `errors` if there are any.
    package let body: [UInt8]
    package let errors: [GraphQLError]
    /// Whether `data` is an object and not null.
    package let hasData: Bool

    init(body: [UInt8], errors: [GraphQLError], hasData: Bool) {
        self.body = body
        self.errors = errors
        self.hasData = hasData
    }

    /// A response without data.
    package init(errors: [GraphQLError]) {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        writer.null()
        Self.write(errors, to: &writer)
        writer.endObject()
        self.init(body: writer.takeBytes(), errors: errors, hasData: false)
    }

    static func write(_ errors: [GraphQLError], to writer: inout JSONWriter) {
        if errors.isEmpty { return }
        writer.key("errors")
        writer.beginArray()
        for error in errors { error.write(to: &writer) }
        writer.endArray()
    }
}

/// What a client asks for.
package struct GraphQLRequest: Sendable {
    package var query: String
    package var operationName: String?
    package var variables: JSONObject

    package init(
        query: String, operationName: String? = nil, variables: JSONObject = JSONObject()
    ) {
        self.query = query
        self.operationName = operationName
        self.variables = variables
    }
}
