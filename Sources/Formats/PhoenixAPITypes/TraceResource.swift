import JSON

/// A trace as REST lists it.
package struct TraceResource: JSONWritable, Hashable {
    package var id: String
    package var traceID: String
    package var projectID: String
    package var startTime: String
    package var endTime: String
    package var promptTokens: Int64
    package var completionTokens: Int64
    /// Nil unless the request asks for them.
    package var spans: [TraceSpanResource]?

    package init(
        id: String, traceID: String, projectID: String, startTime: String, endTime: String,
        promptTokens: Int64, completionTokens: Int64, spans: [TraceSpanResource]?
    ) {
        self.id = id
        self.traceID = traceID
        self.projectID = projectID
        self.startTime = startTime
        self.endTime = endTime
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.spans = spans
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("trace_id", traceID)
        writer.member("project_id", projectID)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.member("token_count_prompt", promptTokens)
        writer.member("token_count_completion", completionTokens)
        writer.member("token_count_total", promptTokens + completionTokens)
        if let spans {
            writer.member("spans", spans)
        } else {
            writer.key("spans")
            writer.null()
        }
        writer.endObject()
    }
}

/// A span inside a listed trace, without its attributes and events.
package struct TraceSpanResource: JSONWritable, Hashable {
    package var id: String
    package var spanID: String
    package var parentID: String?
    package var name: String
    package var kind: String
    package var statusCode: String
    package var startTime: String
    package var endTime: String

    package init(
        id: String, spanID: String, parentID: String?, name: String, kind: String,
        statusCode: String, startTime: String, endTime: String
    ) {
        self.id = id
        self.spanID = spanID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.statusCode = statusCode
        self.startTime = startTime
        self.endTime = endTime
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("span_id", spanID)
        writer.member("parent_id", parentID)
        writer.member("name", name)
        writer.member("span_kind", kind)
        writer.member("status_code", statusCode)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.endObject()
    }
}

/// What a transfer of traces did.
package struct TraceTransferResource: JSONWritable, Hashable {
    package var transferredCount: Int64
    package var destinationProjectID: String

    package init(transferredCount: Int64, destinationProjectID: String) {
        self.transferredCount = transferredCount
        self.destinationProjectID = destinationProjectID
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("transferred_trace_count", transferredCount)
        writer.member("destination_project_id", destinationProjectID)
        writer.endObject()
    }
}
