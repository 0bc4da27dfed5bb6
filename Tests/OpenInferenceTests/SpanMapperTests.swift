import JSON
import OTLP
import OpenInference
import Testing

/// The rows of the data model's section 2, through OTLP/JSON, which is the shortest to write down.
@Suite struct SpanMapperTests {
    private func map(_ text: String) throws -> MappedTraces {
        var mapper = SpanMapper()
        return mapper.map(try TraceExportRequest(json: Array(text.utf8)))
    }

    /// Maps a span with these members besides its ids.
    private func span(_ members: String = "") throws -> MappedSpan {
        let ids = #""traceId":"0102","spanId":"03""#
        let span = members.isEmpty ? ids : "\(ids),\(members)"
        let traces = try map(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(span)}]}]}]}"#)
        return try #require(traces.spans.first)
    }

    /// Maps a span with these attributes: a key and a value of OTLP/JSON each.
    private func span(attributes: KeyValuePairs<String, JSONValue>) throws -> MappedSpan {
        let list = attributes.map { JSONValue.object(["key": .string($0.key), "value": $0.value]) }
        return try span("\"attributes\":\(JSONValue.array(list).text)")
    }

    private func attributes(_ attributes: KeyValuePairs<String, JSONValue>) throws -> JSONValue {
        try JSON.parse(span(attributes: attributes).attributes)
    }

    // MARK: Project and ids

    @Test(arguments: [
        ("[]", "default"),
        (#"[{"key":"openinference.project.name","value":{"stringValue":"p"}}]"#, "p"),
        (#"[{"key":"openinference.project.name","value":{"stringValue":" p "}}]"#, " p "),
        (#"[{"key":"openinference.project.name","value":{"stringValue":""}}]"#, "default"),
        (#"[{"key":"openinference.project.name","value":{"intValue":5}}]"#, "default"),
    ])
    func `the resource names the project`(attributes: String, name: String) throws {
        let request = try TraceExportRequest(
            json: Array(
                #"{"resourceSpans":[{"resource":{"attributes":\#(attributes)},"scopeSpans":"#.utf8)
                + Array(#"[{"spans":[{"traceId":"01","spanId":"02"}]}]}]}"#.utf8))
        var mapper = SpanMapper()
        #expect(mapper.map(request).spans[0].projectName == name)
        #expect(mapper.map(request).origins[0].projectName == name)
        #expect(mapper.map(request, projectName: "header").spans[0].projectName == "header")
        #expect(mapper.map(request, projectName: "").spans[0].projectName == name)
    }

    @Test func `ids of any length are kept and an empty parent is none`() throws {
        let mapped = try span(#""parentSpanId":"""#)
        #expect(mapped.traceID == [1, 2])
        #expect(mapped.spanID == [3])
        #expect(mapped.parentSpanID == nil)
        #expect(try span(#""parentSpanId":"0405""#).parentSpanID == [4, 5])
    }

    @Test func `a span without an id is refused alone`() throws {
        let traces = try map(
            #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"spanId":"01"},"#
                + #"{"traceId":"01","spanId":"02"},{"traceId":"01"}]}]}]}"#)
        #expect(traces.spans.map(\.spanID) == [[2]])
        #expect(
            traces.refusals == [
                SpanRefusal(index: 0, reason: .noTraceID), SpanRefusal(index: 2, reason: .noSpanID),
            ])
    }

    // MARK: Times

    @Test(
        arguments: [
            (0, 0), (1, 0), (500, 0), (1_500, 2), (2_500, 2),
            (1_790_000_000_000_000_999, 1_790_000_000_000_001),
            (1_700_000_000_123_456_789, 1_700_000_000_123_457),
            (9_223_372_036_854_775_807, 9_223_372_036_854_776), (.max, 18_446_744_073_709_552),
        ] as [(UInt64, Int64)])
    func `nanoseconds become microseconds by way of a double`(nano: UInt64, micro: Int64) throws {
        #expect(UnixTime.microseconds(fromNanoseconds: nano) / 10 == micro / 10)
        let mapped = try span(#""startTimeUnixNano":"\#(nano)","endTimeUnixNano":\#(nano)"#)
        #expect(mapped.startTimeUs == UnixTime.microseconds(fromNanoseconds: nano))
        #expect(mapped.endTimeUs == mapped.startTimeUs)
        let extras = try JSON.parse(mapped.extras)
        #expect(extras["start_time_unix_nano"] == .string(String(nano)))
        #expect(extras["end_time_unix_nano"] == .string(String(nano)))
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00+00:00"), (1, "1970-01-01T00:00:00.000001+00:00"),
            (-1, "1969-12-31T23:59:59.999999+00:00"),
            (951_782_400_000_000, "2000-02-29T00:00:00+00:00"),
            (1_795_244_701_881_173, "2026-11-21T07:05:01.881173+00:00"),
            (4_107_542_400_000_000, "2100-03-01T00:00:00+00:00"),
            (18_446_744_073_709_552, "2554-07-21T23:34:33.709552+00:00"),
        ] as [(Int64, String)])
    func `times are written in ISO 8601`(microseconds: Int64, text: String) {
        let shown = UnixTime.iso8601(microseconds: microseconds)
        #expect(String(decoding: shown, as: UTF8.self) == text)
    }

    // MARK: Attribute values

    @Test(
        arguments: [
            (["stringValue": "s"], "s"), (["intValue": -5], -5), (["doubleValue": 1.5], 1.5),
            (["doubleValue": "NaN"], nil), (["boolValue": true], true),
            (["bytesValue": "AP8Q"], "AP8Q"),
            (["arrayValue": ["values": [["intValue": 1], [:]]]], [1, nil]),
            (
                [
                    "kvlistValue": [
                        "values": [
                            ["key": "a.b", "value": [:]],
                            ["key": "c", "value": ["boolValue": false]],
                        ]
                    ]
                ],
                ["a.b": nil, "c": false]
            ),
            (
                [
                    "kvlistValue": [
                        "values": [
                            ["key": "a", "value": ["intValue": 1]],
                            ["key": "a", "value": ["intValue": 2]],
                        ]
                    ]
                ],
                ["a": 2]
            ),
        ] as [(JSONValue, JSONValue)])
    func `values of every type are kept`(value: JSONValue, stored: JSONValue) throws {
        #expect(try attributes(["k": value]) == ["k": stored])
    }

    @Test func `an unset value is dropped and of equal keys the last wins`() throws {
        let stored = try attributes([
            "unset": [:], "a.b": ["intValue": 1], "a.b": ["intValue": 2], "a..b": ["intValue": 3],
        ])
        #expect(stored == ["a": ["b": 3]])
    }

    @Test(
        arguments: [
            ("metadata", #"{"a":[1,null]}"#, ["a": [1, nil]]), ("x.metadata", "1", 1),
            ("mymetadata", "true", true), ("retrieval.documents.0.document.metadata", "\"s\"", "s"),
            ("llm.prompt_template.variables", "[]", []), ("tool.parameters", "{}", [:]),
            ("metadata", "{broken", "{broken"), ("metadata", "", ""),
            ("metadata", #"{"n":NaN,"i":-Infinity,"e":1e400}"#, ["n": nil, "i": nil, "e": nil]),
            (
                "metadata", "123456789012345678901234567890",
                .number("123456789012345678901234567890")
            ),
            ("metadata", #""\ud83d""#, "\u{FFFD}"), ("metadata", "null", nil),
            ("llm.invocation_parameters", "{}", "{}"), ("input.value", "[1]", "[1]"),
            ("metadata.x", "{}", "{}"),
        ] as [(String, String, JSONValue)])
    func `JSON text is parsed under the keys that hold it`(
        key: String, text: String, stored: JSONValue
    ) throws {
        let flat: JSONObject = [key: stored]
        #expect(
            try attributes([.init(key): ["stringValue": .string(text)]])
                == JSON.parse(unflattened(flat)))
    }

    @Test(
        arguments: [
            (["stringValue": "117"], 117), (["stringValue": " 1_0 "], 10),
            (["doubleValue": 12.9], 12),
            (["boolValue": true], 1), (["intValue": -5], -5), (["stringValue": "n/a"], "n/a"),
            (["arrayValue": ["values": [["intValue": 1]]]], [1]), (["doubleValue": 1e300], 1e300),
        ] as [(JSONValue, JSONValue)])
    func `token counts become integers where possible`(value: JSONValue, stored: JSONValue) throws {
        let mapped = try span(attributes: [
            "llm.token_count.prompt": value, "openinference.span.kind": ["stringValue": "LLM"],
        ])
        let tokens = try JSON.parse(mapped.attributes)["llm"]?["token_count"]?["prompt"]
        #expect(tokens == stored)
        #expect(mapped.promptTokens == stored.integerValue ?? 0)
        #expect(mapped.completionTokens == 0)
    }

    @Test func `only LLM spans have token columns, and they come from the nested form`() throws {
        let chain = try span(attributes: [
            "llm.token_count.prompt": ["intValue": 3],
            "openinference.span.kind": ["stringValue": "CHAIN"],
        ])
        #expect(chain.promptTokens == nil && chain.completionTokens == nil)
        let shadowed = try span(attributes: [
            "llm": ["kvlistValue": ["values": []]], "llm.token_count.prompt": ["intValue": 3],
            "openinference.span.kind": ["stringValue": "LLM"],
        ])
        #expect(shadowed.promptTokens == 0)
    }

    @Test(
        arguments: [
            (["intValue": 12], "12", true), (["boolValue": true], "true", true),
            (["doubleValue": 1.5], "1.5", true),
            (
                ["arrayValue": ["values": [["intValue": 1], ["stringValue": "é"]]]],
                #"[1, "\u00e9"]"#, true
            ),
            (["intValue": 0], 0, false), (["boolValue": false], false, false),
            (["arrayValue": [:]], [], false), (["stringValue": "text"], "text", false),
        ] as [(JSONValue, JSONValue, Bool)])
    func `an input that is no text becomes JSON text`(
        value: JSONValue, stored: JSONValue, isRewritten: Bool
    ) throws {
        let input = try attributes([
            "input.value": value, "input.mime_type": ["stringValue": "text/plain"],
        ])["input"]
        #expect(input?["value"] == stored)
        #expect(input?["mime_type"] == (isRewritten ? "application/json" : "text/plain"))
        #expect(try attributes(["output.value": value])["output"]?["value"] != .string("12"))
    }

    // MARK: Kind, status and columns

    @Test(
        arguments: [
            ("LLM", .llm), ("llm", .llm), ("Chain", .chain), ("decision", .decision),
            ("", .unknown),
            (" LLM ", .unknown), ("WORKFLOW", .unknown), ("llm\u{131}", .unknown),
            ("GUARDRAIL", .guardrail),
        ] as [(String, SpanKind)])
    func `the kind is a word in any case`(text: String, kind: SpanKind) throws {
        let mapped = try span(attributes: [
            "openinference.span.kind": ["stringValue": .string(text)]
        ])
        #expect(mapped.kind == kind)
        let stored = try JSON.parse(mapped.attributes)
        #expect(stored["openinference"]?["span"]?["kind"] == .string(text))
    }

    @Test func `a kind that is no text is unknown`() throws {
        #expect(try span(attributes: ["openinference.span.kind": ["intValue": 5]]).kind == .unknown)
        #expect(try span("\"kind\":3").kind == .unknown)
    }

    @Test(arguments: [(0, .unset), (1, .ok), (2, .error), (7, .unset)] as [(Int, SpanStatusCode)])
    func `the status is a number of OTLP`(number: Int, status: SpanStatusCode) throws {
        let mapped = try span(#""status":{"code":\#(number),"message":"m"}"#)
        #expect(mapped.statusCode == status)
        #expect(mapped.statusMessage == "m")
    }

    @Test(
        arguments: [
            (["stringValue": "  s "], "s"), (["intValue": 12345], "12345"),
            (["boolValue": true], "True"),
            (["stringValue": "  "], nil), (["doubleValue": 1.5], "1.5"), ([:], nil),
        ] as [(JSONValue, String?)])
    func `session and user are texts without blanks around`(value: JSONValue, text: String?) throws
    {
        let mapped = try span(attributes: ["session.id": value, "user.id": value])
        #expect(mapped.sessionID == text)
        #expect(mapped.userID == text)
    }

    @Test func `model and provider become columns`() throws {
        let mapped = try span(attributes: [
            "llm.model_name": ["stringValue": "gpt"], "llm.provider": ["stringValue": "openai"],
        ])
        #expect(mapped.modelName == "gpt")
        #expect(mapped.provider == "openai")
        let embedding = try span(attributes: ["embedding.model_name": ["stringValue": "ada"]])
        #expect(embedding.modelName == "ada")
        #expect(embedding.provider == nil)
    }

    // MARK: Events and extras

    @Test func `events keep their attributes flat`() throws {
        let mapped = try span(
            #""events":[{"name":"e","timeUnixNano":"1700000000123456789","attributes":["#
                + #"{"key":"a.b","value":{"intValue":1}},{"key":"u","value":{}}]},{}]"#)
        #expect(mapped.eventCount == 2)
        #expect(
            try JSON.parse(mapped.events) == [
                [
                    "name": "e", "timestamp": "2023-11-14T22:13:20.123457+00:00",
                    "attributes": ["a.b": 1],
                ],
                ["name": "", "timestamp": "1970-01-01T00:00:00+00:00", "attributes": [:]],
            ])
        #expect(mapped.firstErrorMessage == nil)
    }

    @Test func `an exception keeps four attributes and always has a message`() throws {
        let mapped = try span(
            #""events":[{"name":"exception"},{"name":"exception","attributes":["#
                + #"{"key":"exception.message","value":{"stringValue":"boom"}},"#
                + #"{"key":"exception.escaped","value":{"boolValue":true}},"#
                + #"{"key":"exception.stacktrace","value":{}},"#
                + #"{"key":"extra","value":{"intValue":1}}]}]"#)
        let events = try JSON.parse(mapped.events)
        #expect(events[0]?["attributes"] == ["exception.message": ""])
        #expect(
            events[1]?["attributes"] == ["exception.message": "boom", "exception.escaped": true])
        #expect(mapped.firstErrorMessage == "boom")
    }

    @Test func `what the contract has no place for goes to the extras`() throws {
        let plain = try JSON.parse(span(#""startTimeUnixNano":1"#).extras)
        #expect(plain == ["start_time_unix_nano": "1", "end_time_unix_nano": "0"])
        let full = try span(
            #""kind":3,"flags":256,"traceState":"k=v","droppedAttributesCount":1,"#
                + #""droppedEventsCount":2,"droppedLinksCount":3,"links":[{"traceId":"ab","#
                + #""spanId":"cd","traceState":"l","flags":1,"droppedAttributesCount":4,"#
                + #""attributes":[{"key":"a.b","value":{"intValue":1}}]}]"#)
        #expect(
            try JSON.parse(full.extras) == [
                "start_time_unix_nano": "0", "end_time_unix_nano": "0", "otel_kind": "CLIENT",
                "flags": 256, "trace_state": "k=v", "dropped_attributes_count": 1,
                "dropped_events_count": 2, "dropped_links_count": 3,
                "links": [
                    [
                        "trace_id": "ab", "span_id": "cd", "trace_state": "l", "flags": 1,
                        "attributes": ["a.b": 1], "dropped_attributes_count": 4,
                    ]
                ],
            ])
    }

    @Test func `resource and scope become the origin of their spans`() throws {
        let traces = try map(
            #"{"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","#
                + #""value":{"stringValue":"s"}}]},"schemaUrl":"u","scopeSpans":["#
                + #"{"spans":[]},{"scope":{"name":"n","version":"1"},"schemaUrl":"v","#
                + #""spans":[{"traceId":"01","spanId":"02"}]}]}]}"#)
        #expect(traces.origins.count == 1)
        #expect(traces.spans[0].originIndex == 0)
        #expect(
            try JSON.parse(traces.origins[0].json) == [
                "resource": ["attributes": ["service.name": "s"], "schema_url": "u"],
                "scope": ["name": "n", "version": "1", "schema_url": "v"],
            ])
    }

    // MARK: Hostile input

    @Test func `NUL and invalid UTF-8 are kept and shown`() throws {
        let text: [UInt8] = [0x61, 0x00, 0xFF, 0xC3, 0xA9]
        let request = try TraceExportRequest(
            protobuf: Wire.span { span in
                span.bytes(1, [1])
                span.bytes(2, [2])
                span.bytes(5, text)
                span.message(9) { attribute in
                    attribute.bytes(1, text)
                    attribute.message(2) { $0.bytes(1, text) }
                }
                span.message(15) { $0.bytes(2, text) }
            })
        var mapper = SpanMapper()
        let mapped = try #require(mapper.map(request).spans.first)
        let shown = "a\0\\xffé"
        #expect(mapped.name == shown)
        #expect(mapped.statusMessage == shown)
        #expect(try JSON.parse(mapped.attributes) == .object([shown: .string(shown)]))
    }

    @Test func `a million attributes are mapped in linear time`() throws {
        let bytes = Wire.span { span in
            span.bytes(1, [1])
            span.bytes(2, [2])
            for index in 0..<1_000_000 {
                span.message(9) { Wire.attribute(&$0, "a\(index)") { $0.integer(3, 1) } }
            }
        }
        let start = ContinuousClock.now
        var mapper = SpanMapper()
        let mapped = mapper.map(try TraceExportRequest(protobuf: bytes)).spans[0]
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(try JSON.parse(mapped.attributes).objectValue?.count == 1_000_000)
    }

    @Test func `random spans are mapped to valid JSON`() throws {
        var seed: UInt64 = 11
        func random(_ bound: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % bound
        }
        let segments = [
            "a", "b", "0", "1", "00", "", " a ", "metadata", "²", "gen_ai", "input", "value",
        ]
        var mapper = SpanMapper()
        for _ in 0..<2_000 {
            let bytes = Wire.span { span in
                span.bytes(1, [1])
                span.bytes(2, [2])
                for _ in 0..<random(8) {
                    let key = (0..<random(6)).map { _ in segments[random(segments.count)] }
                    span.message(9) { attribute in
                        Wire.attribute(&attribute, key.joined(separator: ".")) { value in
                            switch random(6) {
                            case 0: value.string(1, #"{"a":[1]}"#)
                            case 1: value.integer(3, Int64(random(9)))
                            case 2: value.double(4, Double(bitPattern: seed))
                            case 3: value.bytes(1, (0..<random(9)).map { _ in UInt8(random(256)) })
                            case 4: value.message(5) { $0.message(1) { $0.varint(2, 1) } }
                            default: break
                            }
                        }
                    }
                }
            }
            let mapped = mapper.map(try TraceExportRequest(protobuf: bytes)).spans[0]
            #expect(throws: Never.self) { try JSON.parse(mapped.attributes) }
        }
    }

    // MARK: Spans given through REST

    @Test func `a direct span is nested, and JSON text in it stays text`() throws {
        var direct = SpanMapper.DirectSpan()
        direct.projectName = "p"
        direct.traceID = [1]
        direct.spanID = [2]
        direct.name = "n"
        direct.kind = "workflow"
        direct.statusCode = "error"
        direct.startTimeUs = 1_500_000
        direct.attributes = [
            "metadata": "{}", "llm.model_name": "m", "session": ["id": " s "], "null": nil,
            "input.value": 5,
        ]
        direct.events = [
            .init(name: "exception", timeUs: 1, attributes: ["exception.message": "boom"])
        ]
        var mapper = SpanMapper()
        let mapped = mapper.map(direct)
        #expect(mapped.kind == .unknown)
        #expect(mapped.statusCode == .error)
        #expect(mapped.startTimeUs == 1_500_000)
        #expect(mapped.sessionID == "s")
        #expect(mapped.modelName == "m")
        #expect(mapped.firstErrorMessage == "boom")
        #expect(
            try JSON.parse(mapped.attributes) == [
                "metadata": "{}", "llm": ["model_name": "m"], "session": ["id": " s "],
                "input": ["value": 5], "openinference": ["span": ["kind": "workflow"]],
            ])
        #expect(
            try JSON.parse(mapped.events) == [
                [
                    "name": "exception", "timestamp": "1970-01-01T00:00:00.000001+00:00",
                    "attributes": ["exception.message": "boom"],
                ]
            ])
        #expect(mapped.extras.isEmpty)
    }
}
