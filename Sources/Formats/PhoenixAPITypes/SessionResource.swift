import JSON

/// A session with its traces, as REST shows it.
package struct SessionResource: JSONWritable, Hashable {
    package var id: String
    package var sessionID: String
    package var projectID: String
    package var startTime: String
    package var endTime: String
    package var traces: [SessionTraceResource]
    package var promptTokens: Int64
    package var completionTokens: Int64

    package init(
        id: String, sessionID: String, projectID: String, startTime: String, endTime: String,
        traces: [SessionTraceResource], promptTokens: Int64, completionTokens: Int64
    ) {
        self.id = id
        self.sessionID = sessionID
        self.projectID = projectID
        self.startTime = startTime
        self.endTime = endTime
        self.traces = traces
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("session_id", sessionID)
        writer.member("project_id", projectID)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.member("traces", traces)
        writer.member("token_count_prompt", promptTokens)
        writer.member("token_count_completion", completionTokens)
        writer.member("token_count_total", promptTokens + completionTokens)
        writer.endObject()
    }
}

/// A trace inside a session.
package struct SessionTraceResource: JSONWritable, Hashable {
    package var id: String
    package var traceID: String
    package var startTime: String
    package var endTime: String

    package init(id: String, traceID: String, startTime: String, endTime: String) {
        self.id = id
        self.traceID = traceID
        self.startTime = startTime
        self.endTime = endTime
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("trace_id", traceID)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.endObject()
    }
}
