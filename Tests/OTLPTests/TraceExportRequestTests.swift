import JSON
import OTLP
import ProtobufWire
import Testing

@Suite struct TraceExportRequestTests {
    @Test func `an empty request holds no spans`() throws {
        #expect(try TraceExportRequest(protobuf: []).spanCount == 0)
        #expect(try TraceExportRequest(json: Array("{}".utf8)).spanCount == 0)
    }

    @Test func `the resource counts wherever it stands in its message`() throws {
        let request = try TraceExportRequest(
            protobuf: Wire.request { resourceSpans in
                resourceSpans.message(2) { scope in
                    scope.message(2) { $0.string(5, "late resource") }
                }
                resourceSpans.message(1) { $0.message(1) { $0.string(1, "key") } }
                resourceSpans.string(3, "https://example.com/schema")
            })
        var names: [String] = []
        request.forEachScope { scope in
            names += scope.resource.attributes.map { UTF8Scan.shownText($0.key) }
            names.append(UTF8Scan.shownText(scope.resource.schemaURL))
        }
        #expect(names == ["key", "https://example.com/schema"])
    }

    @Test func `every field of a span is read`() throws {
        let request = try TraceExportRequest(
            protobuf: Wire.span { span in
                span.bytes(1, [1, 2])
                span.bytes(2, [3])
                span.string(3, "state")
                span.bytes(4, [4])
                span.string(5, "name")
                span.integer(6, 3)
                span.fixed64(7, 11)
                span.fixed64(8, 12)
                span.message(9) { Wire.attribute(&$0, "a") { $0.integer(3, -1) } }
                span.varint(10, 13)
                span.message(11) { event in
                    event.fixed64(1, 14)
                    event.string(2, "event")
                    event.message(3) { Wire.attribute(&$0, "b") { $0.double(4, 1.5) } }
                    event.varint(4, 15)
                }
                span.varint(12, 16)
                span.message(13) { link in
                    link.bytes(1, [5])
                    link.bytes(2, [6])
                    link.string(3, "link state")
                    link.message(4) { Wire.attribute(&$0, "c") { $0.varint(2, 1) } }
                    link.varint(5, 17)
                    link.fixed32(6, 18)
                }
                span.varint(14, 19)
                span.message(15) { status in
                    status.string(2, "message")
                    status.integer(3, 2)
                }
                span.fixed32(16, 20)
            })
        #expect(request.spanCount == 1)
        request.forEachScope { scope in
            var span = OTLPSpan()
            span.read(scope.spans[0])
            #expect(Array(span.traceID) == [1, 2])
            #expect(Array(span.spanID) == [3])
            #expect(Array(span.parentSpanID) == [4])
            #expect(UTF8Scan.shownText(span.traceState) == "state")
            #expect(UTF8Scan.shownText(span.name) == "name")
            #expect(span.kind == 3)
            #expect(span.startTimeUnixNano == 11 && span.endTimeUnixNano == 12)
            #expect(span.attributes.count == 1)
            #expect(span.attributes[0].value.integerValue == -1)
            #expect(span.droppedAttributesCount == 13)
            #expect(span.events.count == 1)
            #expect(span.events[0].timeUnixNano == 14)
            #expect(UTF8Scan.shownText(span.events[0].name) == "event")
            #expect(span.nestedAttributes[span.events[0].attributes][0].value.doubleValue == 1.5)
            #expect(span.events[0].droppedAttributesCount == 15)
            #expect(span.droppedEventsCount == 16)
            #expect(span.links.count == 1)
            #expect(Array(span.links[0].traceID) == [5])
            #expect(Array(span.links[0].spanID) == [6])
            #expect(UTF8Scan.shownText(span.links[0].traceState) == "link state")
            #expect(span.nestedAttributes[span.links[0].attributes][1].value.boolValue)
            #expect(span.links[0].droppedAttributesCount == 17)
            #expect(span.links[0].flags == 18)
            #expect(span.droppedLinksCount == 19)
            #expect(UTF8Scan.shownText(span.statusMessage) == "message")
            #expect(span.statusCode == 2)
            #expect(span.flags == 20)
            span.read(UnsafeRawBufferPointer(start: nil, count: 0))
            #expect(span.attributes.isEmpty && span.events.isEmpty && span.links.isEmpty)
            #expect(span.traceID.isEmpty && span.flags == 0 && span.statusCode == 0)
        }
    }

