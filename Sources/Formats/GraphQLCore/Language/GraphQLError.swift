import JSON

/// An error of a response: a message that is safe to show, places in the document, and the path of
/// the field of the response.
package struct GraphQLError: Error, Sendable, Hashable {
    package var message: String
    /// Empty when no place in the document is at fault.
    package var locations: [SourceLocation]
    /// `nil` for an error of the request as a whole.
    package var path: [PathElement]?

    package enum PathElement: Sendable, Hashable {
        case field(String)
        case index(Int)
    }

    package init(
        _ message: String, locations: [SourceLocation] = [], path: [PathElement]? = nil
    ) {
        self.message = message
        self.locations = locations
        self.path = path
    }

    init(_ message: String, at offsets: [Int], in source: Source?) {
        self.message = message
        locations = source.map { source in offsets.map { source.location(at: $0) } } ?? []
        path = nil
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("message")
        writer.string(message)
        if !locations.isEmpty {
            writer.key("locations")
            writer.beginArray()
            for location in locations {
                writer.beginObject()
                writer.key("line")
                writer.integer(Int64(location.line))
                writer.key("column")
                writer.integer(Int64(location.column))
                writer.endObject()
            }
            writer.endArray()
        }
        if let path {
            writer.key("path")
            writer.beginArray()
            for element in path {
                switch element {
                case .field(let name): writer.string(name)
                case .index(let index): writer.integer(Int64(index))
                }
            }
            writer.endArray()
        }
        writer.endObject()
    }
}

extension GraphQLError: CustomStringConvertible {
    package var description: String { message }
}
