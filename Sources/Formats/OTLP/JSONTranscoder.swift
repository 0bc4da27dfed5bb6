import BinaryText
import JSON
import ProtobufWire

/// Turns a request in OTLP/JSON into the same request in protobuf, in one pass.
///
/// Sources: OTLP specification 1.x, "JSON Protobuf Encoding"; the ProtoJSON format.
enum JSONTranscoder {
    static func protobuf(_ text: [UInt8]) throws(OTLPError) -> [UInt8] {
        let result = text.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try request(buffer) }
        }
        switch result {
        case .success(let bytes): return bytes
        case .failure(let error):
            throw OTLPError(
                "The request is not a valid ExportTraceServiceRequest in JSON: at byte "
                    + "\(error.offset): \(error.message)")
        }
    }

    private static func request(_ text: UnsafeRawBufferPointer) throws(JSONError) -> [UInt8] {
        let options = JSON.ParsingOptions(acceptsNonFinite: true, showsInvalidUTF8: true)
        var transcoder = MessageTranscoder(
            reader: JSONReader(text, options: options),
            writer: ProtobufWriter(reserving: text.count))
        try transcoder.members { (transcoder, key) throws(JSONError) in
            switch key {
            case "resourceSpans", "resource_spans":
                try transcoder.messages(1) { (it) throws(JSONError) in try it.resourceSpans() }
            default: try transcoder.reader.skipValue()
            }
        }
        try transcoder.reader.end()
        return transcoder.writer.bytes
    }
}

private struct MessageTranscoder {
    var reader: JSONReader
    var writer: ProtobufWriter

    // MARK: Messages

    mutating func resourceSpans() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "resource":
                try it.message(1) { (it) throws(JSONError) in try it.resource() }
            case "scopeSpans", "scope_spans":
                try it.messages(2) { (it) throws(JSONError) in try it.scopeSpans() }
            case "schemaUrl", "schema_url": try it.text(3)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func resource() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "attributes": try it.attributes(1)
            case "droppedAttributesCount", "dropped_attributes_count": try it.count(2)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func scopeSpans() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "scope": try it.message(1) { (it) throws(JSONError) in try it.scope() }
            case "spans": try it.messages(2) { (it) throws(JSONError) in try it.span() }
            case "schemaUrl", "schema_url": try it.text(3)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func scope() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "name": try it.text(1)
            case "version": try it.text(2)
            case "attributes": try it.attributes(3)
            case "droppedAttributesCount", "dropped_attributes_count": try it.count(4)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func span() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "traceId", "trace_id": try it.identifier(1)
            case "spanId", "span_id": try it.identifier(2)
            case "traceState", "trace_state": try it.text(3)
            case "parentSpanId", "parent_span_id": try it.identifier(4)
            case "name": try it.text(5)
            case "kind": try it.enumeration(6, Self.spanKinds)
            case "startTimeUnixNano", "start_time_unix_nano": try it.time(7)
            case "endTimeUnixNano", "end_time_unix_nano": try it.time(8)
            case "attributes": try it.attributes(9)
            case "droppedAttributesCount", "dropped_attributes_count": try it.count(10)
            case "events": try it.messages(11) { (it) throws(JSONError) in try it.event() }
            case "droppedEventsCount", "dropped_events_count": try it.count(12)
            case "links": try it.messages(13) { (it) throws(JSONError) in try it.link() }
            case "droppedLinksCount", "dropped_links_count": try it.count(14)
            case "status": try it.message(15) { (it) throws(JSONError) in try it.status() }
            case "flags": try it.flags(16)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func event() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "timeUnixNano", "time_unix_nano": try it.time(1)
            case "name": try it.text(2)
            case "attributes": try it.attributes(3)
            case "droppedAttributesCount", "dropped_attributes_count": try it.count(4)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func link() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "traceId", "trace_id": try it.identifier(1)
            case "spanId", "span_id": try it.identifier(2)
            case "traceState", "trace_state": try it.text(3)
            case "attributes": try it.attributes(4)
            case "droppedAttributesCount", "dropped_attributes_count": try it.count(5)
            case "flags": try it.flags(6)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func status() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "message": try it.text(2)
            case "code": try it.enumeration(3, Self.statusCodes)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func attributes(_ number: UInt32) throws(JSONError) {
        try messages(number) { (it) throws(JSONError) in try it.keyValue() }
    }

