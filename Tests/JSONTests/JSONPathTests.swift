import JSON
import Testing

struct JSONPathTests {
    private func text(_ path: [JSONPathStep], in json: String) -> String? {
        let bytes = Array(json.utf8)
        return bytes.withUnsafeBytes { raw in
            JSON.range(of: path, in: raw).map { String(decoding: raw[$0], as: UTF8.self) }
        }
    }

    static let found: [(String, [JSONPathStep], String)] = [
        (#"{"a":{"b":1}}"#, [.key("a"), .key("b")], "1"),
        (#"{"a":{"b":1}}"#, [], #"{"a":{"b":1}}"#),
        (#"{"x":"}\"{","a":[1,[2],{"c":null}]}"#, [.key("a"), .index(2), .key("c")], "null"),
        (#"[[],{},"",-1.5e3,true]"#, [.index(3)], "-1.5e3"),
        (#"[[],{},"",-1.5e3,true]"#, [.index(2)], "\"\""),
        (#"{"a\"b":"long enough to be read by words","q":"tail"}"#, [.key("q")], "\"tail\""),
        (#"{"a\"b":7}"#, [.key("a\"b")], "7"),
        (#"{"\u00e9":7}"#, [.key("é")], "7"),
        (" { \"a\" : [ 1 , 2 ] } ", [.key("a"), .index(1)], "2"),
        (#"{"a.b":1,"a":{"b":2}}"#, [.key("a.b")], "1"),
    ]

    @Test(arguments: found)
    func `a path leads to its value`(json: String, path: [JSONPathStep], value: String) {
        #expect(text(path, in: json) == value)
    }

    static let missing: [(String, [JSONPathStep])] = [
        (#"{"a":1}"#, [.key("b")]), (#"{"a":1}"#, [.key("a"), .key("b")]),
        (#"{"a":[]}"#, [.key("a"), .index(0)]), (#"[1]"#, [.index(1)]), (#"[1]"#, [.index(-1)]),
        (#"{"0":1}"#, [.index(0)]), (#"[1]"#, [.key("0")]), ("", [.key("a")]), ("", []),
    ]

    @Test(arguments: missing)
    func `a path that leads nowhere finds nothing`(json: String, path: [JSONPathStep]) {
        #expect(text(path, in: json) == nil)
    }

    @Test func `cut and damaged texts stay within their bounds`() {
        let whole = #"{"a":"\\\"x","b":[1,{"c":"yyyyyyyyyyyyyyyy\\"}],"d":{"e":[true,null,-1]}}"#
        let bytes = Array(whole.utf8)
        for length in 0...bytes.count {
            bytes[..<length].withUnsafeBytes { raw in
                for path: [JSONPathStep] in [
                    [.key("d"), .key("e"), .index(2)], [.key("b"), .index(1), .key("c")], [],
                ] {
                    if let range = JSON.range(of: path, in: raw) {
                        #expect(range.upperBound <= length)
                    }
                }
            }
        }
    }
}
