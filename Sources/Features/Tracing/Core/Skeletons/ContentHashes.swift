import JSON

/// Numbers by which the contents of two spans are compared without reading them: equal contents have
/// equal numbers, whatever the order of their keys. 0 stands for no content.
struct ContentHashes: Sendable, Hashable {
    var input: UInt32 = 0
    /// What was answered: the output, and without one the messages or documents that came back.
    var output: UInt32 = 0
    /// What was asked, beside the input: messages, tools, parameters, prompt template and whatever
    /// else the attributes tell, without answers, counts and names of users and sessions.
    var call: UInt32 = 0

    init() {}

    init(attributes: JSONObject) {
        input = Self.hash(attributes["input"]?["value"])
        output = Self.hash(attributes["output"]?["value"])
        if output == 0 { output = Self.hash(.object(Self.answer(in: attributes))) }
        call = Self.hash(.object(Self.call(in: attributes)))
    }

    private static let notOfTheCall: Set = [
        "input", "output", "session", "user", "openinference", "metadata", "tag",
    ]
    private static let answers: [String: Set<String>] = [
        "llm": ["token_count", "cost", "output_messages", "finish_reason"],
        "retrieval": ["documents"], "reranker": ["output_documents"], "embedding": ["embeddings"],
    ]

    private static func call(in attributes: JSONObject) -> JSONObject {
        var call = JSONObject()
        for (key, value) in attributes where !notOfTheCall.contains(key) {
            guard let answers = answers[key], let object = value.objectValue else {
                call[key] = value
                continue
            }
            let rest = JSONObject(
                object.filter { !answers.contains($0.key) }.map { ($0.key, $0.value) })
            if !rest.isEmpty { call[key] = .object(rest) }
        }
        return call
    }

    private static func answer(in attributes: JSONObject) -> JSONObject {
        var answer = JSONObject()
        let parts = [
            "llm": "output_messages", "retrieval": "documents", "reranker": "output_documents",
        ]
        for (key, part) in parts {
            if let value = attributes[key]?[part] { answer[key] = value }
        }
        return answer
    }

    private static func hash(_ value: JSONValue?) -> UInt32 {
        switch value {
        case nil, .null?, "": return 0
        case .object(let object)? where object.isEmpty: return 0
        case let value?:
            var hash = FNV()
            hash.add(value)
            let folded = UInt32(truncatingIfNeeded: hash.state ^ (hash.state >> 32))
            return folded == 0 ? 1 : folded
        }
    }

    /// Fowler, Noll and Vo's hash, variant 1a, of 64 bits.
    private struct FNV {
        var state: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(byte: UInt8) {
            state = (state ^ UInt64(byte)) &* 0x100_0000_01b3
        }

        mutating func add(_ text: String) {
            for byte in text.utf8 { add(byte: byte) }
            add(byte: 0xFF)
        }

        mutating func add(_ value: JSONValue) {
            switch value {
            case .array(let values):
                add(byte: 1)
                for value in values { add(value) }
                add(byte: 2)
            case .object(let object):
                add(byte: 3)
                for (key, value) in object.sorted(by: { $0.key < $1.key }) {
                    add(key)
                    add(value)
                }
                add(byte: 4)
            case .string(let text):
                add(byte: 5)
                add(text)
            default:
                add(byte: 6)
                add(value.text)
            }
        }
    }
}
