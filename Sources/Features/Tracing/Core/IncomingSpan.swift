import PhoenixModel

/// One span on its way into the store, mapped and ready to be written.
package struct IncomingSpan: Sendable {
    package var projectName: String
    package var traceID: OTelID
    package var spanID: OTelID
    /// Nil for a root.
    package var parentID: OTelID?
    package var name: String
    package var kind: String
    package var statusCode: String
    package var statusMessage: String
    /// Microseconds since 1970.
    package var startTime: Int64
    package var endTime: Int64
    /// Nil unless the span is a call of a language model.
    package var promptTokens: Int64?
    package var completionTokens: Int64?
    package var modelName: String?
    package var provider: String?
    package var sessionID: String?
    package var userID: String?
    package var firstErrorMessage: String?
    package var eventCount: Int
    /// The resource and scope, shared by all spans that came with them.
    package var origin: SpanOrigin?
    package var payload: SpanPayload
    /// What another database says of the span that this one would find out by itself; nil for spans
    /// that arrive.
    package var stated: Statement?

    /// What is known of a span that was stored elsewhere. Its trace is stored, or goes with it as a
    /// ``StatedTrace``, and has the session that it had there or none.
    package struct Statement: Sendable {
        /// The row id that it keeps. No stored span may have it, nor the id of the span: nobody looks.
        /// Spans of one write have one all or none.
        package var row: Int64
        /// What it cost; nil when it had no cost.
        package var cost: SpanCost?

        package init(row: Int64, cost: SpanCost?) {
            self.row = row
            self.cost = cost
        }
    }

    package init(
        projectName: String, traceID: OTelID, spanID: OTelID, parentID: OTelID?, name: String,
        kind: String, statusCode: String, statusMessage: String, startTime: Int64, endTime: Int64,
        promptTokens: Int64?, completionTokens: Int64?, modelName: String?, provider: String?,
        sessionID: String?, userID: String?, firstErrorMessage: String?, eventCount: Int,
        origin: SpanOrigin?, payload: SpanPayload
    ) {
        self.projectName = projectName
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.statusCode = statusCode
        self.statusMessage = statusMessage
        self.startTime = startTime
        self.endTime = endTime
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.modelName = modelName
        self.provider = provider
        self.sessionID = sessionID
        self.userID = userID
        self.firstErrorMessage = firstErrorMessage
        self.eventCount = eventCount
        self.origin = origin
        self.payload = payload
    }

    /// About how much memory the span holds, for the bound of the queue.
    package var byteCount: Int {
        400 + name.utf8.count + statusMessage.utf8.count + payload.byteCount
    }

    var hasError: Bool { statusCode == "ERROR" }

    /// Whether the span can have a cost.
    var isModelCall: Bool { kind == Self.modelCallKind }

    /// The kind of spans that are model calls.
    static let modelCallKind = "LLM"
}
