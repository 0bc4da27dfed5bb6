import JSON
import Prompts
import TestSupport
import Testing

/// What becomes of the documents of a version: what is accepted, in which form it comes back, and
/// what is said about the rest.
@Suite struct PromptDocumentTests {
    private func stored(_ member: String, _ changes: JSONObject) async throws -> JSONValue? {
        var result: JSONValue?
        try await TestDatabase.sqlite.withPromptsService { service in
            let answer = try await service.post("p", changes)
            result = answer.status == 200 ? answer.json["data"]?[member] : .string(answer.text)
        }
        return result
    }

    private func faults(_ changes: JSONObject) async throws -> [JSONValue] {
        var result: [JSONValue] = []
        try await TestDatabase.sqlite.withPromptsService { service in
            let answer = try await service.post("p", changes)
            #expect(answer.status == 422)
            result = answer.json["detail"]?.arrayValue ?? [.string(answer.text)]
        }
        return result
    }

    // MARK: Templates

    @Test func `messages keep their roles, texts and parts`() async throws {
        let template = JSONValue.chat(
            ["role": "developer", "content": "a"], ["role": "model", "content": "{{#a}} {{/b}}"],
            ["role": "user", "content": [["type": "text", "text": "b"]]],
            [
                "role": "ai",
                "content": [
                    [
                        "type": "tool_call", "tool_call_id": "1",
                        "tool_call": ["type": "function", "name": "f", "arguments": "{}"],
                    ]
                ],
            ],
            [
                "role": "tool",
                "content": [
                    [
                        "type": "tool_result", "tool_call_id": "1",
                        "tool_result": ["a": [1, .null]],
                    ],
                    ["type": "tool_result", "tool_call_id": "2", "tool_result": .null],
                ],
            ])
        #expect(try await stored("template", ["template": template]) == template)
        let empty = JSONValue.chat()
        #expect(try await stored("template", ["template": empty]) == empty)
    }

