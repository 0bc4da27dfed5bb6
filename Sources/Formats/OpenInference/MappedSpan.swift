/// A span as the store keeps it.
package struct MappedSpan: Sendable, Hashable {
    package var projectName: String = MappedSpan.defaultProjectName
    /// Raw bytes, usually 16, of any length but zero.
    package var traceID: [UInt8] = []
    /// Raw bytes, usually 8, of any length but zero.
    package var spanID: [UInt8] = []
    package var parentSpanID: [UInt8]?
    package var name: String = ""
    package var kind: SpanKind = .unknown
    package var statusCode: SpanStatusCode = .unset
    package var statusMessage: String = ""
    /// Microseconds since 1970, rounded as the contract rounds.
    package var startTimeUs: Int64 = 0
    /// Microseconds since 1970, rounded as the contract rounds.
    package var endTimeUs: Int64 = 0
    /// A JSON object of nested attributes.
    package var attributes: [UInt8] = []
    /// A JSON array of `{"name", "timestamp", "attributes"}`.
    package var events: [UInt8] = []
    package var eventCount: Int = 0
    /// A JSON object of what the contract has no place for: exact times, links, trace state, flags,
    /// the OpenTelemetry kind and dropped counts; empty when there is nothing of that.
    package var extras: [UInt8] = []
    /// The trimmed `session.id`; `nil` when missing or blank.
    package var sessionID: String?
    /// The trimmed `user.id`; `nil` when missing or blank.
    package var userID: String?
    /// `nil` unless the kind is LLM; 0 when the attribute is missing or no number.
    package var promptTokens: Int64?
    /// `nil` unless the kind is LLM; 0 when the attribute is missing or no number.
    package var completionTokens: Int64?
    package var modelName: String?
    package var provider: String?
    /// The message of the first exception event that has one.
    package var firstErrorMessage: String?
    /// Which of ``MappedTraces/origins`` the span came from.
    package var originIndex: Int = 0

    package static let defaultProjectName = "default"

    package init() {}
}

/// Where spans came from: one resource with one instrumentation scope.
package struct MappedOrigin: Sendable, Hashable {
    /// The project that the resource names, or ``MappedSpan/defaultProjectName``.
    package var projectName: String
    /// A JSON object: `{"resource": {…}, "scope": {…}}`, each with `attributes` (flat) and
    /// `schema_url`, the scope with `name` and `version` too. Absent members have no value.
    package var json: [UInt8]

    package init(projectName: String, json: [UInt8]) {
        self.projectName = projectName
        self.json = json
    }
}

/// A span that cannot be stored.
package struct SpanRefusal: Sendable, Hashable {
    /// The position of the span among all spans of the request.
    package var index: Int
    package var reason: Reason

    package init(index: Int, reason: Reason) {
        self.index = index
        self.reason = reason
    }

    /// The raw value goes to the client, after a colon.
    package enum Reason: String, Sendable {
        case noTraceID = "no trace id"
        case noSpanID = "no span id"
    }
}

/// The spans of one request, in its order.
package struct MappedTraces: Sendable {
    package var origins: [MappedOrigin] = []
    package var spans: [MappedSpan] = []
    package var refusals: [SpanRefusal] = []

    package init() {}
}
