import JSON
import OTLP
import OpenInference
import Testing

/// The rows of the data model's section 3.
@Suite struct GenAIConversionTests {
    /// The flat attributes of a span with these attributes, without the `gen_ai.` ones.
    private func converted(_ attributes: JSONObject) throws -> JSONObject {
        let list = attributes.map { member -> JSONValue in
            ["key": .string(member.key), "value": Self.otlp(member.value)]
        }
        let spans = #"[{"traceId":"01","spanId":"02","attributes":\#(JSONValue.array(list).text)}]"#
        let text = #"{"resourceSpans":[{"scopeSpans":[{"spans":\#(spans)}]}]}"#
        var mapper = SpanMapper()
        let mapped = mapper.map(try TraceExportRequest(json: Array(text.utf8))).spans[0]
        let nested = try #require(try JSON.parse(mapped.attributes).objectValue)
        let flat = AttributeFlattening.flatten(nested)
        return JSONObject(flat.filter { !$0.key.hasPrefix("gen_ai.") }.map { ($0.key, $0.value) })
    }

    private static func otlp(_ value: JSONValue) -> JSONValue {
        switch value {
        case .bool: ["boolValue": value]
        case .integer: ["intValue": value]
        case .double: ["doubleValue": value]
        case .array(let elements): ["arrayValue": ["values": .array(elements.map(otlp))]]
        default: ["stringValue": value]
        }
    }

    @Test(
        arguments: [
            ("chat", "LLM"), ("text_completion", "LLM"), ("generate_content", "LLM"),
            ("embeddings", "EMBEDDING"), ("execute_tool", "TOOL"), ("retrieval", "RETRIEVER"),
            ("invoke_agent", "AGENT"), ("create_agent", "AGENT"), ("made_up", nil), ("", nil),
        ] as [(String, JSONValue?)])
    func `the operation gives the kind`(operation: String, kind: JSONValue?) throws {
        let attributes = try converted(["gen_ai.operation.name": .string(operation)])
        #expect(attributes["openinference.span.kind"] == kind)
    }

    @Test(
        arguments: [
            ("gen_ai.tool.name", "TOOL"), ("gen_ai.tool.call.id", "TOOL"),
            ("gen_ai.retrieval.documents", "RETRIEVER"),
            ("gen_ai.retrieval.query.text", "RETRIEVER"),
            ("gen_ai.embeddings.dimension.count", "EMBEDDING"), ("gen_ai.input.messages", "LLM"),
            ("gen_ai.output.messages", "LLM"), ("gen_ai.request.model", "LLM"), ("gen_ai.foo", nil),
        ] as [(String, JSONValue?)])
    func `without an operation other attributes give the kind`(key: String, kind: JSONValue?) throws
    {
        #expect(try converted([key: "x"])["openinference.span.kind"] == kind)
    }

    @Test(
        arguments: [
            ("openai", "openai", "openai"), ("anthropic", "anthropic", "anthropic"),
            ("cohere", "cohere", "cohere"), ("mistral_ai", "mistralai", "mistralai"),
            ("deepseek", "deepseek", nil), ("groq", "groq", nil), ("perplexity", "perplexity", nil),
            ("x_ai", "xai", nil), ("azure.ai.openai", "azure", "openai"),
            ("azure.ai.inference", "azure", nil), ("aws.bedrock", "aws", nil),
            ("gcp.vertex_ai", "google", "vertexai"), ("gcp.gen_ai", "google", nil),
            ("gcp.gemini", "google", nil), ("custom", nil, "custom"),
        ] as [(JSONValue, JSONValue?, JSONValue?)])
    func `the provider gives provider and system`(
        name: JSONValue, provider: JSONValue?, system: JSONValue?
    ) throws {
        for key in ["gen_ai.provider.name", "gen_ai.system"] {
            let attributes = try converted([key: name])
            #expect(attributes["llm.provider"] == provider)
            #expect(attributes["llm.system"] == system)
        }
    }

    @Test func `only the older name of the provider disregards case`() throws {
        #expect(try converted(["gen_ai.system": "OpenAI"])["llm.system"] == "openai")
        #expect(try converted(["gen_ai.provider.name": "OpenAI"])["llm.system"] == "OpenAI")
        #expect(try converted(["gen_ai.provider.name": "OpenAI"])["llm.provider"] == nil)
    }

