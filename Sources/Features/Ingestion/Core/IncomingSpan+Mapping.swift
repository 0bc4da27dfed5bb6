import OpenInference
import PhoenixModel
import Tracing

extension IncomingSpan {
    /// Token counts beyond this are taken for it, so that no sum over spans overflows.
    private static let tokensMax = Int64(Int32.max)

    /// Takes over a mapped span.
    ///
    /// - Parameter origin: The resource and scope that the span came with.
    init(_ span: MappedSpan, origin: SpanOrigin?) {
        func bounded(_ tokens: Int64?) -> Int64? {
            tokens.map { min(max($0, -Self.tokensMax), Self.tokensMax) }
        }
        self.init(
            projectName: span.projectName, traceID: OTelID(span.traceID),
            spanID: OTelID(span.spanID), parentID: span.parentSpanID.map { OTelID($0) },
            name: span.name, kind: span.kind.rawValue, statusCode: span.statusCode.rawValue,
            statusMessage: span.statusMessage, startTime: span.startTimeUs, endTime: span.endTimeUs,
            promptTokens: bounded(span.promptTokens),
            completionTokens: bounded(span.completionTokens), modelName: span.modelName,
            provider: span.provider, sessionID: span.sessionID, userID: span.userID,
            firstErrorMessage: span.firstErrorMessage, eventCount: span.eventCount, origin: origin,
            payload: SpanPayload(
                attributes: span.attributes, events: span.events, extras: span.extras))
    }
}
