import FoundationEssentials
import JSON
import Prompts
import TestSupport
import Testing

@Suite struct TemplateTests {
    /// A template, what it is filled in with, and what the original made of it.
    struct Recorded: Sendable, CustomTestStringConvertible {
        var format: TemplateFormat
        var text: String
        var variables: JSONValue
        var mapping: JSONValue?
        /// Nil when the original refused.
        var filled: String?
        /// Nil when the original did not say why.
        var error: String?

        var testDescription: String { "\(format): \(text)" }
    }

    private static let recorded: [Recorded] = {
        let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        let data = FileManager.default.contents(atPath: "\(folder)/Recorded/templates.jsonl")
        guard let data else { preconditionFailure("The recorded templates are missing.") }
        var sets: [JSONValue] = []
        var rows: [Recorded] = []
        for line in data.split(separator: UInt8(ascii: "\n")) {
            guard let row = try? JSON.parse(Array(line)) else {
                preconditionFailure("A recorded template cannot be read.")
            }
            if let set = row["is"] {
                sets.append(set)
                continue
            }
            rows.append(
                Recorded(
                    format: TemplateFormat(rawValue: row["format"]?.stringValue ?? "") ?? .none,
                    text: row["text"]?.stringValue ?? "",
                    variables: sets[Int(row["variables"]?.integerValue ?? 0)],
                    mapping: row["mapping"], filled: row["filled"]?.stringValue,
                    error: row["error"]?.stringValue))
        }
        return rows
    }()

    /// What differs on purpose: Python's number formats that are not known here, the place of an
    /// inverted section that is not closed, and texts of another library's path errors.
    private static let others: Set = ["{f:e}", "{f:g}", "{{#a}}{{^b}}x"]

