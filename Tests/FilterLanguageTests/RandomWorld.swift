import FilterLanguage
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// Random spans in traces and sessions, and what filters ought to see of them.
struct RandomWorld {
    private(set) var spans: [IncomingSpan] = []
    /// The rows of the three languages, by the ids that the lists answer with.
    private(set) var spanRows: [String: NaiveRow] = [:]
    private(set) var traceRows: [String: NaiveRow] = [:]
    private(set) var sessionRows: [String: NaiveRow] = [:]

    private var generator: SplitMix

    /// All starts are a multiple of this apart, in microseconds, so that there are ties.
    private static let tick: Int64 = 250_000
    private static let epoch: Int64 = 1_790_000_000_000_000

    init(seed: UInt64, traceCount: Int) {
        generator = SplitMix(state: seed)
        for trace in 1...traceCount { addTrace(trace) }
        // Writing them in another order must not matter, but the row ids follow it.
        spans.shuffle(using: &generator)
        describe()
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &generator)]
    }

    // MARK: Spans

    private mutating func addTrace(_ trace: Int) {
        let session = pick([nil, "s\(trace % 7)", "s\(trace % 3)", "night \(trace % 5)"])
        let count = pick([1, 1, 2, 3, 4, 6])
        for place in 0..<count {
            let span = trace * 10 + place
            // Sometimes an orphan, or a second root.
            let parents: [Int?] =
                place == 0
                ? [nil, nil, nil, 999_999] : [trace * 10, trace * 10, span - 1, span - 1, nil]
            let start = Self.epoch + Int64(Int.random(in: 0..<40, using: &generator)) * Self.tick
            let length = Int64(Int.random(in: -1..<6, using: &generator)) * 125_000
            let kind = pick(["LLM", "LLM", "TOOL", "CHAIN"])
            let isCall = kind == "LLM" && Bool.random(using: &generator)
            let tokens = (
                Int64(Int.random(in: 0..<20, using: &generator)),
                Int64(Int.random(in: 0..<9, using: &generator))
            )
            spans.append(
                .stub(
                    trace: trace, span: span, parent: pick(parents), session: session,
                    name: pick(["chat", "Chat 5", "run", "a'b"]), kind: kind,
                    status: pick(["OK", "UNSET", "ERROR"]), startTime: start,
                    endTime: start + length, promptTokens: isCall ? tokens.0 : nil,
                    completionTokens: isCall ? tokens.1 : nil,
                    attributes: attributes(isCall ? tokens : nil)))
        }
    }

    private mutating func attributes(_ tokens: (prompt: Int64, completion: Int64)?) -> String {
        let values = [
            "1", "2.5", "-3", "0", "true", "false", "null", "\"chat\"", "\"5\"", "\"True\"",
            "\"x y\"", "[1]", "{\"b\":2}", "\"1e2\"", "\"\"",
        ]
        var members: [String] = []
        for key in ["a", "b", "x.y"] where Bool.random(using: &generator) {
            members.append("\"\(key)\":\(pick(values))")
        }
        if Bool.random(using: &generator) {
            members.append("\"n\":{\"k\":\(pick(values)),\"l\":[\(pick(values)),\(pick(values))]}")
        }
        for key in ["input", "output"] where Bool.random(using: &generator) {
            let value = pick(["\"hello\"", "\"Hello 5\"", "\"\"", "5", "\"{\\\"a\\\":1}\""])
            members.append("\"\(key)\":{\"value\":\(value)}")
        }
        if Bool.random(using: &generator) {
            members.append("\"metadata\":{\"k\":\(pick(values))}")
        }
        if Bool.random(using: &generator) {
            members.append("\"user\":{\"id\":\(pick(["\"u1\"", "\"u2\"", "7"]))}")
        }
        if let tokens {
            members.append(
                """
                "llm":{"token_count":{"prompt":\(tokens.prompt),\
                "completion":\(tokens.completion)}}
                """)
        }
        members.shuffle(using: &generator)
        return "{" + members.joined(separator: ",") + "}"
    }

    // MARK: What filters see

    /// A span with its place in the order of writing.
    private struct Written {
        var order: Int
        var span: IncomingSpan
        var row: NaiveRow
    }

    private mutating func describe() {
        var traces: [OTelID: [Written]] = [:]
        let stored = Set(spans.map(\.spanID))
        for (order, span) in spans.enumerated() {
            let row = NaiveRow()
            row.attributes = (try? JSON.parse(span.payload.attributes)) ?? .null
            row.fields = Self.fields(of: span)
            row.fields[.parentSpan] =
                span.parentID.map { stored.contains($0) ? .bool(true) : .null } ?? .null
            let counts = row.attributes["llm"]?["token_count"]
            row.fields[.llmTokenCountPrompt] = Self.number(counts?["prompt"]?.doubleValue)
            row.fields[.llmTokenCountCompletion] = Self.number(counts?["completion"]?.doubleValue)
            row.fields[.llmTokenCountTotal] = .null
            spanRows[span.spanID.hex] = row
            traces[span.traceID, default: []].append(Written(order: order, span: span, row: row))
        }
        for id in traces.keys {
            for index in traces[id]!.indices { addCumulative(index, &traces[id]!) }
        }
        var sessions: [String: [(order: Int, spans: [Written], row: NaiveRow)]] = [:]
        for (id, members) in traces {
            let row = traceRow(members)
            traceRows[id.hex] = row
            guard let session = members[0].span.sessionID else { continue }
            let order = members.map(\.order).min()!
            sessions[session, default: []].append((order, members, row))
        }
        for (id, traces) in sessions { sessionRows[id] = sessionRow(id, traces) }
    }

    private static func number(_ value: Double?) -> NaiveValue {
        value.map(NaiveValue.number) ?? .null
    }

    private static func fields(of span: IncomingSpan) -> [FilterField: NaiveValue] {
        [
            .spanID: .text(span.spanID.hex), .traceID: .text(span.traceID.hex),
            .parentID: span.parentID.map { .text($0.hex) } ?? .null, .name: .text(span.name),
            .spanKind: .text(span.kind), .statusCode: .text(span.statusCode),
            .statusMessage: .text(span.statusMessage), .startTime: .number(Double(span.startTime)),
            .endTime: .number(Double(span.endTime)),
            .latencyMs: .number(Double(span.endTime - span.startTime) / 1000),
            .promptCost: .number(0), .completionCost: .number(0), .totalCost: .number(0),
        ]
    }

    /// The sums over a span and everything below it in its trace.
    private func addCumulative(_ index: Int, _ trace: inout [Written]) {
        var below = [trace[index].span.spanID]
        var sums = (errors: 0.0, prompt: 0.0, completion: 0.0)
        while let id = below.popLast() {
            for member in trace where member.span.spanID == id {
                sums.errors += member.span.statusCode == "ERROR" ? 1 : 0
                sums.prompt += Double(member.span.promptTokens ?? 0)
                sums.completion += Double(member.span.completionTokens ?? 0)
            }
            below += trace.filter { $0.span.parentID == id }.map(\.span.spanID)
        }
        let row = trace[index].row
        row.fields[.cumulativeErrorCount] = .number(sums.errors)
        row.fields[.cumulativeTokenCountPrompt] = .number(sums.prompt)
        row.fields[.cumulativeTokenCountCompletion] = .number(sums.completion)
        row.fields[.cumulativeTokenCountTotal] = .number(sums.prompt + sums.completion)
    }

    /// The spans as elements of a collection, joined to their parents, children and siblings.
    private func elements(_ trace: [Written]) -> [NaiveRow] {
        let rows = trace.map { member in
            let row = NaiveRow()
            row.fields = member.row.fields
            let (prompt, completion) = (member.span.promptTokens, member.span.completionTokens)
            row.fields[.llmTokenCountPrompt] = Self.number(prompt.map(Double.init))
            row.fields[.llmTokenCountCompletion] = Self.number(completion.map(Double.init))
            row.fields[.llmTokenCountTotal] = .number(Double((prompt ?? 0) + (completion ?? 0)))
            return row
        }
        for (index, member) in trace.enumerated() {
            let parent = trace.firstIndex { $0.span.spanID == member.span.parentID }
            rows[index].parent = parent.map { rows[$0] }
            rows[index].fields[.parentSpan] = parent == nil ? .null : .bool(true)
            var (children, siblings): ([NaiveRow], [NaiveRow]) = ([], [])
            for (other, row) in zip(trace, rows) {
                if other.span.parentID == member.span.spanID { children.append(row) }
                if let parent = member.span.parentID, other.span.parentID == parent,
                    other.order != member.order
                {
                    siblings.append(row)
                }
            }
            rows[index].collections = [.children: children, .siblings: siblings]
        }
        return rows
    }

    private func count(_ spans: [Written], where matches: (IncomingSpan) -> Bool) -> NaiveValue {
        .number(Double(spans.count { matches($0.span) }))
    }

    private func tokens(_ spans: [Written]) -> [FilterField: NaiveValue] {
        let prompt = spans.reduce(0) { $0 + Double($1.span.promptTokens ?? 0) }
        let completion = spans.reduce(0) { $0 + Double($1.span.completionTokens ?? 0) }
        return [
            .tokenCountPrompt: .number(prompt), .tokenCountCompletion: .number(completion),
            .tokenCountTotal: .number(prompt + completion),
            .toolSpanCount: count(spans) { $0.kind == "TOOL" },
            .llmSpanCount: count(spans) { $0.kind == "LLM" },
            .promptCost: .number(0), .completionCost: .number(0), .totalCost: .number(0),
        ]
    }

    private static func text(_ row: NaiveRow?, _ key: String) -> NaiveValue {
        guard let value = row?.attributes[key]?["value"], !value.isNull else { return .null }
        return .text(value.stringValue ?? value.text)
    }

    private func traceRow(_ spans: [Written]) -> NaiveRow {
        let row = NaiveRow()
        let start = spans.map(\.span.startTime).min()!
        let end = spans.map(\.span.endTime).max()!
        let root = spans.filter { member in
            !spans.contains { $0.span.spanID == member.span.parentID }
        }.min { ($0.span.startTime, -$0.order) < ($1.span.startTime, -$1.order) }
        row.attributes = root?.row.attributes ?? .object([:])
        row.fields = tokens(spans).merging([
            .traceID: .text(spans[0].span.traceID.hex), .startTime: .number(Double(start)),
            .endTime: .number(Double(end)), .latencyMs: .number(Double(end - start) / 1000),
            .spanCount: .number(Double(spans.count)),
            .errorCount: count(spans) { $0.statusCode == "ERROR" },
            .input: Self.text(root?.row, "input"), .output: Self.text(root?.row, "output"),
        ]) { $1 }
        row.collections[.spans] = elements(spans)
        return row
    }

    private func sessionRow(
        _ id: String, _ traces: [(order: Int, spans: [Written], row: NaiveRow)]
    ) -> NaiveRow {
        let row = NaiveRow()
        let spans = traces.flatMap(\.spans)
        let start = spans.map(\.span.startTime).min()!
        let end = spans.map(\.span.endTime).max()!
        func traceStart(_ trace: [Written]) -> Int64 { trace.map(\.span.startTime).min()! }
        let ordered = traces.sorted {
            (traceStart($0.spans), $0.order) < (traceStart($1.spans), $1.order)
        }
        func roots(_ trace: [Written]) -> [Written] {
            trace.filter { $0.span.parentID == nil }.sorted { $0.order < $1.order }
        }
        let first = ordered.flatMap { roots($0.spans) }.first
        let last = ordered.flatMap { roots($0.spans) }.last
        row.attributes = first?.row.attributes ?? .object([:])
        row.fields = tokens(spans).merging([
            .sessionID: .text(id), .startTime: .number(Double(start)),
            .endTime: .number(Double(end)), .durationMs: .number(Double(end - start) / 1000),
            .traceCount: .number(Double(traces.count)),
            .tracesWithErrorCount: .number(
                Double(traces.count { $0.spans.contains { $0.span.statusCode == "ERROR" } })),
            .firstInput: Self.text(first?.row, "input"),
            .lastOutput: Self.text(last?.row, "output"),
        ]) { $1 }
        for (field, key) in [(FilterField.anyInput, "input"), (.anyOutput, "output")] {
            row.searched[field] = spans.filter { $0.span.parentID == nil }.compactMap { member in
                if case .text(let text) = Self.text(member.row, key) { text } else { nil }
            }
        }
        row.collections[.spans] = traces.flatMap { elements($0.spans) }
        row.collections[.traces] = traces.map(\.row)
        return row
    }
}
