import JSON
import ProtobufWire

/// A `google.rpc.Status`: the body of OTLP/HTTP errors and the `grpc-status-details-bin` trailer.
package struct RPCStatus: Sendable, Hashable {
    /// A gRPC status code, such as 3 (invalid argument) or 8 (resource exhausted).
    package var code: Int32
    package var message: String
    /// How long the sender should wait before it tries again (`google.rpc.RetryInfo`).
    package var retryDelay: Duration?

    package init(code: Int32, message: String, retryDelay: Duration? = nil) {
        self.code = code
        self.message = message
        self.retryDelay = retryDelay
    }

    private static let retryInfoType = "type.googleapis.com/google.rpc.RetryInfo"

    /// The encoded message, every length in its shortest form, as header fields are small.
    package func protobuf() -> [UInt8] {
        var writer = ProtobufWriter()
        if code != 0 { writer.integer(1, Int64(code)) }
        if !message.isEmpty { writer.string(2, message) }
        if let retryDelay {
            var detail = ProtobufWriter()
            detail.string(1, Self.retryInfoType)
            detail.bytes(2, Self.retryInfo(retryDelay))
            writer.bytes(3, detail.bytes)
        }
        return writer.bytes
    }

    /// An encoded `google.rpc.RetryInfo`.
    package static func retryInfo(_ delay: Duration) -> [UInt8] {
        let (seconds, nanoseconds) = split(delay)
        var duration = ProtobufWriter()
        if seconds != 0 { duration.integer(1, seconds) }
        if nanoseconds != 0 { duration.integer(2, nanoseconds) }
        var writer = ProtobufWriter()
        writer.bytes(1, duration.bytes)
        return writer.bytes
    }

    package func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("code")
        writer.integer(Int64(code))
        writer.key("message")
        writer.string(message)
        if let retryDelay {
            let (seconds, nanoseconds) = Self.split(retryDelay)
            let fraction = String(String(1_000_000_000 + nanoseconds).dropFirst())
            writer.key("details")
            writer.beginArray()
            writer.beginObject()
            writer.key("@type")
            writer.string(Self.retryInfoType)
            writer.key("retryDelay")
            writer.string(nanoseconds == 0 ? "\(seconds)s" : "\(seconds).\(fraction)s")
            writer.endObject()
            writer.endArray()
        }
        writer.endObject()
        return writer.bytes
    }

    private static func split(_ delay: Duration) -> (seconds: Int64, nanoseconds: Int64) {
        let (seconds, attoseconds) = max(delay, .zero).components
        return (seconds, attoseconds / 1_000_000_000)
    }
}
