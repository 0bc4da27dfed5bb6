import JSON
import Prompts
import TestSupport
import Testing

/// Documents that come in through GraphQL, as REST and GraphQL show them.
@Suite struct PromptDocumentGraphQLTests {
    /// The documents of a version that was created with some changes, as they are stored.
    private func stored(_ changes: JSONObject) async throws -> PromptContent? {
        var content: PromptContent?
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            let answer = try await service.create("p", changes)
            try #require(answer["id"] != nil, "\(answer.text)")
            content = try await service.store.latestVersion(of: .init(name: "p")).content
        }
        return content
    }

    private func refusal(_ changes: JSONObject) async throws -> String? {
        var message: String?
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            message = try await service.create("p", changes).stringValue
            #expect(try await service.data("{ promptCount }") == ["promptCount": 0])
        }
        return message
    }

    @Test func `messages are stored with their parts`() async throws {
        let content = try await stored([
            "template": [
                "messages": [
                    ["role": "SYSTEM", "content": [["text": ["text": "a"]]]],
                    [
                        "role": "AI",
                        "content": [
                            [
                                "toolCall": [
                                    "toolCallId": "1",
                                    "toolCall": ["name": "f", "arguments": "{}"],
                                ]
                            ]
                        ],
                    ],
                    [
                        "role": "TOOL",
                        "content": [
                            ["toolResult": ["toolCallId": "1", "result": "txt"]],
                            ["toolResult": ["toolCallId": "2", "result": #"{"a":1}"#]],
                        ],
                    ],
                ]
            ]
        ])
        #expect(
            content?.template
                == .chat(
                    ["role": "system", "content": [["type": "text", "text": "a"]]],
                    [
                        "role": "ai",
                        "content": [
                            [
                                "type": "tool_call", "tool_call_id": "1",
                                "tool_call": [
                                    "type": "function", "name": "f", "arguments": "{}",
                                ],
                            ]
                        ],
                    ],
                    [
                        "role": "tool",
                        "content": [
                            ["type": "tool_result", "tool_call_id": "1", "tool_result": "txt"],
                            ["type": "tool_result", "tool_call_id": "2", "tool_result": ["a": 1]],
                        ],
                    ]))
    }

    @Test func `parameters are stored without what was not given`() async throws {
        let cases: [(JSONValue, JSONValue, JSONValue)] = [
            (
                "AZURE_OPENAI",
                [
                    "openai": [
                        "temperature": 1, "maxCompletionTokens": 2, "topP": .null, "stop": [],
                        "reasoningEffort": "XHIGH", "extraBody": ["z": 1],
                    ]
                ],
                [
                    "type": "openai",
                    "openai": [
                        "temperature": 1.0, "max_completion_tokens": 2,
                        "reasoning_effort": "xhigh", "extra_body": ["z": 1],
                    ],
                ]
            ),
            (
                "ANTHROPIC",
                [
                    "anthropic": [
                        "maxTokens": 2000, "outputConfig": ["effort": "MAX"],
                        "thinking": ["enabled": ["budgetTokens": 1024, "display": "OMITTED"]],
                    ]
                ],
                [
                    "type": "anthropic",
                    "anthropic": [
                        "max_tokens": 2000, "output_config": ["effort": "max"],
                        "thinking": [
                            "type": "enabled", "budget_tokens": 1024, "display": "omitted",
                        ],
                    ],
                ]
            ),
            (
                "ANTHROPIC",
                ["anthropic": ["maxTokens": 5, "thinking": ["disabled": ["disabled": false]]]],
                [
                    "type": "anthropic",
                    "anthropic": ["max_tokens": 5, "thinking": ["type": "disabled"]],
                ]
            ),
            (
                "GOOGLE",
                ["google": ["topK": 1, "thinkingConfig": ["thinkingLevel": "LOW"]]],
                [
                    "type": "google",
                    "google": ["top_k": 1, "thinking_config": ["thinking_level": "low"]],
                ]
            ),
            (
                "AWS", ["aws": ["maxTokens": 5, "stopSequences": ["a"]]],
                ["type": "aws", "aws": ["max_tokens": 5, "stop_sequences": ["a"]]]
            ),
        ]
        for (provider, input, expected) in cases {
            let content = try await stored([
                "modelProvider": provider, "invocationParameters": input,
            ])
            #expect(content?.invocationParameters == expected)
        }
    }

    @Test func `tools and response formats are stored`() async throws {
        let content = try await stored([
            "tools": [
                "tools": [
                    ["function": ["name": "f", "parameters": .null]],
                    [
                        "function": [
                            "name": "g", "description": "d", "parameters": ["type": "object"],
                            "strict": false,
                        ]
                    ], ["raw": ["type": "w"]],
                ],
                "toolChoice": ["functionName": "f"], "disableParallelToolCalls": true,
            ],
            "responseFormat": [
                "type": "anything", "jsonSchema": ["name": "n", "schema": ["type": "object"]],
            ],
        ])
        #expect(
            content?.tools == [
                "type": "tools",
                "tools": [
                    ["type": "function", "function": ["name": "f"]],
                    [
                        "type": "function",
                        "function": [
                            "name": "g", "description": "d", "parameters": ["type": "object"],
                            "strict": false,
                        ],
                    ], ["type": "raw", "raw": ["type": "w"]],
                ],
                "tool_choice": ["type": "specific_function", "function_name": "f"],
                "disable_parallel_tool_calls": true,
            ])
        #expect(
            content?.responseFormat == [
                "type": "json_schema",
                "json_schema": ["name": "n", "schema": ["type": "object"]],
            ])
    }

    @Test(arguments: [
        ("none", "none"), ("zeroOrMore", "zero_or_more"), ("oneOrMore", "one_or_more"),
    ])
    func `a tool choice is the flag that is there`(name: String, type: String) async throws {
        let content = try await stored([
            "tools": ["tools": [["raw": [:]]], "toolChoice": [name: false]]
        ])
        #expect(content?.tools?["tool_choice"] == ["type": .string(type)])
    }

    @Test func `documents that cannot be are refused with a sentence`() async throws {
        let cases: [(JSONObject, String)] = [
            (
                ["modelProvider": "GOOGLE"],
                "Invocation parameters variant 'openai' does not match model provider 'GOOGLE' "
                    + "(expected 'google')."
            ),
            (
                ["template": ["messages": [["role": "USER", "content": []]]]],
                "template.chat.messages.0.content.list[tagged-union[TextContentPart,"
                    + "ToolCallContentPart,ToolResultContentPart]]: List should have at least 1 "
                    + "item after validation, not 0"
            ),
            (
                ["tools": ["tools": []]],
                "tools.tools: List should have at least 1 item after validation, not 0"
            ),
            (
                ["tools": ["tools": [["raw": 1]]]],
                "PromptToolInput.raw must be a JSON object"
            ),
            (
                ["invocationParameters": ["openai": ["extraBody": [1]]]],
                "extra_body must be a JSON object"
            ),
            (
                [
                    "modelProvider": "ANTHROPIC",
                    "invocationParameters": [
                        "anthropic": [
                            "maxTokens": 1024, "thinking": ["enabled": ["budgetTokens": 1024]],
                        ]
                    ],
                ],
                "invocation_parameters.anthropic.anthropic: Value error, The thinking budget must "
                    + "be less than max tokens."
            ),
            (["metadata": [1]], "metadata must be a JSON object"),
            (["customProviderId": "x"], "Custom provider with ID 'x' not found"),
        ]
        for (changes, message) in cases { #expect(try await refusal(changes) == message) }
    }

    @Test func `what REST stored is shown through the types`() async throws {
        try await TestDatabase.sqlite.withPromptsGraphQL { service in
            _ = try await service.store.create(
                PromptDraft(name: "p"),
                version: PromptContent(
                    modelProvider: .anthropic, modelName: "m",
                    template: .chat(
                        ["role": "developer", "content": "a"],
                        ["role": "assistant", "content": [["type": "text", "text": "b"]]],
                        [
                            "role": "tool",
                            "content": [
                                [
                                    "type": "tool_result", "tool_call_id": "1",
                                    "tool_result": ["a": 1],
                                ]
                            ],
                        ]),
                    invocationParameters: [
                        "type": "anthropic",
                        "anthropic": ["max_tokens": 9, "thinking": ["type": "adaptive"]],
                    ],
                    tools: [
                        "type": "tools",
                        "tools": [
                            ["type": "function", "function": ["name": "f"]],
                            ["type": "raw", "raw": ["r": 1]],
                        ],
                        "tool_choice": ["type": "zero_or_more"],
                    ],
                    responseFormat: [
                        "type": "json_schema", "json_schema": ["name": "n", "strict": true],
                    ]),
                existing: .refuse, now: PromptsGraphQLService.now)
            let shown = try await service.data(
                """
                { node(id: "UHJvbXB0VmVyc2lvbjox") { ... on PromptVersion {
                    template { ... on PromptChatTemplate { messages { role content { __typename
                        ... on TextContentPart { text { text } }
                        ... on ToolResultContentPart { toolResult { toolCallId result } } } } } }
                    invocationParameters { ... on PromptAnthropicInvocationParameters {
                        maxTokens temperature thinking { __typename } } }
                    tools { toolChoice { type functionName } tools { __typename
                        ... on PromptToolFunction { function { name parameters strict } }
                        ... on PromptToolRaw { raw } } }
                    responseFormat { jsonSchema { name schema strict } }
                } } }
                """)
            let expected: JSONValue = [
                "template": [
                    "messages": [
                        [
                            "role": "SYSTEM",
                            "content": [
                                ["__typename": "TextContentPart", "text": ["text": "a"]]
                            ],
                        ],
                        [
                            "role": "AI",
                            "content": [
                                ["__typename": "TextContentPart", "text": ["text": "b"]]
                            ],
                        ],
                        [
                            "role": "TOOL",
                            "content": [
                                [
                                    "__typename": "ToolResultContentPart",
                                    "toolResult": ["toolCallId": "1", "result": #"{"a":1}"#],
                                ]
                            ],
                        ],
                    ]
                ],
                "invocationParameters": [
                    "maxTokens": 9, "temperature": .null,
                    "thinking": ["__typename": "PromptAnthropicThinkingAdaptive"],
                ],
                "tools": [
                    "toolChoice": ["type": "ZERO_OR_MORE", "functionName": .null],
                    "tools": [
                        [
                            "__typename": "PromptToolFunction",
                            "function": ["name": "f", "parameters": [:], "strict": .null],
                        ],
                        ["__typename": "PromptToolRaw", "raw": ["r": 1]],
                    ],
                ],
                "responseFormat": [
                    "jsonSchema": ["name": "n", "schema": .null, "strict": true]
                ],
            ]
            #expect(shown["node"] == expected)
        }
    }
}
