import ProtobufWire

/// Requests put together field by field.
enum Wire {
    static func span(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.message(1) { resourceSpans in
            resourceSpans.message(2) { scopeSpans in scopeSpans.message(2, body) }
        }
        return writer.bytes
    }

    static func attribute(
        _ writer: inout ProtobufWriter, _ key: String, _ value: (inout ProtobufWriter) -> Void
    ) {
        writer.string(1, key)
        writer.message(2, value)
    }
}