    private mutating func keyValue() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "key": try it.text(1)
            case "value": try it.message(2) { (it) throws(JSONError) in try it.anyValue() }
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func anyValue() throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            switch key {
            case "stringValue", "string_value": try it.text(1)
            case "boolValue", "bool_value":
                guard try !it.isNull() else { return }
                guard case .bool(let value) = try it.reader.value() else {
                    throw it.reader.error("true or false is expected.")
                }
                it.writer.varint(2, value ? 1 : 0)
            case "intValue", "int_value":
                guard try !it.isNull() else { return }
                it.writer.integer(3, try it.integer(Int64.self))
            case "doubleValue", "double_value":
                guard try !it.isNull() else { return }
                it.writer.double(4, try it.double())
            case "arrayValue", "array_value":
                try it.message(5) { (it) throws(JSONError) in
                    try it.values { (it) throws(JSONError) in
                        // A null element keeps its place as an unset value.
                        if try it.isNull() {
                            it.writer.bytes(1, [])
                        } else {
                            try it.message(1) { (it) throws(JSONError) in try it.anyValue() }
                        }
                    }
                }
            case "kvlistValue", "kvlist_value":
                try it.message(6) { (it) throws(JSONError) in
                    try it.values { (it) throws(JSONError) in
                        try it.message(1) { (it) throws(JSONError) in try it.keyValue() }
                    }
                }
            case "bytesValue", "bytes_value":
                guard try !it.isNull() else { return }
                guard let bytes = Base64.decodeLeniently(try it.reader.string()) else {
                    throw it.reader.error("Base64 is expected.")
                }
                it.writer.bytes(7, bytes)
            default: try it.reader.skipValue()
            }
        }
    }

    private mutating func values(
        _ body: (inout MessageTranscoder) throws(JSONError) -> Void
    ) throws(JSONError) {
        try members { (it, key) throws(JSONError) in
            guard key == "values" else { return try it.reader.skipValue() }
            try it.elements(body)
        }
    }

    // MARK: Structure

    /// Visits the members of an object; the body reads or skips each value.
    mutating func members(
        _ body: (inout MessageTranscoder, String) throws(JSONError) -> Void
    ) throws(JSONError) {
        // The reader moves into the closure and back, as both need to change it.
        var reader = self.reader
        try reader.forEachMember { (inner, key) throws(JSONError) in
            swap(&self.reader, &inner)
            try body(&self, key)
            swap(&self.reader, &inner)
        }
        self.reader = reader
    }

    private mutating func elements(
        _ body: (inout MessageTranscoder) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try !isNull() else { return }
        var reader = self.reader
        try reader.forEachElement { (inner) throws(JSONError) in
            swap(&self.reader, &inner)
            try body(&self)
            swap(&self.reader, &inner)
        }
        self.reader = reader
    }

    mutating func messages(
        _ number: UInt32, _ body: (inout MessageTranscoder) throws(JSONError) -> Void
    ) throws(JSONError) {
        try elements { (it) throws(JSONError) in try it.message(number, body) }
    }

    mutating func message(
        _ number: UInt32, _ body: (inout MessageTranscoder) throws(JSONError) -> Void
    ) throws(JSONError) {
        guard try !isNull() else { return }
        let start = writer.beginMessage(number)
        try body(&self)
        writer.endMessage(start)
    }

    /// Reads past a null, which means that the field is unset.
    private mutating func isNull() throws(JSONError) -> Bool {
        guard try reader.kind() == .null else { return false }
        try reader.skipValue()
        return true
    }

    // MARK: Scalars

    private mutating func text(_ number: UInt32) throws(JSONError) {
        guard try !isNull() else { return }
        writer.string(number, try reader.string())
    }

    private mutating func identifier(_ number: UInt32) throws(JSONError) {
        guard try !isNull() else { return }
        let text = try reader.string()
        // Ids of 8 and 16 bytes are padded in base64, which tells them from mistyped digits.
        let base64 = text.hasSuffix("=") ? Base64.decodeLeniently(text) : nil
        writer.bytes(number, Hexadecimal.decode(text) ?? base64 ?? [])
    }

    private mutating func time(_ number: UInt32) throws(JSONError) {
        guard try !isNull() else { return }
        writer.fixed64(number, try integer(UInt64.self))
    }

    private mutating func count(_ number: UInt32) throws(JSONError) {
        guard try !isNull() else { return }
        writer.varint(number, UInt64(try integer(UInt32.self)))
    }

    private mutating func flags(_ number: UInt32) throws(JSONError) {
        guard try !isNull() else { return }
        writer.fixed32(number, try integer(UInt32.self))
    }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(JSONError) -> T {
        let value: T?
        switch try reader.value() {
        case .integer(let integer): value = T(exactly: integer)
        case .double(let double): value = T(exactly: double)
        case .number(let literal): value = T(literal)
        case .string(let text): value = T(text) ?? Double(text).flatMap { T(exactly: $0) }
        default: value = nil
        }
        guard let value else { throw reader.error("An integer of \(T.bitWidth) bits is expected.") }
        return value
    }

    private mutating func double() throws(JSONError) -> Double {
        let value: Double?
        switch try reader.value() {
        case .string("NaN"): value = .nan
        case .string("Infinity"): value = .infinity
        case .string("-Infinity"): value = -.infinity
        case .string(let text): value = Double(text)
        case let other: value = other.doubleValue
        }
        guard let value else { throw reader.error("A number is expected.") }
        return value
    }

    private mutating func enumeration(
        _ number: UInt32, _ names: KeyValuePairs<String, Int64>
    ) throws(JSONError) {
        guard try !isNull() else { return }
        if try reader.kind() == .string {
            let name = try reader.string()
            let named = names.first { $0.key == name }?.value
            writer.integer(number, named ?? Int64(name) ?? 0)
        } else {
            writer.integer(number, Int64(try integer(Int32.self)))
        }
    }

    private static let spanKinds: KeyValuePairs<String, Int64> = [
        "SPAN_KIND_UNSPECIFIED": 0, "SPAN_KIND_INTERNAL": 1, "SPAN_KIND_SERVER": 2,
        "SPAN_KIND_CLIENT": 3, "SPAN_KIND_PRODUCER": 4, "SPAN_KIND_CONSUMER": 5,
    ]
    private static let statusCodes: KeyValuePairs<String, Int64> = [
        "STATUS_CODE_UNSET": 0, "STATUS_CODE_OK": 1, "STATUS_CODE_ERROR": 2,
    ]
}
