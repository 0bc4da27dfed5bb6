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
