import JSON
import Testing

@Suite struct JSONParsingTests {
    private static let validTexts: [(String, JSONValue)] = [
        ("null", .null), ("true", true), (" false ", false), ("0", 0), ("-0", 0),
        ("42", 42), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .number("9223372036854775808")),
        ("-9223372036854775809", .number("-9223372036854775809")),
        (
            "1234567890123456789012345678901234567890",
            .number("1234567890123456789012345678901234567890")
        ),
        ("1.0", 1.0), ("-0.0", -0.0), ("0.1", 0.1), ("1e3", 1000.0), ("1E+3", 1000.0),
        ("1.5e-3", 0.0015), ("123456789.123456789", 123456789.123456789), ("1e308", 1e308),
        ("5e-324", .double(.leastNonzeroMagnitude)), ("1e400", .number("1e400")),
        ("2.5E22", 2.5e22), ("1e23", 1e23),
        ("\"\"", ""), (#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{C}\n\r\tz"),
        (#""\u0041\u00e9\u4E2D""#, "Aé中"), (#""\ud83d\ude00""#, "😀"), (#""\u0000""#, "\0"),
        (#""\ud800x""#, "\u{FFFD}x"), (#""\ud800\u0041""#, "\u{FFFD}A"), (#""\udc00""#, "\u{FFFD}"),
        (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀"), ("\"é中😀\"", "é中😀"),
        ("[]", []), ("[1, [2], {}]", [1, [2], [:]]), ("{}", [:]),
        (#"{"a":1,"b":[true,null]}"#, ["a": 1, "b": [true, nil]]),
    ]

    @Test(arguments: validTexts)
    func `valid text is read`(text: String, expected: JSONValue) throws {
        #expect(try JSON.parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulx", "tru", "01", "-", "-a", "1.", ".5", "1e", "1e+", "+1", "NaN",
        "Infinity", "-Infinity", "[", "[1", "[1,", "[1,]", "[1 2]", "{", "{1:2}", "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "1 2", "'a'",
        "]",
        "00", "-01", "0x1", "{\"a\" 1}", "[1}", "\u{FEFF}1",
    ])
    func `invalid text is refused`(text: String) {
        #expect(throws: JSONError.self) { try JSON.parse(text) }
    }

    @Test func `the words for non-finite numbers are read on request`() throws {
        let options = JSON.ParsingOptions(acceptsNonFinite: true)
        let value = try JSON.parse("[NaN, Infinity, -Infinity]", options: options)
        #expect(value[0]?.doubleValue?.isNaN == true)
        #expect(value[1] == .double(.infinity))
        #expect(value[2] == .double(-.infinity))
    }

    @Test func `nesting is bounded`() throws {
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        _ = try JSON.parse(deepest)
        #expect(throws: JSONError.self) { try JSON.parse("[" + deepest + "]") }
        #expect(throws: JSONError.self) {
            try JSON.parse(String(repeating: "{\"a\":[", count: 100_000))
        }
    }

    @Test func `a string is read wherever its end, its escapes and its other scripts lie`() throws {
        for length in 0...24 {
            for inside in ["", "é", "😀", "\u{7F}"] {
                let run = String(repeating: "x", count: length) + inside
                let read = try JSON.parse(#"["\#(run)","\#(run)\n\#(run)",1]"#)
                #expect(read == .array([.string(run), .string(run + "\n" + run), 1]))
                #expect(throws: JSONError.self) { try JSON.parse("\"\(run)\u{1F}\(run)\"") }
                #expect(throws: JSONError.self) { try JSON.parse("\"\(run)") }
            }
        }
    }

    @Test func `invalid UTF-8 is an error or shown as text`() throws {
        let text: [UInt8] = [0x22, 0x61, 0xFF, 0xC3, 0xA9, 0xC0, 0x22]
        #expect(throws: JSONError.self) { try JSON.parse(text) }
        let options = JSON.ParsingOptions(showsInvalidUTF8: true)
        #expect(try JSON.parse(text, options: options) == "a\\xffé\\xc0")
    }

    @Test func `an error tells the offset and never quotes the text`() {
        let error = #expect(throws: JSONError.self) { try JSON.parse(#"{"secret": secret}"#) }
        #expect(error?.offset == 11)
        #expect(error.map { $0.description.contains("secret") } == false)
    }

    @Test func `decimal literals are read as the nearest double`() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &generator))
            guard number.isFinite else { continue }
            #expect(try JSON.parse("[\(number)]")[0] == .double(number))
        }
    }
}

