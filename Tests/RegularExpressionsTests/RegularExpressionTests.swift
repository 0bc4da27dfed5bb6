import JSON
import Testing

@testable import RegularExpressions

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct RegularExpressionTests {
    private static func recorded() throws -> [JSONValue] {
        let path =
            #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/") + "/Recorded/python-re.jsonl"
        let file = try #require(fopen(path, "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map { try JSON.parse(Array($0)) }
    }

    @Test func `patterns match what Python matches and fail with its words`() throws {
        let lines = try Self.recorded()
        #expect(lines.count > 1000)
        for line in lines {
            let pattern = try #require(line["pattern"]?.stringValue)
            do throws(RegularExpressionError) {
                let expression = try RegularExpression(pattern)
                guard line["error"] == nil else {
                    Issue.record("\(pattern) should be an error: \(line["error"]!)")
                    continue
                }
                for text in line["found"]?.arrayValue ?? [] {
                    #expect(expression.isFound(in: text.stringValue!), "\(pattern) in \(text)")
                }
                for text in line["missing"]?.arrayValue ?? [] {
                    #expect(!expression.isFound(in: text.stringValue!), "\(pattern) in \(text)")
                }
            } catch {
                #expect(error.description == line["error"]?.stringValue, "\(pattern)")
            }
        }
    }

    @Test func `a pattern that would be huge is refused`() {
        for pattern in [
            "x{99999999999}", "x{30000}", "(x{500}){500}", "((x{100}){100}){100}",
            String(repeating: "[a]", count: 30_000),
        ] {
            #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
        }
    }

    @Test func `a pattern with many groups may not refer back to one`() throws {
        let groups = String(repeating: "(a?)", count: 300)
        #expect(throws: RegularExpressionError.self) { try RegularExpression(groups + #"\1"#) }
        #expect(try RegularExpression(groups + "b").isFound(in: "ab"))
    }

    @Test func `deep nesting is refused`() {
        let pattern = String(repeating: "(", count: 5000) + String(repeating: ")", count: 5000)
        #expect(throws: RegularExpressionError.self) { try RegularExpression(pattern) }
    }

    @Test(arguments: [
        "(a+)+$", "(a|aa)+$", "(a*)*b", "(.*)*x", "(?=(a+)+$)b", #"(a+)+\1$x"#, #"((a|aa)+)\1x"#,
        "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y", "(?>(a+)+)b",
        String(repeating: "(?=a)", count: 4000) + "x",
    ])
    func `a catastrophic pattern ends within its bound`(pattern: String) throws {
        let expression = try RegularExpression(pattern)
        let text = String(repeating: "a", count: 400) + "!"
        #expect(!expression.isFound(in: text))
        var matcher = PatternMatcher(expression.program, Array(text.unicodeScalars))
        _ = matcher.search()
        #expect(matcher.steps <= RegularExpression.stepsMax + 1)
    }

    @Test func `a very long text is not searched`() throws {
        let text = String(repeating: "a", count: RegularExpression.textLengthMax + 1)
        #expect(try !RegularExpression("a").isFound(in: text))
    }
}
