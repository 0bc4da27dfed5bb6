import ArrowStream
import JSON
import Testing

struct ArrowTypeTests {
    private func type(_ json: String) throws -> ArrowType { ArrowType(of: try JSON.parse(json)) }

    private static let merges: [(String, String, ArrowType)] = [
        ("1", "2.5", .double), ("1", "null", .integer), ("true", "1", .text), ("\"a\"", "1", .text),
        ("[1]", "[null, 2]", .list(.integer)), ("[]", "[\"a\"]", .list(.text)),
        ("[1, \"a\"]", "[]", .list(.text)), ("[1]", "{}", .text), ("{}", "{}", .structure([])),
        ("99999999999999999999", "1", .text),
        (
            #"{"a": 1}"#, #"{"b": [true], "a": 0.5}"#,
            .structure([.init(name: "a", type: .double), .init(name: "b", type: .list(.bool))])
        ),
    ]

    @Test(arguments: merges)
    func `a type holds the values of both`(
        one: String, other: String, expected: ArrowType
    ) throws {
        #expect(try type(one).merged(with: try type(other)) == expected)
        if case .structure = expected { return }
        #expect(try type(other).merged(with: try type(one)) == expected)
    }

    @Test func `what is very deep or very wide is text`() throws {
        var innermost = try type(
            String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60))
        var depth = 0
        while case .list(let element) = innermost {
            innermost = element
            depth += 1
        }
        #expect(depth == 24)
        #expect(innermost == .text)
        let wide = (0..<300).map { "\"k\($0)\":1" }.joined(separator: ",")
        #expect(try type("{\(wide)}") == .text)
    }
}
