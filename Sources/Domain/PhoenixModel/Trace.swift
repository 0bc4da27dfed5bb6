/// What one request set in motion: a tree of spans.
package struct Trace: Hashable, Sendable, Node {
    package typealias ID = RowID<Trace>

    package static let nodeTypeName = "Trace"

    package var id: ID
    package var otelID: OTelID
    package var projectID: Project.ID
    package var sessionID: Session.ID?
    /// The earliest start and the latest end that any span of the trace ever had.
    package var startTime: Timestamp
    package var endTime: Timestamp
    package var spanCount: Int64
    /// How many spans have the status ERROR.
    package var errorCount: Int64
    /// Sums over the spans that call a language model.
    package var promptTokens: Int64
    package var completionTokens: Int64

    package init(
        id: ID, otelID: OTelID, projectID: Project.ID, sessionID: Session.ID?,
        startTime: Timestamp, endTime: Timestamp, spanCount: Int64, errorCount: Int64,
        promptTokens: Int64, completionTokens: Int64
    ) {
        self.id = id
        self.otelID = otelID
        self.projectID = projectID
        self.sessionID = sessionID
        self.startTime = startTime
        self.endTime = endTime
        self.spanCount = spanCount
        self.errorCount = errorCount
        self.promptTokens = promptTokens
        self.completionTokens = completionTokens
    }

    /// How long the trace took; negative when a clock was wrong.
    package var latencyMs: Double {
        Double(endTime.microseconds - startTime.microseconds) / 1000
    }
}
