import JSON
import OTLP
import Testing

@Suite struct OTLPJSONTests {
    /// Reads the one span of a request that has these members.
    private func span(
        _ members: String, _ check: (OTLPSpan) -> Void
    ) throws {
        let text = #"{"resourceSpans":[{"scopeSpans":[{"spans":[{\#(members)}]}]}]}"#
        let request = try TraceExportRequest(json: Array(text.utf8))
        #expect(request.spanCount == 1)
        request.forEachScope { scope in
            var span = OTLPSpan()
            span.read(scope.spans[0])
            check(span)
        }
    }

    @Test(
        arguments: [
            ("0102aB", [1, 2, 0xAB]), ("0102Ab", [1, 2, 0xAB]), ("", []),
            ("AQKrAA==", [1, 2, 0xAB, 0]),
            ("not an id", []), ("123", []), ("AAE=", [0, 1]),
        ] as [(String, [UInt8])])
    func `ids are hexadecimal in any case, or else padded base64`(text: String, bytes: [UInt8])
        throws
    {
        try span(#""traceId":"\#(text)","spanId":"\#(text)","parentSpanId":"\#(text)""#) { span in
            #expect(Array(span.traceID) == bytes)
            #expect(Array(span.spanID) == bytes)
            #expect(Array(span.parentSpanID) == bytes)
        }
    }

    @Test(arguments: [
        ("\"18446744073709551615\"", UInt64.max), ("18446744073709551615", .max), ("7", 7),
        ("\"7\"", 7), ("1e3", 1000), ("\"1e3\"", 1000), ("null", 0), ("5.0", 5),
    ])
    func `64-bit integers are strings or numbers`(text: String, value: UInt64) throws {
        try span(#""startTimeUnixNano":\#(text),"end_time_unix_nano":\#(text)"#) { span in
            #expect(span.startTimeUnixNano == value)
            #expect(span.endTimeUnixNano == value)
        }
    }

    @Test(
        arguments: [
            ("2", 2), ("\"STATUS_CODE_ERROR\"", 2), ("\"2\"", 2), ("\"no such name\"", 0),
            ("null", 0),
        ] as [(String, Int32)])
    func `enumerations are numbers or names`(text: String, value: Int32) throws {
        try span(#""status":{"code":\#(text),"message":"m"}"#) { span in
            #expect(span.statusCode == value)
            #expect(UTF8Scan.shownText(span.statusMessage) == "m")
        }
        try span(#""kind":"SPAN_KIND_SERVER""#) { #expect($0.kind == 2) }
    }

    @Test(
        arguments: [
            ("1.5", 1.5), ("\"NaN\"", .nan), ("\"Infinity\"", .infinity),
            ("\"-Infinity\"", -.infinity),
            ("3", 3), ("\"2.5\"", 2.5), ("1e999", .infinity),
        ] as [(String, Double)])
    func `doubles are numbers or words`(text: String, value: Double) throws {
        try span(#""attributes":[{"key":"k","value":{"doubleValue":\#(text)}}]"#) { span in
            #expect(span.attributes[0].value.kind == .double)
            #expect(span.attributes[0].value.doubleValue.bitPattern == value.bitPattern)
        }
    }

    @Test(arguments: [
        (#"{"stringValue":""}"#, OTLPValue.Kind.string), (#"{"boolValue":false}"#, .bool),
        (#"{"intValue":"0"}"#, .integer), (#"{"intValue":-5}"#, .integer),
        (#"{"arrayValue":{}}"#, .array), (#"{"arrayValue":{"values":[{},null]}}"#, .array),
        (#"{"kvlistValue":{"values":[{"key":"a","value":{}}]}}"#, .map),
        (#"{"bytesValue":"AP8Q"}"#, .bytes), (#"{"bytes_value":"AP8Q"}"#, .bytes), ("{}", .unset),
        ("null", .unset), (#"{"stringValue":null}"#, .unset), (#"{"newValue":[1]}"#, .unset),
    ])
    func `values have the type of their member`(text: String, kind: OTLPValue.Kind) throws {
        try span(#""attributes":[{"key":"k","value":\#(text)}]"#) { span in
            #expect(span.attributes[0].value.kind == kind)
        }
    }

    @Test func `unknown members and nulls are passed over`() throws {
        try span(
            #""name":"n","future":{"deep":[1,{"x":null}]},"events":null,"links":[],"flags":null"#
        ) { span in
            #expect(UTF8Scan.shownText(span.name) == "n")
            #expect(span.events.isEmpty)
        }
    }

    @Test func `NUL is kept, invalid UTF-8 is shown, a lone surrogate is replaced`() throws {
        try span(##""name":"a\u0000b\ud800c""##) { span in
            #expect(UTF8Scan.shownText(span.name) == "a\0b\u{FFFD}c")
        }
        let text =
            Array(#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"a"#.utf8) + [0xFF]
            + Array(#""}]}]}]}"#.utf8)
        try TraceExportRequest(json: text).forEachScope { scope in
            var span = OTLPSpan()
            span.read(scope.spans[0])
            #expect(UTF8Scan.shownText(span.name) == #"a\xff"#)
        }
    }

    @Test(arguments: [
        "", "[]", "null", "{", #"{"resourceSpans":{}}"#, #"{"resourceSpans":[1]}"#, "{} {}",
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":5}]}]}]}"#,
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":-1}]}]}]}"#,
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"startTimeUnixNano":1.5}]}]}]}"#,
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"flags":4294967296}]}]}]}"#,
        #"{"resourceSpans":[{"scopeSpans":[{"spans":[{"attributes":[{"value":{"boolValue":1}}]}]}]}]}"#,
    ])
    func `a member of the wrong type is refused with its place`(text: String) {
        let error = #expect(throws: OTLPError.self) {
            try TraceExportRequest(json: Array(text.utf8))
        }
        #expect(error?.message.contains("at byte") == true)
    }
}
