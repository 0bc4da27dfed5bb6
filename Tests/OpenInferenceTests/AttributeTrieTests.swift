import JSON
import OpenInference
import Testing

/// The rows of the data model's section 2.1.
@Suite struct AttributeTrieTests {
    private static let rows: [(JSONObject, JSONValue)] = [
        ([:], [:]),
        (["a.b": 1], ["a": ["b": 1]]),
        (["a": 1, "a.b": 2], ["a": 1, "a.b": 2]),
        (["a.b": 2, "a": 1], ["a": 1, "a.b": 2]),
        (["x.y.z": 1, "x.y": 2, "x": 3], ["x": 3, "x.y": 2, "x.y.z": 1]),
        (["a.0.x": 1, "a.1.x": 2], ["a": [["x": 1], ["x": 2]]]),
        (["a.5.x": 2, "a.1.x": 1], ["a": [["x": 1], ["x": 2]]]),
        (["a.10.x": 2, "a.9.x": 1], ["a": [["x": 1], ["x": 2]]]),
        (["t.99999999999999999999.a": 2, "t.3.a": 1], ["t": [["a": 1], ["a": 2]]]),
        (["p.00.q": 1, "p.0.r": 2], ["p": [["q": 1, "r": 2]]]),
        (["a.0": 1, "a.1": 2], ["a": ["0": 1, "1": 2]]),
        (["a.0.x": 1, "a.b": 2], ["a": [["x": 1]], "a.b": 2]),
        (["r.a.0.x": 1, "r.a.b": 2], ["r": ["a": [["x": 1]], "a.b": 2]]),
        (["0.x": 1], ["0": ["x": 1]]),
        (["a.0.1.x": 1], ["a": [["1": ["x": 1]]]]),
        (["a.0": 1, "a.0.x": 2], ["a": ["0": 1, "0.x": 2]]),
        (["t.0.a": 1, "t.0": "s", "t.1.a": 2], ["t": [["a": 2]], "t.0": "s", "t.0.a": 1]),
        (["a": 0, "a.0.x": 1], ["a": 0, "a.0": ["x": 1]]),
        (["a.": 1], ["a": 1]),
        (["a..b": 1], ["a": ["b": 1]]),
        ([".a": 1], ["a": 1]),
        (["a . b": 1], ["a": ["b": 1]]),
        ([" sp ace . key ": 1], ["sp ace": ["key": 1]]),
        (["": 1], ["": 1]),
        (["..": 1], ["": 1]),
        (["a": ["b": 1], "a.c": 2], ["a": ["b": 1], "a.c": 2]),
        (["a": ["b.c": 1]], ["a": ["b.c": 1]]),
        (["a.0": [1, 2]], ["a": ["0": [1, 2]]]),
        (["a.-1.k": 1], ["a": ["-1": ["k": 1]]]),
        (["\u{661}.a": 1, "1.2.b": 2], ["1": [["b": 2]], "1.a": 1]),
        (["a.².b": 1], ["a": ["²": ["b": 1]]]),
        (["a": nil, "b": [nil]], ["b": [nil]]),
    ]

    @Test(arguments: rows)
    func `dotted keys are nested`(flat: JSONObject, nested: JSONValue) throws {
        #expect(try JSON.parse(unflattened(flat)) == nested)
    }

    @Test(arguments: rows)
    func `the order of the keys does not matter`(flat: JSONObject, nested: JSONValue) throws {
        let reversed = JSONObject(flat.reversed().map { ($0.key, $0.value) })
        #expect(try JSON.parse(unflattened(reversed)) == nested)
    }

    @Test(
        arguments: [
            ([:], [:]),
            (["a": ["b": ["c": 1]]], ["a.b.c": 1]),
            (["a": [["x": 1], ["x": 2]]], ["a.0.x": 1, "a.1.x": 2]),
            (["a": [1, "s"]], ["a": [1, "s"]]),
            (["a": []], ["a": []]),
            (["a": [1, ["x": 2]]], ["a.0": 1, "a.1.x": 2]),
            (["a": [["b": [1, 2]]]], ["a.0.b": [1, 2]]),
            (["a": nil, "b": [:], "c": ["d": nil]], [:]),
            (["a": 1, "a.b": 2], ["a": 1, "a.b": 2]),
        ] as [(JSONObject, JSONObject)])
    func `nested attributes are flattened, lists only where they hold objects`(
        nested: JSONObject, flat: JSONObject
    ) {
        #expect(AttributeFlattening.flatten(nested) == flat)
    }

    @Test func `flattening undoes nesting`() throws {
        let flat: JSONObject = [
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.tool_calls.0.tool_call.id": "c",
            "llm.input_messages.1.message.role": "assistant", "llm.model_name": "m",
            "tag.tags": ["a", "b"], "a": 1, "a.b": 2,
        ]
        let nested = try #require(try JSON.parse(unflattened(flat)).objectValue)
        #expect(AttributeFlattening.flatten(nested) == flat)
    }

    @Test func `a key with very many segments nests to a bounded depth`() throws {
        let key = Array(repeating: "a", count: 100_000).joined(separator: ".")
        let bytes = unflattened(JSONObject([(key, 1)]))
        #expect(try JSON.parse(bytes).objectValue?.count == 1)
        #expect(bytes.count < 300_000)
    }

    @Test func `very many list items are nested in linear time`() throws {
        var wide = JSONObject()
        for index in 0..<200_000 { wide["list.\(index).x"] = 1 }
        let start = ContinuousClock.now
        let bytes = unflattened(wide)
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(try JSON.parse(bytes)["list"]?.arrayValue?.count == 200_000)
    }
}
