import PhoenixModel
import Tracing

extension IncomingSpan {
    /// A span for tests; ids are numbers, written big-endian into the usual 16 and 8 bytes.
    package static func stub(
        trace: Int = 1, span: Int, parent: Int? = nil, project: String = "demo",
        session: String? = nil, name: String = "step", kind: String = "CHAIN",
        status: String = "OK",
        startTime: Int64 = 1_790_000_000_000_000, endTime: Int64 = 1_790_000_001_000_000,
        promptTokens: Int64? = nil, completionTokens: Int64? = nil,
        attributes: String = #"{"a":{"b":1}}"#
    ) -> IncomingSpan {
        IncomingSpan(
            projectName: project, traceID: .number(trace, byteCount: 16),
            spanID: .number(span, byteCount: 8),
            parentID: parent.map { .number($0, byteCount: 8) }, name: name, kind: kind,
            statusCode: status, statusMessage: "", startTime: startTime, endTime: endTime,
            promptTokens: promptTokens, completionTokens: completionTokens, modelName: nil,
            provider: nil, sessionID: session, userID: nil, firstErrorMessage: nil, eventCount: 0,
            origin: SpanOrigin(json: Array(#"{"resource":{}}"#.utf8)),
            payload: SpanPayload(
                attributes: Array(attributes.utf8), events: Array("[]".utf8), extras: []))
    }
}

extension OTelID {
    package static func number(_ value: Int, byteCount: Int) -> OTelID {
        var bytes = [UInt8](repeating: 0, count: byteCount)
        for index in 0..<min(8, byteCount) {
            bytes[byteCount - 1 - index] = UInt8(truncatingIfNeeded: value >> (index * 8))
        }
        return OTelID(bytes)
    }
}