    private static let rows: [(JSONObject, JSONObject)] = [
        (["gen_ai.conversation.id": 7], ["session.id": "7"]),
        (["gen_ai.conversation.id": "c", "session.id": "s"], ["session.id": "s"]),
        (
            ["gen_ai.request.model": "m"],
            ["llm.model_name": "m", "openinference.span.kind": "LLM"]
        ),
        (
            ["gen_ai.operation.name": "embeddings", "gen_ai.request.model": "m"],
            ["embedding.model_name": "m", "openinference.span.kind": "EMBEDDING"]
        ),
        (
            ["gen_ai.request.temperature": 0.5, "gen_ai.request.choice.count": 2],
            ["llm.invocation_parameters": #"{"temperature": 0.5, "n": 2}"#]
        ),
        (
            ["gen_ai.request.encoding_formats": ["float"], "gen_ai.request.stop_sequences": []],
            ["llm.invocation_parameters": #"{"encoding_format": "float"}"#]
        ),
        (
            ["gen_ai.output.type": "json"],
            ["llm.invocation_parameters": #"{"response_format": {"type": "json_object"}}"#]
        ),
        (
            ["gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": "4"],
            [
                "llm.token_count.prompt": 3, "llm.token_count.completion": 4,
                "llm.token_count.total": 7,
            ]
        ),
        (["gen_ai.usage.input_tokens": 3.0], ["llm.token_count.prompt": 3]),
        (["gen_ai.usage.input_tokens": 3.5, "gen_ai.usage.output_tokens": true], [:]),
        (
            [
                "gen_ai.usage.cache_read.input_tokens": 1,
                "gen_ai.usage.cache_creation.input_tokens": 2,
            ],
            [
                "llm.token_count.prompt_details.cache_read": 1,
                "llm.token_count.prompt_details.cache_write": 2,
            ]
        ),
        (["gen_ai.response.finish_reasons": ["stop"]], ["llm.finish_reason": "stop"]),
        (["gen_ai.response.finish_reasons": ["a", "b"]], ["llm.finish_reason": ["a", "b"]]),
        (["gen_ai.response.finish_reasons": []], [:]),
        (
            ["gen_ai.response.id": "r", "gen_ai.response.model": "m"],
            ["output.value": #"{"id": "r", "model": "m"}"#, "output.mime_type": "application/json"]
        ),
        (
            ["gen_ai.response.id": "r", "output.value": "kept"],
            ["output.value": "kept", "output.mime_type": "application/json"]
        ),
        (
            ["gen_ai.tool.definitions": #"[{"name":"f","parameters":{}},{"name":"g","type":"t"}]"#],
            [
                "llm.tools.0.tool.json_schema":
                    #"{"type": "function", "function": {"name": "f", "parameters": {}}}"#,
                "llm.tools.1.tool.json_schema": #"{"type": "t", "function": {"name": "g"}}"#,
            ]
        ),
        (["gen_ai.tool.definitions": #"[{"name":"f"},{"type":"t"}]"#], [:]),
        (
            [
                "gen_ai.tool.name": "f", "gen_ai.tool.call.id": "c",
                "gen_ai.tool.call.arguments": #"{"x":1}"#, "gen_ai.tool.call.result": "plain",
            ],
            [
                "tool.name": "f", "tool.id": "c", "tool.parameters.x": 1, "output.value": "plain",
                "openinference.span.kind": "TOOL",
            ]
        ),
        (
            [
                "gen_ai.retrieval.query.text": "q",
                "gen_ai.retrieval.documents":
                    #"[{"id":"d","score":1,"content":{"k":"v"},"metadata":{"p":1}}]"#,
            ],
            [
                "input.value": "q", "input.mime_type": "text/plain",
                "retrieval.documents.0.document.id": "d",
                "retrieval.documents.0.document.score": 1.0,
                "retrieval.documents.0.document.content": #"{"k": "v"}"#,
                "retrieval.documents.0.document.metadata.p": 1,
                "openinference.span.kind": "RETRIEVER",
            ]
        ),
    ]

    @Test(arguments: rows)
    func `attributes are converted`(attributes: JSONObject, expected: JSONObject) throws {
        #expect(try converted(attributes) == expected)
    }

    @Test(
        arguments: [
            (#"[{"role":"user","parts":[{"type":"text","content":"t"}]}]"#, ["content": "t"]),
            (
                #"[{"role":"user","parts":[{"type":"text","content":"a"},{"type":"reasoning","content":"b"}]}]"#,
                [
                    "contents.0.message_content.type": "text",
                    "contents.0.message_content.text": "a",
                    "contents.1.message_content.type": "reasoning",
                    "contents.1.message_content.text": "b",
                ]
            ),
            (
                #"[{"role":"user","parts":[{"type":"uri","modality":"image","uri":"u"}]}]"#,
                [
                    "contents.0.message_content.type": "image",
                    "contents.0.message_content.image.image.url": "u",
                ]
            ),
            (
                #"[{"role":"user","parts":[{"type":"tool_call","id":"i","name":"f","arguments":{"é":1}}]}]"#,
                [
                    "tool_calls.0.tool_call.id": "i", "tool_calls.0.tool_call.function.name": "f",
                    "tool_calls.0.tool_call.function.arguments": #"{"\u00e9": 1}"#,
                ]
            ),
            (
                #"[{"role":"user","parts":[{"type":"tool_call_response","id":"i","response":"r"}]}]"#,
                ["tool_call_id": "i", "content": "r"]
            ),
            (
                #"[{"role":"user","parts":[{"type":"tool_call_response","id":"i","result":"r"}]}]"#,
                [:]
            ),
            (#"[{"role":"user","parts":[{"type":"unheard_of"}]}]"#, [:]),
        ] as [(String, JSONObject)])
    func `messages are converted part by part`(messages: String, expected: JSONObject) throws {
        let prefix = "llm.input_messages.0.message."
        var attributes = try converted(["gen_ai.input.messages": .string(messages)])
        #expect(attributes["\(prefix)role"] == "user")
        attributes["\(prefix)role"] = nil
        attributes["openinference.span.kind"] = nil
        #expect(attributes == JSONObject(expected.map { ("\(prefix)\($0.key)", $0.value) }))
    }

    @Test(arguments: [
        "[", "5", #"[{"role":"user"}]"#, #"[{"parts":[]}]"#, #"[{"role":"user","parts":[1]}]"#,
        #"[{"role":"user","parts":[]},{}]"#, #"[{"role":"user","content":"x"}]"#,
    ])
    func `one malformed message spoils them all`(messages: String) throws {
        let attributes = try converted(["gen_ai.input.messages": .string(messages)])
        #expect(attributes == ["openinference.span.kind": "LLM"])
    }

    @Test func `system instructions come first and an output needs a finish reason`() throws {
        let text = #"[{"type":"text","content":"be kind"}]"#
        let message = #"[{"role":"r","parts":[],"finish_reason":"stop"}]"#
        let attributes = try converted([
            "gen_ai.system_instructions": .string(text),
            "gen_ai.input.messages": .string(message), "gen_ai.output.messages": .string(message),
        ])
        #expect(attributes["llm.input_messages.0.message.role"] == "system")
        #expect(attributes["llm.input_messages.0.message.content"] == "be kind")
        #expect(attributes["llm.input_messages.1.message.role"] == "r")
        #expect(attributes["llm.output_messages.0.message.finish_reason"] == "stop")
        let unfinished = #"[{"role":"r","parts":[]}]"#
        let other = try converted(["gen_ai.output.messages": .string(unfinished)])
        #expect(other == ["openinference.span.kind": "LLM"])
    }

    @Test func `messages of the span keep converted ones out`() throws {
        let attributes = try converted([
            "gen_ai.input.messages": #"[{"role":"u","parts":[]},{"role":"v","parts":[]}]"#,
            "llm.input_messages.0.message.role": "own", "openinference.span.kind": "CHAIN",
        ])
        #expect(
            attributes == [
                "llm.input_messages.0.message.role": "own", "openinference.span.kind": "CHAIN",
            ])
    }
}
