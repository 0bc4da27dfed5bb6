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
}

/// What a span carries beyond its columns: serialised JSON.
package struct SpanPayload: Sendable, Hashable {
    /// An object: the nested attributes.
    package var attributes: [UInt8]
    /// An array: the events in the contract's form.
    package var events: [UInt8]
    /// An object, or empty: links, trace state, OTel kind, exact times and dropped counts.
    package var extras: [UInt8]

    package init(attributes: [UInt8], events: [UInt8], extras: [UInt8]) {
        self.attributes = attributes
        self.events = events
        self.extras = extras
    }

    package var byteCount: Int { attributes.count + events.count + extras.count }
}

/// The resource and the scope that a span came with, as JSON, and a digest that names them.
package final class SpanOrigin: Sendable {
    package let json: [UInt8]
    /// Two independent 64-bit hashes of ``json``.
    package let digest: [UInt8]

    package init(json: [UInt8]) {
        self.json = json
        // FNV-1a (Fowler, Noll and Vo) with two offset bases. Equal digests of different origins would
        // only show one sender's resource as another's.
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x9AE1_6A3B_2F90_404F
        for byte in json {
            first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            second = (second &+ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            second ^= second >> 29
        }
        digest = withUnsafeBytes(of: (first.bigEndian, second.bigEndian)) { Array($0) }
    }
}