    @Test(arguments: recorded.filter { $0.mapping == nil && !others.contains($0.text) })
    func `a template is filled in as the original does it`(_ recorded: Recorded) throws {
        let variables = try #require(recorded.variables.objectValue)
        do {
            let template = try TextTemplate(recorded.text, format: recorded.format)
            #expect(try template.filled(with: variables) == recorded.filled)
        } catch let error as TemplateError {
            #expect(recorded.filled == nil)
            if let message = recorded.error { #expect(error.message == message) }
        }
    }

    @Test func `mappings are applied as the original does it`() async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            for recorded in Self.recorded {
                guard let mapping = recorded.mapping else { continue }
                let answer = try await service.data(
                    """
                    query($m: EvaluatorInputMappingInput, $v: JSON!, $t: String!) {
                        applyChatTemplate(
                            template: {messages: [{role: USER, content: [{text: {text: $t}}]}]},
                            templateOptions: {variables: $v, format: MUSTACHE}, inputMapping: $m
                        ) { messages { content { ... on TextContentPart { text { text } } } } }
                    }
                    """,
                    [
                        "m": mapping, "v": recorded.variables, "t": .string(recorded.text),
                    ])
                let text = answer["applyChatTemplate"]?["messages"]?[0]?["content"]?[0]?["text"]
                #expect(text?["text"]?.stringValue == recorded.filled)
                // What another library says about syntax is its own.
                if let error = recorded.error, !error.contains("syntax") {
                    #expect(answer.stringValue == error)
                }
            }
        }
    }

    @Test func `only texts of a chat are templates`() throws {
        let call: JSONValue = [
            "type": "tool_call", "tool_call_id": "{{a}}",
            "tool_call": ["type": "function", "name": "f", "arguments": "{{a}}"],
        ]
        let chat = JSONValue.chat(
            ["role": "system", "content": "{{a}}!"],
            ["role": "user", "content": [["type": "text", "text": "{{a}}?"], call]])
        #expect(
            try chat.chatFilled(with: ["a": "x"], format: .mustache)
                == .chat(
                    ["role": "system", "content": "x!"],
                    ["role": "user", "content": [["type": "text", "text": "x?"], call]]))
    }

    @Test func `a text that sections would make too long is refused`() throws {
        var text = "xxxxxxxxxxxxxxxx"
        for _ in 0..<8 { text = "{{#l}}\(text){{/l}}" }
        let template = try TextTemplate(text, format: .mustache)
        let list = JSONValue.array((0..<16).map { .integer($0) })
        #expect(throws: TemplateError.self) { try template.filled(with: ["l": list]) }
    }

    @Test(arguments: [1, 2, 5, 90])
    func `sections that are gone through without end are refused, also when they show nothing`(
        depth: Int
    ) throws {
        let text =
            String(repeating: "{{#l}}", count: depth) + String(repeating: "{{/l}}", count: depth)
        let template = try TextTemplate(text, format: .mustache)
        let list = JSONValue.array(Array(repeating: 1, count: depth == 1 ? 300_000 : 1000))
        #expect(throws: TemplateError.self) { try template.filled(with: ["l": list]) }
    }

    @Test(arguments: [TemplateFormat.mustache, .fString])
    func `the texts of a chat share what they may cost`(format: TemplateFormat) {
        let long = JSONValue.string(String(repeating: "x", count: 1 << 20))
        let text = format == .mustache ? "{{a}}" : "{a}"
        func chat(_ count: Int) -> JSONValue {
            let message: JSONValue = ["role": "user", "content": .string(text)]
            return ["type": "chat", "messages": .array(Array(repeating: message, count: count))]
        }
        #expect(throws: Never.self) { try chat(16).chatFilled(with: ["a": long], format: format) }
        #expect(throws: TemplateError.self) {
            try chat(17).chatFilled(with: ["a": long], format: format)
        }
    }

    @Test(arguments: ["{a[0]}", "{a!r:.1}", "{a:.1}"])
    func `fields that show little of long texts are refused when there are too many`(
        field: String
    ) throws {
        let template = try TextTemplate(
            String(repeating: field, count: 20_000), format: .fString)
        let long = JSONValue.string(String(repeating: "x", count: 10_000))
        #expect(throws: TemplateError.self) { try template.filled(with: ["a": long]) }
    }

    @Test func `a long path takes no more time than as many short ones`() throws {
        let path = String(repeating: "[0]", count: 200_000)
        let template = try TextTemplate("{a\(path)}", format: .fString)
        #expect(try template.filled(with: ["a": "xy"]) == "x")
    }

    @Test(arguments: [("[0]", "x"), ("[1]", "y"), ("[-1]", "y"), ("[-2]", "x")])
    func `a place in a list or a text counts from its start or its end`(
        path: String, shown: String
    ) throws {
        let template = try TextTemplate("{a\(path)}", format: .fString)
        #expect(try template.filled(with: ["a": "xy"]) == shown)
        #expect(try template.filled(with: ["a": ["x", "y"]]) == shown)
    }

    @Test(arguments: ["[2]", "[-3]", "[9223372036854775807]", "[-9223372036854775808]"])
    func `a place that there is not is refused`(path: String) throws {
        let template = try TextTemplate("{a\(path)}", format: .fString)
        for value in ["xy", ["x", "y"]] as [JSONValue] {
            #expect(throws: TemplateError.self) { try template.filled(with: ["a": value]) }
        }
    }

    @Test func `long delimiters are refused`() throws {
        let delimiter = String(repeating: "<", count: 17)
        #expect(throws: TemplateError.self) {
            try TextTemplate("{{=\(delimiter) >>=}}", format: .mustache)
        }
    }

    /// A format, a value, and what Python makes of them.
    private static let formats: [(String, JSONValue, String)] = [
        ("08,", 1234, "0,001,234"),
        ("08,", -1234, "-001,234"),
        ("012,.2f", 1234.5, "0,001,234.50"),
        ("0=9,", 1234, "0,001,234"),
        ("*=9,", 1234, "****1,234"),
        ("07,", 1234, "001,234"),
        ("012,.1%", 0.5, "0,000,050.0%"),
        ("+09,", 12, "+0,000,012"),
        ("010,", 1.5, "0,000,001.5"),
        ("03,", 0, "000"),
        ("04,", 0, "0,000"),
        ("05,", 0, "0,000"),
        ("06,", 123456, "123,456"),
        ("015,", 1e+16, "000,000,001e+16"),
        (",", 1e+16, "1e+16"),
        (".0f", 0.5, "0"),
        (".0f", 2.5, "2"),
        (".2f", -0.0, "-0.00"),
        (".20f", 0.1, "0.10000000000000000555"),
        (".2f", 1e+22, "10000000000000000000000.00"),
        ("*^9,", 1234, "**1,234**"),
        (".2f", 2.675, "2.67"),
        (".2f", 1.115, "1.11"),
        (".2%", 0.12345, "12.35%"),
        (".2f", -0.001, "-0.00"),
        ("08x", 255, "000000ff"),
        (" 08,.1f", -1234.56, "-1,234.6"),
        (".3", "abcdef", "abc"),
        ("6.2", "abc", "ab    "),
        (".1f", 0.25, "0.2"),
        (".0%", 0.005, "0%"),
    ]

    @Test(arguments: formats)
    func `a value is formatted as Python does it`(
        format: String, value: JSONValue, shown: String
    ) throws {
        let template = try TextTemplate("{a:\(format)}", format: .fString)
        #expect(try template.filled(with: ["a": value]) == shown)
    }

    @Test func `sections that are nested without end are refused`() {
        let text = String(repeating: "{{#a}}", count: 10_000)
        #expect(throws: TemplateError.self) { try TextTemplate(text, format: .mustache) }
    }

    @Test func `braces without an end take no more time than other text`() throws {
        let text = String(repeating: "{{", count: 200_000)
        let template = try TextTemplate(text, format: .mustache)
        #expect(try template.filled(with: [:]) == text)
    }
}
