import JSON
import Testing

@testable import Costs

@Suite struct TokenUsageTests {
    private func usage(_ attributes: String) -> TokenUsage? {
        TokenUsage(attributes: Array(attributes.utf8))
    }

    @Test func `what is needed is found between everything else`() {
        let found = usage(
            #"""
            { "a": [1, {"llm": {"model_name": "no"}}, "]"], "llm": {
                "input_messages": [{"message": {"content": "\\\"}]{\"llm\""}}], "model_name" : "m\u00e9",
                "token_count": {"total": 9, "x": {"prompt": 1}, "prompt": 3, "prompt_details":
                    {"cache_read": 1, "n": null, "s": "5", "t": true}, "completion": -2.5e0},
                "provider": "p" }, "z": {"token_count": {"prompt": 77}} }
            """#)
        #expect(
            found
                == TokenUsage(
                    modelName: "mé", provider: "p", prompt: 3, completion: -2.5, total: 9,
                    promptDetails: [.init("cache_read", 1), .init("t", 1)]))
    }

    @Test(arguments: [
        "", "{", "[]", "null", #"{"llm"}"#, #"{"llm":"#, #"{"llm": {"model_name": "m"#, "{\"",
        #"{"llm": {"model_name": }}"#, #"{"llm": {"model_name": "m", "token_count": {"prompt": "#,
        #"{"llm": {"model_name": "m", "token_count": {"prompt_details": {"a": [}}}}"#, "}}}}",
        "{\"a\":}",
        #"{"llm": {"token_count": {"prompt": -}}}"#, "{\"llm\":{\"model_name\":\"\\",
    ])
    func `text that is not valid is read without harm`(text: String) {
        for end in 0...text.utf8.count { _ = TokenUsage(attributes: Array(text.utf8.prefix(end))) }
    }

    @Test func `no count is so large that sums of it become infinite`() throws {
        let usage = try #require(
            self.usage(
                #"""
                {"llm": {"model_name": "m", "token_count": {"prompt": 1e308, "total": 1e308,
                    "prompt_details": {"cache_read": 1e308}, "completion": 1e308}}}
                """#))
        let entries = try #require(usage.entries())
        #expect(!entries.isEmpty)
        for entry in entries { #expect(entry.tokens <= TokenUsage.tokensMax) }
    }

    @Test func `bytes in any order are read without harm`() {
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let parts = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"llm\"", "\"model_name\"", "\"m\"", "1",
            "-",
            "\"token_count\"", "\"prompt\"", "\"prompt_details\"", " ", "null", "true", "\u{0}",
        ]
        for _ in 0..<20_000 {
            let text = (0..<random(20)).map { _ in parts[random(parts.count)] }.joined()
            let end = random(text.utf8.count + 1)
            _ = TokenUsage(attributes: Array(text.utf8.prefix(end)))
        }
    }

    @Test func `types beyond the bounds count as the usual type`() throws {
        let long = String(repeating: "x", count: 129)
        let many = (0..<70).map { TokenUsage.Detail("kind \($0)", 1) }
        let usage = TokenUsage(
            modelName: "m", prompt: 100, promptDetails: [.init(long, 5)] + many)
        let entries = try #require(usage.entries())
        #expect(entries.count == 65)
        #expect(entries.last?.tokenType == "input")
        #expect(entries.last?.tokens == 36)
    }
}
