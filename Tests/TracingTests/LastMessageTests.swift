import JSON
import Testing

@testable import Tracing

struct LastMessageTests {
    @Test(arguments: [
        (
            #"{"messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}],"model":"gpt-4o"}"#,
            "hi"
        ),
        (
            #"{"id":"x","choices":[{"index":0,"message":{"role":"assistant","content":"hello"}}],"usage":{"total_tokens":3}}"#,
            "hello"
        ),
        (
            #"{"choices":[{"message":{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"weather","arguments":"{\"city\": \"Paris\"}"}}]}}]}"#,
            #"weather(city: "Paris")"#
        ),
        (#"{"choices":[{"text":"done","index":0}]}"#, "done"),
        (
            #"{"messages":[{"role":"user","content":[{"type":"text","text":"what is it"},{"type":"image_url","image_url":{"url":"data:"}}]}]}"#,
            "what is it [image]"
        ),
        (#"{"input":"tell me","model":"m","instructions":"short"}"#, "tell me"),
        (
            #"{"id":"r","object":"response","output":[{"id":"m","type":"message","role":"assistant","content":[{"type":"output_text","text":"told"}]}]}"#,
            "told"
        ),
        (
            #"[{"role":"user","content":"q"},{"call_id":"c","output":"42","type":"function_call_output"}]"#,
            "42"
        ),
        (
            #"{"model":"claude","max_tokens":5,"system":"s","messages":[{"role":"user","content":[{"type":"text","text":"hey"}]}]}"#,
            "hey"
        ),
        (
            #"{"role":"assistant","content":[{"type":"text","text":"Let me see."},{"type":"tool_use","id":"t","name":"find","input":{"q":"x"}}]}"#,
            #"Let me see. find(q: "x")"#
        ),
        (
            #"{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"found"}]}]}]}"#,
            "found"
        ),
        (#"[{"role":"user","content":[{"text":"weather?"}]}]"#, "weather?"),
        (
            #"{"role":"assistant","content":[{"toolUse":{"toolUseId":"1","name":"w","input":{"city":"Rome"}}}]}"#,
            #"w(city: "Rome")"#
        ),
        (#"{"contents":[{"parts":[{"text":"one"},{"text":"two"}],"role":"user"}]}"#, "one two"),
        (
            #"{"candidates":[{"content":{"parts":[{"text":"three"}],"role":"model"},"finish_reason":"STOP"}]}"#,
            "three"
        ),
        (
            #"{"messages":[[{"lc":1,"type":"constructor","id":["langchain","HumanMessage"],"kwargs":{"content":"ask","type":"human"}}]]}"#,
            "ask"
        ),
        (
            #"{"generations":[[{"text":"reply","type":"ChatGeneration","message":{"lc":1,"id":["a"],"kwargs":{"content":"reply"}}}]],"llm_output":null}"#,
            "reply"
        ),
        (
            #"{"generations":[[{"text":"","message":{"lc":1,"type":"c","id":["a"],"kwargs":{"content":"","tool_calls":[{"name":"add","args":{"a":1},"id":"1","type":"tool_call"}]}}}]]}"#,
            "add(a: 1)"
        ),
        (#"{"messages":[{"type":"human","data":{"content":"go","type":"human"}}]}"#, "go"),
        (
            #"{"query_bundle":{"query_str":"who","image_path":null,"custom_embedding_strs":null,"embedding":null}}"#,
            "who"
        ),
        (
            #"{"role":"assistant","additional_kwargs":{},"blocks":[{"block_type":"text","text":"me"}]}"#,
            "me"
        ),
        (
            #"{"role":"assistant","content":[{"type":"tool-call","toolCallId":"1","toolName":"ship","input":{"now":true}}]}"#,
            "ship(now: true)"
        ),
        (#"{"id":"1","role":"user","parts":[{"type":"text","text":"parts"}]}"#, "parts"),
        (#"{"messages":[{"message.role":"tool","message.content":"flat"}]}"#, "flat"),
        (#"{"prompt":"Say it","prompt_args":{"context":"c"}}"#, "Say it"),
        (#"{"question":"why?"}"#, "why?"), (#"["only"]"#, "only"), (#""  text  ""#, "text"),
    ])
    func `the last message is read out of every known shape`(json: String, text: String) throws {
        #expect(LastMessage.text(of: try JSON.parse(json)) == text)
    }

    @Test(arguments: [
        #"{"documents":[{"page_content":"doc text","metadata":{"id":"1"},"type":"Document"}]}"#,
        #"{"city":"Paris","unit":"c"}"#, #"{"explanation":"because","label":"good"}"#, "[1,2]",
        "{}", "[]", "null", "7", #""   ""#,
    ])
    func `other values have no last message`(json: String) throws {
        #expect(LastMessage.text(of: try JSON.parse(json)) == nil)
    }

    @Test func `depth without end ends`() throws {
        let json =
            String(repeating: #"{"output":"#, count: 500) + "1"
            + String(repeating: "}", count: 500)
        #expect(LastMessage.text(of: try JSON.parse(json)) == nil)
    }

    private func shown(_ value: String, mimeType: String, length: Int = 10) throws -> String {
        let attributes: JSONValue = [
            "input": ["value": .string(value), "mime_type": .string(mimeType)]
        ]
        let content = SpanContent(
            SpanPayload(attributes: attributes.serialized(), events: [], extras: []))
        return try #require(try SpanIOValue(.input, of: content)).lastMessage(length: length)
    }

    @Test func `a value without messages is shown as it is, and every text is cut`() throws {
        let json = "application/json"
        #expect(try shown("{broken", mimeType: json) == "{broken")
        #expect(try shown(#"{"a":1}"#, mimeType: json) == #"{"a":1}"#)
        #expect(try shown(#"{"q":"why"}"#, mimeType: "text/plain") == #"{"q":"why"…"#)
        #expect(try shown(#"{"q":"why"}"#, mimeType: json) == "why")
        #expect(try shown("0123456789", mimeType: "text/plain") == "0123456789")
        #expect(try shown("01234567890", mimeType: "text/plain") == "0123456789…")
        #expect(try shown("a", mimeType: "text/plain", length: 0) == "…")
    }
}
