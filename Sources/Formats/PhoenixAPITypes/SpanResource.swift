import JSON

/// A span with everything it carries, as REST shows it.
package struct SpanResource: JSONWritable {
    package var id: String
    package var name: String
    package var traceID: String
    package var spanID: String
    package var kind: String
    package var parentID: String?
    package var startTime: String
    package var endTime: String
    package var statusCode: String
    package var statusMessage: String
    /// The attributes under dotted keys.
    package var attributes: JSONObject
    /// A JSON array.
    package var events: [UInt8]

    package init(
        id: String, name: String, traceID: String, spanID: String, kind: String,
        parentID: String?, startTime: String, endTime: String, statusCode: String,
        statusMessage: String, attributes: JSONObject, events: [UInt8]
    ) {
        self.id = id
        self.name = name
        self.traceID = traceID
        self.spanID = spanID
        self.kind = kind
        self.parentID = parentID
        self.startTime = startTime
        self.endTime = endTime
        self.statusCode = statusCode
        self.statusMessage = statusMessage
        self.attributes = attributes
        self.events = events
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("name", name)
        writer.key("context")
        writer.beginObject()
        writer.member("trace_id", traceID)
        writer.member("span_id", spanID)
        writer.endObject()
        writer.member("span_kind", kind)
        writer.member("parent_id", parentID)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.member("status_code", statusCode)
        writer.member("status_message", statusMessage)
        writer.key("attributes")
        writer.value(.object(attributes))
        writer.key("events")
        writer.raw(events)
        writer.endObject()
    }
}

/// How many spans a request brought and how many of them were taken.
package struct SpanReceiptResource: JSONWritable, Hashable {
    package var receivedCount: Int64
    package var queuedCount: Int64

    package init(receivedCount: Int64, queuedCount: Int64) {
        self.receivedCount = receivedCount
        self.queuedCount = queuedCount
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("total_received", receivedCount)
        writer.member("total_queued", queuedCount)
        writer.endObject()
    }
}

/// Why none of the spans of a request were taken. The contract sends it as plain text.
package struct SpanRefusalResource: JSONWritable, Hashable {
    package struct Culprit: JSONWritable, Hashable {
        package var spanID: String
        package var traceID: String
        /// What is wrong with the span; nil for one that is stored already.
        package var error: String?

        package init(spanID: String, traceID: String, error: String? = nil) {
            self.spanID = spanID
            self.traceID = traceID
            self.error = error
        }

        package func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("span_id", spanID)
            writer.member("trace_id", traceID)
            if let error { writer.member("error", error) }
            writer.endObject()
        }
    }

    package var receivedCount: Int64
    package var duplicates: [Culprit]
    package var invalid: [Culprit]

    package init(receivedCount: Int64, duplicates: [Culprit], invalid: [Culprit]) {
        self.receivedCount = receivedCount
        self.duplicates = duplicates
        self.invalid = invalid
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("error", "Request contains invalid or duplicate spans")
        writer.member("total_received", receivedCount)
        writer.member("total_queued", 0)
        writer.member("total_duplicates", Int64(duplicates.count))
        writer.member("total_invalid", Int64(invalid.count))
        writer.member("duplicate_spans", duplicates)
        writer.member("invalid_spans", invalid)
        writer.endObject()
    }
}
