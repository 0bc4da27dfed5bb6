import JSON
import Testing
import Tracing

@Suite struct SpanExampleTests {
    private func example(_ kind: String, _ attributes: JSONValue) throws -> SpanExample {
        try SpanExample(
            kind: kind,
            content: SpanContent(
                SpanPayload(attributes: attributes.serialized(), events: [], extras: [])))
    }

    private func message(_ members: JSONObject) -> JSONValue { ["message": .object(members)] }

    private func call(_ name: JSONValue, _ arguments: JSONValue) -> JSONValue {
        ["tool_call": ["function": ["name": name, "arguments": arguments]]]
    }

    private func model(
        input: [JSONValue] = [], output: [JSONValue] = [], _ further: JSONObject = [:]
    ) -> JSONValue {
        var model = further
        if !input.isEmpty { model["input_messages"] = .array(input) }
        if !output.isEmpty { model["output_messages"] = .array(output) }
        return ["llm": .object(model)]
    }

    static let values: [(JSONValue, JSONObject)] = [
        ([:], [:]),
        (["value": "text"], ["input": "text"]),
        (["value": ""], ["input": ""]),
        (["value": 5], [:]),
        (["value": #"{"a":1}"#], ["input": #"{"a":1}"#]),
        (["value": #"{"a":1}"#, "mime_type": "application/json"], ["a": 1]),
        (["value": "[1]", "mime_type": "application/json"], ["input": [1]]),
        (["value": "null", "mime_type": "application/json"], ["input": "null"]),
        (["value": "bad{", "mime_type": "application/json"], ["input": "bad{"]),
    ]

    @Test(arguments: values)
    func `a value is an object by itself, or under the name of its direction`(
        value: JSONValue, input: JSONObject
    ) throws {
        for kind in ["CHAIN", "TOOL", "LLM"] {
            #expect(try example(kind, ["input": value]).input == input)
        }
    }

    @Test func `the metadata is the kind`() throws {
        #expect(try example("AGENT", [:]).metadata == ["span_kind": "AGENT"])
    }

    @Test func `a retriever's output is its documents`() throws {
        let attributes: JSONValue = [
            "retrieval": ["documents": [["document": ["id": "1"]], ["document": ["id": "2"]]]],
            "output": ["value": "seen"],
        ]
        #expect(
            try example("RETRIEVER", attributes).output
                == ["documents": [["id": "1"], ["id": "2"]]])
        #expect(try example("CHAIN", attributes).output == ["output": "seen"])
        let odd: JSONValue = [
            "retrieval": ["documents": [["document": ["id": "1"]], ["other": 1]]],
            "output": ["value": "seen"],
        ]
        #expect(try example("RETRIEVER", odd).output == ["output": "seen"])
    }

    @Test func `the messages of a language model keep role, content, name and tool calls`() throws {
        let attributes = model(input: [
            message(["role": "system", "content": "be kind"]),
            message(["role": "user", "name": "ines", "content": "hi", "tool_call_id": "x"]),
            message([
                "role": "user",
                "contents": [
                    ["message_content": ["type": "text", "text": "a"]],
                    ["message_content": ["type": "image"]],
                    ["message_content": ["type": "text", "text": "b"]],
                ],
            ]),
            message([
                "role": "assistant", "function_call_name": "old",
                "tool_calls": [
                    call("f", #"{"x":1}"#), call("g", "{"), ["tool_call": ["id": "2"]],
                ],
            ]),
            message(["content": "no role"]),
            "no message",
        ])
        let expected: JSONObject = [
            "messages": [
                ["role": "system", "content": "be kind"],
                ["role": "user", "content": "hi", "name": "ines"],
                ["role": "user", "content": "a\n\nb"],
                [
                    "role": "assistant",
                    "tool_calls": [
                        ["function": ["name": "old", "arguments": nil]],
                        ["function": ["name": "f", "arguments": ["x": 1]]],
                        ["function": ["name": "g", "arguments": "{"]],
                    ],
                ],
                ["role": "assistant", "content": "no role"],
                ["role": "assistant"],
            ]
        ]
        #expect(try example("LLM", attributes).input == expected)
    }

    @Test func `variables of the template and tools join the input`() throws {
        let attributes = model(
            input: [message(["role": "user", "content": "q"])],
            [
                "prompt_template": ["variables": ["messages": "hidden", "x": 1]],
                "tools": [
                    ["tool": ["json_schema": #"{"name":"t"}"#]], ["tool": ["json_schema": "bad{"]],
                    ["tool": ["name": "without"]],
                ],
            ])
        #expect(
            try example("LLM", attributes).input
                == ["messages": "hidden", "x": 1, "tools": [["name": "t"], nil]])
        #expect(try example("CHAIN", attributes).input == [:])
    }

    @Test func `answers of the assistant in a row become one`() throws {
        let attributes = model(output: [
            message(["role": "assistant", "tool_calls": [call("a", "{}")]]),
            message(["role": "assistant", "content": "x", "tool_calls": [call("b", "1")]]),
            message(["role": "assistant", "content": "y"]),
            message(["role": "user", "content": "u"]),
            message(["role": "assistant", "content": "z"]),
        ])
        let expected: JSONObject = [
            "messages": [
                [
                    "role": "assistant", "content": "x",
                    "tool_calls": [
                        ["function": ["name": "a", "arguments": [:]]],
                        ["function": ["name": "b", "arguments": 1]],
                    ],
                ],
                ["role": "user", "content": "u"],
                ["role": "assistant", "content": "z"],
            ]
        ]
        #expect(try example("LLM", attributes).output == expected)
    }

    @Test func `a text in place of messages stands for a bounded number of them`() throws {
        let text = String(repeating: "x", count: 100_000)
        let attributes: JSONValue = ["llm": ["input_messages": .string(text)]]
        let messages = try example("LLM", attributes).input["messages"]?.arrayValue
        #expect(messages?.count == 1000)
    }
}