    @Test func `content that is neither a text nor a list of parts is told so for both`()
        async throws
    {
        let faults = try await faults([
            "template": .chat(["role": "user", "content": [["type": "image"]]])
        ])
        let place: [JSONValue] = ["body", "version", "template", "chat", "messages", 0, "content"]
        let parts: JSONValue =
            "list[tagged-union[TextContentPart,ToolCallContentPart,ToolResultContentPart]]"
        #expect(
            faults.map { $0["loc"] } == [.array(place + ["str"]), .array(place + [parts, 0])])
        #expect(faults.map { $0["type"] } == ["string_type", "union_tag_invalid"])
        #expect(
            faults[1]["msg"]?.stringValue
                == "Input tag 'image' found using 'type' does not match any of the expected tags: "
                + "'text', 'tool_call', 'tool_result'")
    }

    @Test func `only chats can be created, and the type says so`() async throws {
        let text: JSONValue = ["type": "string", "template": "x"]
        #expect(
            try await faults(["template": text, "template_type": "STR"])
                == ["Only CHAT template type is supported for prompts"])
        for changes in [["template": text], ["template_type": "STR"]] as [JSONObject] {
            let faults = try await faults(changes)
            #expect(
                faults.map { $0["msg"] } == ["Value error, Template type does not match template"])
        }
    }

    // MARK: Parameters

    @Test(arguments: ModelProvider.allCases.filter { $0.family == .openAI })
    func `providers that take what OpenAI takes have its parameters`(
        provider: ModelProvider
    ) async throws {
        let type = provider.parametersType
        let parameters: JSONValue = ["type": .string(type), type: ["temperature": 1]]
        let shown = try await stored(
            "invocation_parameters",
            [
                "model_provider": .string(provider.rawValue), "invocation_parameters": parameters,
            ])
        #expect(shown == ["type": "openai", "openai": ["temperature": 1.0]])
    }

    @Test func `parameters come back as numbers, in the form of their provider`() async throws {
        let cases: [(String, JSONObject, JSONObject)] = [
            (
                "openai",
                [
                    "temperature": "0.5", "max_tokens": "5", "seed": 3.0, "stop": ["a"],
                    "reasoning_effort": "xhigh", "extra_body": ["x": ["y": 1]],
                ],
                [
                    "temperature": 0.5, "max_tokens": 5, "seed": 3, "stop": ["a"],
                    "reasoning_effort": "xhigh", "extra_body": ["x": ["y": 1]],
                ]
            ),
            (
                "anthropic",
                [
                    "max_tokens": 2000, "temperature": 0, "output_config": ["effort": "max"],
                    "thinking": [
                        "type": "enabled", "budget_tokens": 1024, "display": "omitted",
                    ],
                ],
                [
                    "max_tokens": 2000, "temperature": 0.0, "output_config": ["effort": "max"],
                    "thinking": [
                        "type": "enabled", "budget_tokens": 1024, "display": "omitted",
                    ],
                ]
            ),
            (
                "google", ["top_k": 5, "thinking_config": [:], "stop_sequences": []],
                ["top_k": 5, "thinking_config": [:], "stop_sequences": []]
            ),
            ("aws", ["max_tokens": 1, "top_p": 1], ["max_tokens": 1, "top_p": 1.0]),
        ]
        for (type, given, wanted) in cases {
            let shown = try await stored(
                "invocation_parameters",
                [
                    "model_provider": .string(type.uppercased()),
                    "invocation_parameters": [
                        "type": .string(type), type: .object(given),
                    ],
                ])
            #expect(shown == ["type": .string(type), type: .object(wanted)])
        }
    }

    @Test func `parameters that cannot be are refused`() async throws {
        let cases: [(String, JSONObject, JSONValue)] = [
            ("openai", ["temperature": .null], "Input should be a valid number"),
            ("openai", ["other": 1], "Extra inputs are not permitted"),
            ("anthropic", [:], "Field required"),
            (
                "anthropic",
                ["max_tokens": 1024, "thinking": ["type": "enabled", "budget_tokens": 1024]],
                "Value error, The thinking budget must be less than max tokens."
            ),
            (
                "anthropic",
                ["max_tokens": 9, "thinking": ["type": "enabled", "budget_tokens": 8]],
                "Input should be greater than or equal to 1024"
            ),
        ]
        for (type, parameters, message) in cases {
            let faults = try await faults([
                "invocation_parameters": [
                    "type": .string(type), type: .object(parameters),
                ]
            ])
            #expect(faults.map { $0["msg"] } == [message])
        }
    }

    @Test(arguments: [
        #"{"temperature":NaN}"#, #"{"extra_body":{"x":[-Infinity]}}"#,
        #"{"seed":123456789012345678901234567890}"#,
    ])
    func `a number that cannot be kept is refused`(parameters: String) async throws {
        let body = JSONValue.version().text.replacing(
            #""openai":{}"#, with: #""openai":"# + parameters)
        try await TestDatabase.sqlite.withPromptsService { service in
            let answer = try await service.call(
                .post, "/v1/prompts", query: nil,
                bytes: Array(#"{"prompt":{"name":"p"},"version":\#(body)}"#.utf8))
            #expect(answer.status == 422)
            #expect(try await service.get("/v1/prompts").data == [])
        }
    }

    // MARK: Tools

    @Test func `tools and response formats come back as they were sent`() async throws {
        let tools: JSONValue = [
            "type": "tools",
            "tools": [
                [
                    "type": "function",
                    "function": [
                        "name": "f", "description": "d", "parameters": ["type": "object"],
                        "strict": true,
                    ],
                ], ["type": "function", "function": ["name": "f"]],
                ["type": "raw", "raw": ["type": "web_search"]],
            ],
            "tool_choice": ["type": "specific_function", "function_name": "g"],
            "disable_parallel_tool_calls": false,
        ]
        #expect(try await stored("tools", ["tools": tools]) == tools)
        let format: JSONValue = [
            "type": "json_schema",
            "json_schema": ["name": "n", "schema": ["type": "zzz"], "strict": false],
        ]
        #expect(try await stored("response_format", ["response_format": format]) == format)
    }

    @Test func `tools that cannot be are refused`() async throws {
        let cases: [(JSONValue, String)] = [
            (["type": "tools", "tools": []], "too_short"),
            (["tools": [["type": "raw", "raw": [:]]]], "missing"),
            (["type": "tools", "tools": [["type": "x"]]], "union_tag_invalid"),
            (
                ["type": "tools", "tools": [["type": "raw", "raw": [:]]], "tool_choice": .null],
                "model_attributes_type"
            ),
        ]
        for (tools, type) in cases {
            #expect(try await faults(["tools": tools]).map { $0["type"] } == [.string(type)])
        }
    }
}
