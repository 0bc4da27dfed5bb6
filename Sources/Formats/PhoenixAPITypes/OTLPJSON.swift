import JSON

/// Spans in OTLP's own JSON (OTLP 1.5, section "JSON Protobuf Encoding"): names in camel case, ids in
/// hexadecimal, 64-bit integers as text.
package enum OTLPJSON {
    package static func write(_ span: OTLPSpanResource, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("traceId", span.traceID)
        writer.member("spanId", span.spanID)
        if let parent = span.parentID { writer.member("parentSpanId", parent) }
        writer.member("name", span.name)
        writer.member("kind", 1)
        writer.key("startTimeUnixNano")
        writer.string(digitsOf: span.startTimeUnixNano)
        writer.key("endTimeUnixNano")
        writer.string(digitsOf: span.endTimeUnixNano)
        writer.key("attributes")
        write(span.attributes, to: &writer)
        if !span.events.isEmpty {
            writer.key("events")
            writer.beginArray()
            for event in span.events {
                writer.beginObject()
                writer.member("name", event.name)
                writer.key("timeUnixNano")
                writer.string(digitsOf: event.timeUnixNano)
                writer.key("attributes")
                write(event.attributes, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.key("status")
        writer.beginObject()
        writer.member("code", span.statusCode)
        if let message = span.statusMessage { writer.member("message", message) }
        writer.endObject()
        writer.endObject()
    }

    /// A list of keys and values.
    package static func write(_ attributes: JSONObject, to writer: inout JSONWriter) {
        writer.beginArray()
        for (key, value) in attributes {
            writer.beginObject()
            writer.member("key", key)
            writer.key("value")
            write(value, to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        writer.beginObject()
        switch value {
        case .null: break
        case .bool(let value):
            writer.key("boolValue")
            writer.bool(value)
        case .integer(let value): writer.member("intValue", "\(value)")
        case .double(let value):
            writer.key("doubleValue")
            if value.isFinite {
                writer.double(value)
            } else {
                writer.string(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
            }
        case .string(let text): writer.member("stringValue", text)
        case .array(let values):
            writer.key("arrayValue")
            writer.beginObject()
            writer.key("values")
            writer.beginArray()
            for value in values { write(value, to: &writer) }
            writer.endArray()
            writer.endObject()
        case .object(let members):
            writer.key("kvlistValue")
            writer.beginObject()
            writer.key("values")
            write(members, to: &writer)
            writer.endObject()
        default:
            // A number beyond what OTLP has.
            writer.member("stringValue", value.text)
        }
        writer.endObject()
    }
}
