import HTTPMessages
import JSON

/// One thing that is wrong with a request, in the words and the shape of the contract.
package struct ValidationIssue: Error, Sendable, Hashable {
    /// The kind of the fault, such as `missing` or `int_parsing`.
    package var type: String
    /// Where it is: `body` or `query`, then names of members and indices of elements.
    package var location: [JSONValue]
    package var message: String
    /// What was given. For a missing member, the object that lacks it.
    package var input: JSONValue
    package var context: JSONObject?

    package init(
        type: String, location: [JSONValue], message: String, input: JSONValue,
        context: JSONObject? = nil
    ) {
        self.type = type
        self.location = location
        self.message = message
        self.input = input
        self.context = context
    }

    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string(type)
        writer.key("loc")
        writer.value(.array(location))
        writer.key("msg")
        writer.string(message)
        writer.key("input")
        writer.value(input)
        if let context {
            writer.key("ctx")
            writer.value(.object(context))
        }
        writer.endObject()
    }
}

/// A request whose parameters or body are not as declared: 422 with one entry a fault.
package struct ValidationError: Error, Sendable {
    package var issues: [ValidationIssue]

    package init(issues: [ValidationIssue]) { self.issues = issues }

    package var body: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("detail")
        writer.beginArray()
        for issue in issues { issue.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}

extension ValidationError: APIErrorConvertible {
    package var response: HTTPResponse { .json(.unprocessableContent, body) }
}
