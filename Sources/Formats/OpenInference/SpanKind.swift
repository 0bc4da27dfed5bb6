/// What a span does, as OpenInference names it. The raw value is the stored word.
package enum SpanKind: String, Sendable, CaseIterable {
    case tool = "TOOL"
    case chain = "CHAIN"
    case llm = "LLM"
    case prompt = "PROMPT"
    case retriever = "RETRIEVER"
    case embedding = "EMBEDDING"
    case agent = "AGENT"
    case reranker = "RERANKER"
    case evaluator = "EVALUATOR"
    case guardrail = "GUARDRAIL"
    case decision = "DECISION"
    case unknown = "UNKNOWN"

    /// The kind with this name in any case; ``unknown`` for every other text, blanks around included.
    package init(name: String) {
        self = SpanKind(rawValue: name.uppercased()) ?? .unknown
    }

    init(utf8 name: UnsafeRawBufferPointer) {
        // The longest name has nine letters, so longer text needs no string.
        guard name.count <= 9, name.allSatisfy({ $0 < 0x80 }) else {
            self = .unknown
            return
        }
        self.init(name: String(decoding: name, as: UTF8.self))
    }
}
