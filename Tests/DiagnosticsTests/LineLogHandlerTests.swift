import Diagnostics
import Locking
import Logging
import Testing

@Suite struct LineLogHandlerTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func take(_ line: [UInt8]) {
            lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
        }
    }

    private func logger(_ format: LineLogHandler.Format, _ lines: Lines) -> Logger {
        Logger(label: "http") { label in
            LineLogHandler(label: label, level: .info, format: format) { lines.take($0) }
        }
    }

    @Test func `a text line carries its metadata sorted and quoted where needed`() throws {
        let lines = Lines()
        logger(.text, lines).info("Answered.", metadata: ["status": "200", "path": "/a b"])
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("Z info http: Answered. path=\"/a b\" status=200\n"))
        #expect(line.dropFirst(10).first == "T")
    }

    @Test func `a structured line is one JSON object`() throws {
        let lines = Lines()
        logger(.structured, lines).error("Broke.", metadata: ["why": "a \"quote\"\nand a line"])
        let line = try #require(lines.all.first)
        #expect(line.hasPrefix(#"{"time":""#))
        #expect(line.contains(#""level":"error","logger":"http","message":"Broke.""#))
        #expect(line.hasSuffix(#""why":"a \"quote\"\nand a line"}"# + "\n"))
    }

    @Test func `levels below the handler's are not written`() {
        let lines = Lines()
        logger(.text, lines).debug("Quiet.")
        #expect(lines.all.isEmpty)
    }
}
