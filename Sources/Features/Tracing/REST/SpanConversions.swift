import APISupport
import JSON
import OpenInference
import PhoenixAPITypes
import PhoenixModel

/// Why a span that came through REST cannot be stored.
struct SpanDraftError: Error {
    let reason: String
}

extension SpanMapper.DirectSpan {
    /// - Parameter object: A span that its schema has accepted.
    init(_ object: DecodedObject, projectName: String) throws(SpanDraftError) {
        self.init()
        guard let context = object["context"].object else {
            preconditionFailure("The member context is declared as required.")
        }
        func id(_ text: String, _ name: String) throws(SpanDraftError) -> [UInt8] {
            guard let id = OTelID(hex: text) else {
                throw SpanDraftError(reason: "The \(name) is not an even number of hex digits.")
            }
            return id.bytes
        }
        self.projectName = projectName
        traceID = try id(context.text("trace_id"), "trace_id")
        spanID = try id(context.text("span_id"), "span_id")
        if let parent = object["parent_id"].string, !parent.isEmpty {
            parentSpanID = try id(parent, "parent_id")
        }
        name = object.text("name")
        kind = object.text("span_kind")
        statusCode = object.text("status_code")
        statusMessage = object["status_message"].string ?? ""
        startTimeUs = object.timestamp("start_time").microseconds
        endTimeUs = object.timestamp("end_time").microseconds
        attributes = object["attributes"].json?.objectValue ?? [:]
        events = (object["events"].array ?? []).compactMap(\.object).map { event in
            Event(
                name: event.text("name"), timeUs: event.timestamp("timestamp").microseconds,
                attributes: event["attributes"].json?.objectValue ?? [:])
        }
    }
}

private let kindAttribute = "openinference.span.kind"

extension StoredSpan {
    /// The attributes under dotted keys.
    ///
    /// - Throws: A `JSONError` when the payload is damaged, or was blanked by a deletion that is
    ///   just under way.
    fileprivate func flatAttributes() throws -> JSONObject {
        guard !payload.attributes.isEmpty else { return [:] }
        return AttributeFlattening.flatten(
            try SpanPayload.parsed(payload.attributes).objectValue ?? [:])
    }
}

extension SpanResource {
    init(_ stored: StoredSpan) throws {
        let span = stored.span
        var attributes = try stored.flatAttributes()
        // The attribute keeps the word that was sent, the column the kind that it stands for.
        let kind = attributes[kindAttribute].map { $0.stringValue ?? span.kind } ?? "UNKNOWN"
        if attributes[kindAttribute] != nil { attributes[kindAttribute] = nil }
        self.init(
            id: span.id.nodeID.description, name: span.name, traceID: stored.traceID.hex,
            spanID: span.otelID.hex, kind: kind, parentID: span.parentID?.hex,
            startTime: span.startTime.description, endTime: span.endTime.description,
            statusCode: span.statusCode, statusMessage: span.statusMessage, attributes: attributes,
            events: stored.payload.events.isEmpty ? Array("[]".utf8) : stored.payload.events)
    }
}

extension OTLPSpanResource {
    init(_ stored: StoredSpan) throws {
        let span = stored.span
        let extras =
            stored.payload.extras.isEmpty
            ? JSONValue.null : try SpanPayload.parsed(stored.payload.extras)
        let events =
            stored.payload.events.isEmpty
            ? [] : try SpanPayload.parsed(stored.payload.events).arrayValue ?? []
        let codes: [String: Int64] = ["UNSET": 0, "OK": 1, "ERROR": 2]
        self.init(
            name: span.name, traceID: stored.traceID.hex, spanID: span.otelID.hex,
            parentID: span.parentID?.hex,
            startTimeUnixNano: Self.nanoseconds(span.startTime, extras["start_time_unix_nano"]),
            endTimeUnixNano: Self.nanoseconds(span.endTime, extras["end_time_unix_nano"]),
            statusCode: codes[span.statusCode] ?? 0,
            statusMessage: span.statusMessage.isEmpty ? nil : span.statusMessage,
            attributes: try stored.flatAttributes(), events: try events.map { try Event($0) })
    }

    /// The exact time, where it was kept. OTLP knows no time before 1970.
    static func nanoseconds(_ timestamp: Timestamp, _ exact: JSONValue?) -> UInt64 {
        if let exact = exact?.stringValue.flatMap(UInt64.init) { return exact }
        let microseconds = UInt64(max(timestamp.microseconds, 0))
        let (nanoseconds, isBeyond) = microseconds.multipliedReportingOverflow(by: 1000)
        return isBeyond ? .max : nanoseconds
    }
}

extension OTLPSpanResource.Event {
    fileprivate init(_ event: JSONValue) throws {
        let time = try Timestamp.parse(event["timestamp"]?.stringValue ?? "").timestamp
        self.init(
            name: event["name"]?.stringValue ?? "",
            timeUnixNano: OTLPSpanResource.nanoseconds(time, nil),
            attributes: AttributeFlattening.flatten(event["attributes"]?.objectValue ?? [:]))
    }
}
