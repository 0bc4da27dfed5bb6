import APISupport
import JSON
import Testing

@Suite struct ValidatorTests {
    /// Decodes JSON text, and shows what came out or what is wrong, as JSON.
    private func outcome(_ json: String, _ schema: Schema) throws -> String {
        var validator = Validator()
        let decoded = validator.decode(try JSON.parse(json), as: schema, at: ["body", "x"])
        if validator.issues.isEmpty { return try #require(decoded).shown }
        #expect(decoded == nil)
        return String(decoding: ValidationError(issues: validator.issues).body, as: UTF8.self)
    }

    private func issue(_ type: String, _ message: String, _ input: String, _ rest: String = "")
        -> String
    {
        #"{"detail":[{"type":"\#(type)","loc":["body","x"],"msg":"\#(message)","#
            + #""input":\#(input)\#(rest)}]}"#
    }

    @Test(arguments: [
        ("5", "5"), (#""5""#, "5"), (#"" 5 ""#, "5"), (#""+5""#, "5"), (#""1_000""#, "1000"),
        (#""1.0""#, "1"), ("1.0", "1"), ("true", "1"), (#""-0""#, "0"),
        (#""99999999999999999999""#, "9223372036854775807"),
        ("-99999999999999999999", "-9223372036854775808"),
    ])
    func `integers are read leniently`(json: String, expected: String) throws {
        #expect(try outcome(json, .integer) == expected)
    }

    @Test(arguments: [#""abc""#, #""1.5""#, #""""#, #""1__0""#, #""_1""#, #""1e3""#, #""0x1""#])
    func `text that is no integer is refused`(json: String) throws {
        #expect(
            try outcome(json, .integer)
                == issue(
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer", json))
    }

    @Test func `other values are no integers`() throws {
        #expect(
            try outcome("1.5", .integer)
                == issue(
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part", "1.5"))
        #expect(
            try outcome("[]", .integer)
                == issue("int_type", "Input should be a valid integer", "[]"))
    }

    @Test func `bounds are kept`() throws {
        let schema: Schema = .integer(greaterThan: 0, atMost: 1000)
        #expect(
            try outcome(#""0""#, schema)
                == issue(
                    "greater_than", "Input should be greater than 0", #""0""#,
                    #","ctx":{"gt":0}"#))
        #expect(
            try outcome(#""1001""#, schema)
                == issue(
                    "less_than_equal", "Input should be less than or equal to 1000", #""1001""#,
                    #","ctx":{"le":1000}"#))
        #expect(
            try outcome(#""nan""#, .number(atLeast: 0))
                == issue(
                    "greater_than_equal", "Input should be greater than or equal to 0", #""nan""#,
                    #","ctx":{"ge":0.0}"#))
        #expect(try outcome("1000", schema) == "1000")
    }

    @Test(arguments: [
        ("true", "true"), (#""YES""#, "true"), (#""off""#, "false"), (#""1""#, "true"),
        ("0", "false"), (#""F""#, "false"),
    ])
    func `flags are read leniently`(json: String, expected: String) throws {
        #expect(try outcome(json, .boolean) == expected)
    }

    @Test func `other values are no flags`() throws {
        for json in [#""maybe""#, #""""#, "2"] {
            #expect(
                try outcome(json, .boolean)
                    == issue(
                        "bool_parsing",
                        "Input should be a valid boolean, unable to interpret input", json))
        }
        #expect(
            try outcome("null", .boolean)
                == issue("bool_type", "Input should be a valid boolean", "null"))
    }

    @Test func `numbers are read leniently`() throws {
        #expect(try outcome(#"" 1.5 ""#, .number) == "1.5")
        #expect(
            try outcome(#""0x10""#, .number)
                == issue(
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number",
                    #""0x10""#))
        #expect(
            try outcome("{}", .number)
                == issue("float_type", "Input should be a valid number", "{}"))
    }

    @Test func `strings are strings and no shorter than declared`() throws {
        #expect(try outcome(#""""#, .string) == #""""#)
        #expect(
            try outcome("5", .string)
                == issue("string_type", "Input should be a valid string", "5"))
        #expect(
            try outcome(#""""#, .string(minLength: 1))
                == issue(
                    "string_too_short", "String should have at least 1 character", #""""#,
                    #","ctx":{"min_length":1}"#))
        #expect(
            try outcome(#""abc""#, .string(maxLength: 2))
                == issue(
                    "string_too_long", "String should have at most 2 characters", #""abc""#,
                    #","ctx":{"max_length":2}"#))
    }

    @Test func `a literal is one of its values`() throws {
        #expect(try outcome(#""b""#, .literal(["a", "b"])) == #""b""#)
        #expect(
            try outcome(#""x""#, .literal(["id", "start_time"]))
                == issue(
                    "literal_error", "Input should be 'id' or 'start_time'", #""x""#,
                    #","ctx":{"expected":"'id' or 'start_time'"}"#))
        #expect(
            try outcome(#""x""#, .literal(["a", "b", "c"]))
                == issue(
                    "literal_error", "Input should be 'a', 'b' or 'c'", #""x""#,
                    #","ctx":{"expected":"'a', 'b' or 'c'"}"#))
    }

    @Test func `times are read or refused with the reason`() throws {
        #expect(
            try outcome(#""2026-11-21T00:00:00Z""#, .timestamp) == "2026-11-21T00:00:00+00:00")
        #expect(try outcome("1700000000", .timestamp) == "2023-11-14T22:13:20+00:00")
        #expect(
            try outcome("true", .timestamp)
                == issue("datetime_type", "Input should be a valid datetime", "true"))
        #expect(
            try outcome(#""abc""#, .timestamp)
                == issue(
                    "datetime_from_date_parsing",
                    "Input should be a valid datetime or date, input is too short", #""abc""#,
                    #","ctx":{"error":"input is too short"}"#))
        #expect(
            try outcome(#""0000-11-21T23:59:00Z""#, .timestamp)
                == issue(
                    "datetime_parsing",
                    "Input should be a valid datetime, year 0 is out of range",
                    #""0000-11-21T23:59:00Z""#, #","ctx":{"error":"year 0 is out of range"}"#))
    }

    @Test func `null passes only where it is declared`() throws {
        #expect(try outcome("null", .string.orNull) == "null")
        #expect(
            try outcome("null", .string)
                == issue("string_type", "Input should be a valid string", "null"))
    }

    @Test func `lists name the element that is wrong`() throws {
        #expect(try outcome(#"["a","b"]"#, .array(of: .string)) == #"["a","b"]"#)
        #expect(
            try outcome("{}", .array(of: .string))
                == issue("list_type", "Input should be a valid list", "{}"))
        #expect(
            try outcome(#"["a",1]"#, .array(of: .string))
                == #"{"detail":[{"type":"string_type","loc":["body","x",1],"#
                + #""msg":"Input should be a valid string","input":1}]}"#)
        #expect(
            try outcome("[]", .array(of: .string, minItems: 1))
                == issue(
                    "too_short", "List should have at least 1 item after validation, not 0", "[]",
                    #","ctx":{"field_type":"List","min_length":1,"actual_length":0}"#))
        #expect(
            try outcome("[]", .dictionary)
                == issue("dict_type", "Input should be a valid dictionary", "[]"))
    }

    private static let thing = ObjectSchema(
        "Thing", forbidsOthers: true,
        fields: [
            .required("name", .string), .optional("size", .integer.defaulting(to: 3)),
            .optional("note", .string.orNull),
        ],
        rule: { $0["size"].integer == 13 ? "size: thirteen is bad luck" : nil })

    @Test func `objects get their defaults`() throws {
        var validator = Validator()
        let decoded = validator.decode(["name": "a"], as: .object(Self.thing), at: ["body"])
        let object = try #require(decoded?.object)
        #expect(object.text("name") == "a")
        #expect(object["size"].integer == 3)
        #expect(object["note"].isNull)
        #expect(object.given == ["name"])
    }

    @Test func `objects report everything that is wrong with them`() throws {
        var validator = Validator()
        _ = validator.decode(
            ["size": "x", "more": 1], as: .object(Self.thing), at: ["body"])
        #expect(validator.issues.map(\.type) == ["missing", "int_parsing", "extra_forbidden"])
        #expect(
            validator.issues.map(\.location) == [
                ["body", "name"], ["body", "size"], ["body", "more"],
            ])
        #expect(validator.issues[0].input == ["size": "x", "more": 1])
    }

    @Test func `the rule of an object comes after its members`() throws {
        var validator = Validator()
        _ = validator.decode(
            ["name": "a", "size": 13], as: .object(Self.thing), at: ["body", "data", 0])
        #expect(
            validator.issues == [
                ValidationIssue(
                    type: "value_error", location: ["body", "data", 0],
                    message: "Value error, size: thirteen is bad luck",
                    input: ["name": "a", "size": 13], context: ["error": [:]])
            ])
    }

    @Test func `what is no object is refused by where it stands`() {
        var validator = Validator()
        _ = validator.decode([], as: .object(Self.thing), at: ["body"])
        _ = validator.decode(1, as: .object(Self.thing), at: ["body", "data", 0])
        #expect(
            validator.issues.map(\.message) == [
                "Input should be a valid dictionary or object to extract fields from",
                "Input should be a valid dictionary or instance of Thing",
            ])
        #expect(validator.issues.map(\.type) == ["model_attributes_type", "model_type"])
    }

    @Test func `a flood of faults is cut off`() {
        var validator = Validator()
        let values = JSONValue.array(Array(repeating: .null, count: 5000))
        #expect(validator.decode(values, as: .array(of: .string), at: ["body"]) == nil)
        #expect(validator.issues.count == 1000)
    }
}

extension DecodedValue {
    /// The value as JSON; a time as text without quotes.
    fileprivate var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): JSONValue.string(value).text
        case .timestamp(let value): value.timestamp.description
        case .array(let values): "[" + values.map(\.shown).joined(separator: ",") + "]"
        case .object: "object"
        case .json(let value): value.text
        }
    }
}
