import BinaryText
import Foundation
import JSON
import OTLP
import OpenInference
import Testing

/// What arize-phoenix made of requests that released instrumentation libraries sent, against what
/// the mapper makes of them. The fixtures' own README describes the files.
@Suite struct RecordedTracesTests {
    @Test func `every recorded span is mapped as the contract has it`() throws {
        var mapper = SpanMapper()
        var compared = 0
        var differences: [String] = []
        for (file, lines) in try Fixtures.expectedSpans() {
            let request = try TraceExportRequest(protobuf: Fixtures.bytes(file))
            let traces = mapper.map(request)
            #expect(request.spanCount == lines.count, "\(file)")
            var spans = traces.spans.makeIterator()
            let refused = Dictionary(
                uniqueKeysWithValues: traces.refusals.map { ($0.index, $0.reason.rawValue) })
            for (index, line) in lines.enumerated() {
                if let reason = refused[index] {
                    #expect(line["reason"]?.stringValue == reason, "\(file) \(index)")
                    continue
                }
                let next = spans.next()
                let span = try #require(next, "\(file) \(index)")
                let found = try ExpectedSpan(line).differences(from: span)
                differences += found.map { "\(file) span \(index): \($0)" }
                compared += 1
            }
        }
        #expect(compared == 2_450)
        #expect(differences.isEmpty, "\(differences.prefix(20).joined(separator: "\n"))")
    }

    /// Invalid UTF-8 is the one fault that we put up with and Arize Phoenix does not.
    @Test(arguments: [
        ("empty.bin", true), ("truncated.bin", false), ("random.bin", false),
        ("too-deep.bin", false), ("json-body.bin", false), ("invalid-utf8-name.bin", true),
    ])
    func `recorded bodies that are no request are refused`(file: String, isValid: Bool) throws {
        let bytes = try Fixtures.bytes("invalid/\(file)")
        if isValid {
            _ = try TraceExportRequest(protobuf: bytes)
        } else {
            #expect(throws: OTLPError.self) { try TraceExportRequest(protobuf: bytes) }
        }
    }

    @Test func `OTLP in JSON gives the same spans as in protobuf`() throws {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: Fixtures.folder.appending(path: "json").path)
        #expect(names.count >= 10)
        for name in names {
            let twin = name.replacing(".otlp.json", with: ".otlp.pb")
            var mapper = SpanMapper()
            let fromJSON = mapper.map(try TraceExportRequest(json: Fixtures.bytes("json/\(name)")))
            let fromProtobuf = mapper.map(try TraceExportRequest(protobuf: Fixtures.bytes(twin)))
            #expect(fromJSON.spans == fromProtobuf.spans, "\(name)")
            #expect(fromJSON.origins == fromProtobuf.origins, "\(name)")
            #expect(fromJSON.refusals == fromProtobuf.refusals, "\(name)")
        }
    }
}

enum Fixtures {
    static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/traces")

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    /// The lines of `expected.jsonl` by file, in the order of the spans.
    static func expectedSpans() throws -> [(file: String, lines: [JSONValue])] {
        var files: [(file: String, lines: [JSONValue])] = []
        let lines = try bytes("expected.jsonl").split(separator: UInt8(ascii: "\n"))
        for line in lines {
            let value = try JSON.parse(Array(line))
            let file = try #require(value["file"]?.stringValue)
            if files.last?.file != file { files.append((file, [])) }
            files[files.count - 1].lines.append(value)
        }
        return files
    }
}

/// One line of `expected.jsonl`, with the differences that README.md of this folder lists taken out.
struct ExpectedSpan {
    private let line: JSONValue

    init(_ line: JSONValue) { self.line = line }

    func differences(from span: MappedSpan) throws -> [String] {
        var differences: [String] = []
        func compare(_ field: String, _ actual: JSONValue) {
            guard let expected = line[field] else { return }
            if let difference = Self.difference(Self.kept(expected), actual) {
                differences.append("\(field)\(difference)")
            }
        }
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func time(_ value: Int64) -> JSONValue {
            .string(String(decoding: UnixTime.iso8601(microseconds: value), as: UTF8.self))
        }
        compare("project", text(span.projectName))
        compare("trace_id", text(Hexadecimal.encode(span.traceID)))
        compare("span_id", text(Hexadecimal.encode(span.spanID)))
        compare("parent_id", text(span.parentSpanID.map { Hexadecimal.encode($0) }))
        compare("name", text(span.name))
        compare("span_kind", text(span.kind.rawValue))
        compare("status_code", text(span.statusCode.rawValue))
        compare("status_message", text(span.statusMessage))
        compare("start_time", time(span.startTimeUs))
        compare("end_time", time(span.endTimeUs))
        let extras = try JSON.parse(span.extras)
        for name in ["start_time_unix_nano", "end_time_unix_nano"] {
            compare(name, extras[name] ?? .null)
        }
        compare("events_count", .integer(Int64(span.eventCount)))
        compare("events", try JSON.parse(span.events))
        compare("attributes", try JSON.parse(span.attributes))
        if line["stored"] == true {
            compare(
                "llm_token_count_prompt", span.promptTokens.map { .integer($0) } ?? .null)
            compare(
                "llm_token_count_completion", span.completionTokens.map { .integer($0) } ?? .null)
        }
        _ = try JSON.parse(span.extras)
        return differences
    }

    /// How the value is kept where the reference could not store it.
    private static func kept(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            if members.count == 1, let bytes = members["__bytes__"] { return bytes }
            if members.count == 1, members["__float__"] != nil { return .null }
            return .object(JSONObject(members.map { ($0.key, kept($0.value)) }))
        case .array(let elements): return .array(elements.map(kept))
        default: return value
        }
    }

    /// The path of the first difference and what it is; `nil` when the values are equal.
    private static func difference(_ expected: JSONValue, _ actual: JSONValue?) -> String? {
        guard let actual else { return " is missing" }
        switch (expected, actual) {
        case (.object(let left), .object(let right)):
            for (key, value) in left {
                if let difference = difference(value, right[key]) { return ".\(key)\(difference)" }
            }
            let surplus = right.keys.first { left[$0] == nil }
            return surplus.map { ".\($0) is too much: \(right[$0]?.text ?? "")" }
        case (.array(let left), .array(let right)) where left.count == right.count:
            for (index, pair) in zip(left, right).enumerated() {
                if let difference = difference(pair.0, pair.1) { return "[\(index)]\(difference)" }
            }
            return nil
        case (.integer(let left), .double(let right)) where Double(left) == right: return nil
        case (.double(let left), .integer(let right)) where left == Double(right): return nil
        default:
            if expected == actual { return nil }
            return " is \(actual.text.prefix(300)) instead of \(expected.text.prefix(300))"
        }
    }
}