@Suite struct JSONObjectTests {
    @Test func `of equal keys the last value wins at the place of the first`() throws {
        let object = try #require(try JSON.parse(#"{"a":1,"b":2,"a":3}"#).objectValue)
        #expect(object.keys == ["a", "b"])
        #expect(object["a"] == 3)
    }

    @Test func `order does not matter for equality and hashing`() {
        let left: JSONObject = ["a": 1, "b": 2]
        let right: JSONObject = ["b": 2, "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": 3])
        #expect(left != ["a": 1])
    }

    @Test func `many members are found, replaced and removed`() {
        var object = JSONObject()
        for index in 0..<1_000 { object["k\(index)"] = .integer(Int64(index)) }
        for index in 0..<1_000 { object["k\(index)"] = .integer(Int64(index * 2)) }
        #expect(object.count == 1_000)
        #expect(object["k999"] == 1998)
        for index in 0..<995 { object["k\(index)"] = nil }
        #expect(object.keys == ["k995", "k996", "k997", "k998", "k999"])
        #expect(object["k997"] == 1994)
        #expect(object["k0"] == nil)
    }

    @Test func `a member of a value can be set in place`() {
        var value: JSONValue = ["a": 1]
        value["b"] = 2
        value["a"] = nil
        #expect(value == ["b": 2])
    }
}

@Suite struct JSONWriterTests {
    @Test func `commas and colons come by themselves`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("a")
        writer.beginArray()
        writer.integer(1)
        writer.beginArray()
        writer.endArray()
        writer.unsigned(.max)
        writer.bool(true)
        writer.null()
        writer.endArray()
        writer.key("b")
        writer.string("x")
        writer.key("c")
        writer.raw(Array("[2]".utf8))
        writer.endObject()
        let expected = #"{"a":[1,[],18446744073709551615,true,null],"b":"x","c":[2]}"#
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
        writer.reset()
        writer.integer(.min)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "-9223372036854775808")
    }

    @Test(arguments: [
        (1.0, "1.0"), (-0.0, "-0.0"), (0.1, "0.1"), (1e16, "1e+16"),
        (.leastNonzeroMagnitude, "5e-324"),
        (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
    ])
    func `doubles are written shortest and non-finite ones as null`(value: Double, text: String) {
        #expect(JSONValue.double(value).text == text)
    }

    @Test(arguments: [
        ("plain ascii that is long enough", #""plain ascii that is long enough""#),
        ("q\"b\\n\nr\rt\tz\0\u{1F}\u{7F}", #""q\"b\\n\nr\rt\tz\u0000\u001f"# + "\u{7F}\""),
        ("1234567\"9", #""1234567\"9""#), ("é中😀/", "\"é中😀/\""), ("", "\"\""),
    ])
    func `strings are escaped`(string: String, text: String) {
        #expect(JSONValue.string(string).text == text)
    }

    @Test func `bytes that are not UTF-8 are shown as text`() throws {
        // Overlong forms, surrogates, values beyond Unicode, a cut sequence.
        let invalid: [UInt8] = [
            0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0x61, 0xE4, 0xB8,
        ]
        var writer = JSONWriter()
        invalid.withUnsafeBytes { writer.string(utf8: $0) }
        let shown = #"\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80a\xe4\xb8"#
        #expect(try JSON.parse(writer.bytes) == .string(shown))
        #expect(invalid.withUnsafeBytes { UTF8Scan.shownText($0) } == shown)
    }

    @Test func `what is written reads back the same`() throws {
        let value: JSONValue = [
            "s": "a\u{0}\"\\é\u{2028}", "n": [0, -1, .integer(.max), 1.5, .number("1e999")],
            "o": ["": nil, "deep": [[[["x": false]]]]],
        ]
        #expect(try JSON.parse(value.serialized()) == value)
        #expect(try JSON.parse(value.text) == value)
    }

    @Test func `a document can be handed over in parts`() {
        var writer = JSONWriter()
        writer.beginArray()
        writer.integer(1)
        var text = writer.takeBytes()
        #expect(writer.takeBytes().isEmpty)
        writer.string("x")
        writer.endArray()
        text += writer.takeBytes()
        #expect(String(decoding: text, as: UTF8.self) == #"[1,"x"]"#)
    }
}
