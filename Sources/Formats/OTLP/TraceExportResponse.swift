import JSON
import ProtobufWire

/// An `ExportTraceServiceResponse`: what became of a request that was accepted, whole or in part.
package struct TraceExportResponse: Sendable, Hashable {
    /// How many spans were refused; the rest is stored.
    package var rejectedSpans: Int64
    /// Why spans were refused; with no refused span, a warning to the sender.
    package var errorMessage: String

    package init(rejectedSpans: Int64 = 0, errorMessage: String = "") {
        self.rejectedSpans = rejectedSpans
        self.errorMessage = errorMessage
    }

    private var isPartial: Bool { rejectedSpans != 0 || !errorMessage.isEmpty }

    /// Empty when everything was accepted, as OTLP asks.
    package func protobuf() -> [UInt8] {
        var writer = ProtobufWriter()
        if isPartial {
            writer.message(1) { partial in
                if rejectedSpans != 0 { partial.integer(1, rejectedSpans) }
                if !errorMessage.isEmpty { partial.string(2, errorMessage) }
            }
        }
        return writer.bytes
    }

    /// `{}` when everything was accepted.
    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if isPartial {
            writer.key("partialSuccess")
            writer.beginObject()
            if rejectedSpans != 0 {
                writer.key("rejectedSpans")
                writer.string(String(rejectedSpans))
            }
            if !errorMessage.isEmpty {
                writer.key("errorMessage")
                writer.string(errorMessage)
            }
            writer.endObject()
        }
        writer.endObject()
        return writer.bytes
    }
}
