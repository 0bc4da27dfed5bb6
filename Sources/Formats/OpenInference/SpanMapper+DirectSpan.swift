import JSON

extension SpanMapper {
    /// A span that was given through the REST interface.
    package struct DirectSpan: Sendable {
        package struct Event: Sendable {
            package var name: String
            package var timeUs: Int64
            package var attributes: JSONObject

            package init(name: String, timeUs: Int64, attributes: JSONObject = [:]) {
                self.name = name
                self.timeUs = timeUs
                self.attributes = attributes
            }
        }

        package var projectName = MappedSpan.defaultProjectName
        package var traceID: [UInt8] = []
        package var spanID: [UInt8] = []
        package var parentSpanID: [UInt8]?
        package var name = ""
        /// Any text; it stays in the attributes as it is.
        package var kind = ""
        package var statusCode = ""
        package var statusMessage = ""
        package var startTimeUs: Int64 = 0
        package var endTimeUs: Int64 = 0
        /// With dotted or nested keys.
        package var attributes: JSONObject = [:]
        package var events: [Event] = []

        package init() {}
    }

    /// Maps a span that was given through the REST interface.
    ///
    /// Its attributes are nested as those of OTLP; JSON text in them is not parsed, and nothing is
    /// converted. The caller has checked the ids.
    package mutating func map(_ direct: DirectSpan) -> MappedSpan {
        var mapped = MappedSpan()
        mapped.projectName = direct.projectName
        mapped.traceID = direct.traceID
        mapped.spanID = direct.spanID
        mapped.parentSpanID = direct.parentSpanID
        mapped.name = direct.name
        mapped.statusCode = SpanStatusCode(name: direct.statusCode)
        mapped.statusMessage = direct.statusMessage
        mapped.startTimeUs = direct.startTimeUs
        mapped.endTimeUs = direct.endTimeUs
        mapEvents(direct.events, &mapped)
        for (key, value) in direct.attributes where !value.isNull {
            trie.insert(arena.keep(key.utf8), value)
        }
        trie.insert(Self.bytes("openinference.span.kind"), .string(direct.kind))
        finishAttributes(&mapped)
        mapped.kind = SpanKind(name: direct.kind)
        return mapped
    }

    private mutating func mapEvents(_ events: [DirectSpan.Event], _ mapped: inout MappedSpan) {
        writer.reset()
        writer.beginArray()
        for event in events {
            writer.beginObject()
            writer.key("name")
            writer.string(event.name)
            writer.key("timestamp")
            UnixTime.iso8601(microseconds: event.timeUs).withUnsafeBytes {
                writer.string(utf8: $0)
            }
            writer.key("attributes")
            writer.stored(.object(event.attributes))
            writer.endObject()
            if event.name == "exception", mapped.firstErrorMessage == nil,
                let message = event.attributes["exception.message"], message != ""
            {
                mapped.firstErrorMessage = PythonText.description(message)
            }
        }
        writer.endArray()
        mapped.events = writer.bytes
        mapped.eventCount = events.count
    }
}