    @Test func `unknown fields, groups and known numbers of other types are ignored`() throws {
        let request = try TraceExportRequest(
            protobuf: Wire.span { span in
                span.string(5, "kept")
                span.varint(5, 7)
                span.string(999, "unknown")
                span.fixed64(1000, 1)
            } + [0x7B, 0x08, 0x01, 0x7C])
        #expect(request.spanCount == 1)
        request.forEachScope { scope in
            var span = OTLPSpan()
            span.read(scope.spans[0])
            #expect(UTF8Scan.shownText(span.name) == "kept")
        }
    }

    @Test(
        arguments: [
            ([0x0A], "a field ends beyond"), ([0x0A, 0x05, 0x00], "a field ends beyond"),
            ([0x08], "a field ends beyond"), ([0x00, 0x00], "number 0"), ([0x0E], "wire type"),
            ([0x0C], "wire type"), ([0x08] + [UInt8](repeating: 0xFF, count: 10), "too long"),
            ([0x0A, 0x03, 0x12, 0x01, 0x0A], "a field ends beyond"),
            (Array("{\"resourceSpans\":[]}".utf8), ""),
        ] as [([UInt8], String)])
    func `malformed protobuf is refused as a whole`(bytes: [UInt8], reason: String) {
        let error = #expect(throws: OTLPError.self) { try TraceExportRequest(protobuf: bytes) }
        #expect(error?.message.hasPrefix("The request is not a valid") == true)
        #expect(reason.isEmpty || error?.message.contains(reason) == true)
    }

    @Test func `messages nest a hundred deep and no deeper`() throws {
        // Request, resource, scope, span and attribute are four levels, a value is the fifth, and
        // each array adds two.
        func nested(_ arrays: Int) -> [UInt8] {
            var value: [UInt8] = []
            for _ in 0..<arrays {
                var list = ProtobufWriter()
                list.bytes(1, value)
                var outer = ProtobufWriter()
                outer.bytes(5, list.bytes)
                value = outer.bytes
            }
            return Wire.span { $0.message(9) { $0.bytes(2, value) } }
        }
        #expect(try TraceExportRequest(protobuf: nested(47)).spanCount == 1)
        #expect(throws: OTLPError.self) { try TraceExportRequest(protobuf: nested(48)) }
        #expect(throws: OTLPError.self) { try TraceExportRequest(protobuf: nested(2_000)) }
    }

    @Test func `a hundred thousand nested values in JSON are refused`() {
        let value = String(repeating: #"{"arrayValue":{"values":["#, count: 100_000)
        let text = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":"# + value
        #expect(throws: OTLPError.self) { try TraceExportRequest(json: Array(text.utf8)) }
        let unknown = #"{"unknown":"# + String(repeating: "[", count: 100_000)
        #expect(throws: OTLPError.self) { try TraceExportRequest(json: Array(unknown.utf8)) }
    }

    @Test func `cut and changed bytes never trap`() throws {
        let whole = Wire.span { span in
            span.bytes(1, [UInt8](repeating: 7, count: 16))
            span.string(5, "name")
            span.message(9) { Wire.attribute(&$0, "a.0.b") { $0.message(5) { $0.bytes(1, []) } } }
            span.message(11) { $0.string(2, "event") }
            span.message(13) { $0.string(3, "link") }
            span.message(15) { $0.integer(3, 2) }
        }
        var seed: UInt64 = 7
        for round in 0..<5_000 {
            var bytes = whole
            if round < whole.count { bytes.removeLast(round) }
            for _ in 0..<(round % 4) where !bytes.isEmpty {
                seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(seed >> 33) % bytes.count] = UInt8(truncatingIfNeeded: seed >> 24)
            }
            // Either outcome is fine; a trap would end the process.
            guard let request = try? TraceExportRequest(protobuf: bytes) else { continue }
            request.forEachScope { scope in
                var span = OTLPSpan()
                for message in scope.spans { span.read(message) }
            }
        }
    }
}

/// Requests put together field by field.
enum Wire {
    static func request(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.message(1, body)
        return writer.bytes
    }

    static func span(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        request { resourceSpans in
            resourceSpans.message(2) { scopeSpans in scopeSpans.message(2, body) }
        }
    }

    static func attribute(
        _ writer: inout ProtobufWriter, _ key: String, _ value: (inout ProtobufWriter) -> Void
    ) {
        writer.string(1, key)
        writer.message(2, value)
    }
}
