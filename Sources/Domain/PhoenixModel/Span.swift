/// One step of a trace, without its attributes and events.
package struct Span: Hashable, Sendable, Node {
    package typealias ID = RowID<Span>

    package static let nodeTypeName = "Span"

    package var id: ID
    package var otelID: OTelID
    package var traceID: Trace.ID
    package var projectID: Project.ID
    /// Nil for a root. The parent may not have arrived.
    package var parentID: OTelID?
    package var name: String
    /// One of the kinds of OpenInference in capitals; `UNKNOWN` for any other.
    package var kind: String
    package var startTime: Timestamp
    package var endTime: Timestamp
    /// `OK`, `ERROR` or `UNSET`.
    package var statusCode: String
    package var statusMessage: String
    /// Nil unless the span calls a language model.
    package var promptTokens: Int64?
    package var completionTokens: Int64?
    /// What the span and everything below it add up to.
    package var cumulativeErrorCount: Int64
    package var cumulativePromptTokens: Int64
    package var cumulativeCompletionTokens: Int64

    package init(
        id: ID, otelID: OTelID, traceID: Trace.ID, projectID: Project.ID, parentID: OTelID?,
        name: String, kind: String, startTime: Timestamp, endTime: Timestamp, statusCode: String,
        statusMessage: String, promptTokens: Int64?, completionTokens: Int64?,
        cumulativeErrorCount: Int64, cumulativePromptTokens: Int64,
        cumulativeCompletionTokens: Int64
    ) {
        self.id = id
        self.otelID = otelID
        self.traceID = traceID
        self.projectID = projectID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.startTime = startTime
        self.endTime = endTime
        self.statusCode = statusCode
        self.statusMessage = statusMessage
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
        self.cumulativeErrorCount = cumulativeErrorCount
        self.cumulativePromptTokens = cumulativePromptTokens
        self.cumulativeCompletionTokens = cumulativeCompletionTokens
    }

    /// How long the span took; negative when a clock was wrong.
    package var latencyMs: Double {
        Double(endTime.microseconds - startTime.microseconds) / 1000
    }
}
