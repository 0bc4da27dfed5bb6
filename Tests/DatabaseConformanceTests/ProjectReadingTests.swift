import FilterLanguage
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// Sums, quantiles and series over projects against what a look at every span says.
@Suite struct ProjectReadingTests {
    static let origin: Int64 = 1_790_000_040_000_000

    /// A few hundred spans, some on the borders of minutes, of three projects.
    struct World {
        struct Trace {
            var project: String
            var session: String?
            var spans: [IncomingSpan]
            var start: Int64 { spans.map(\.startTime).min() ?? 0 }
            var end: Int64 { spans.map(\.endTime).max() ?? 0 }
            var hasFailedRoot: Bool {
                // Every span but the root is a child of it.
                spans[0].parentID == nil && spans.contains { $0.statusCode == "ERROR" }
            }
        }

        var traces: [Trace] = []

        init(seed: UInt64) {
            var random = SplitMix64(seed: seed)
            var next = 1
            for trace in 1...60 {
                let project = ["a", "b", "c"][Int.random(in: 0..<3, using: &random)]
                let session =
                    Bool.random(using: &random)
                    ? "\(project)\(Int.random(in: 0..<4, using: &random))" : nil
                let root = next
                var spans: [IncomingSpan] = []
                for index in 0..<Int.random(in: 1...6, using: &random) {
                    var start =
                        ProjectReadingTests.origin
                        + Int64.random(in: 0..<600_000_000, using: &random)
                    if index == 1 { start -= start % 60_000_000 }
                    let isModel = Bool.random(using: &random)
                    spans.append(
                        .stub(
                            trace: trace, span: next,
                            parent: index > 0 ? root : (trace % 7 == 0 ? 999_999 : nil),
                            project: project, session: session,
                            kind: isModel ? "LLM" : "CHAIN",
                            status: ["OK", "ERROR", "UNSET", "OK"][
                                Int.random(in: 0..<4, using: &random)],
                            startTime: start,
                            endTime: start + Int64.random(in: 0..<5_000_000, using: &random),
                            promptTokens: isModel ? Int64.random(in: 0..<9, using: &random) : nil,
                            completionTokens: isModel
                                ? Int64.random(in: 0..<9, using: &random) : nil))
                    next += 1
                }
                traces.append(Trace(project: project, session: session, spans: spans))
            }
        }

        var spans: [IncomingSpan] { traces.flatMap(\.spans) }
        func wrapsModelCall(_ span: IncomingSpan) -> Bool {
            span.kind == "LLM" && spans.contains { $0.parentID == span.spanID && $0.kind == "LLM" }
        }
        func traces(of project: String) -> [Trace] { traces.filter { $0.project == project } }
        func spans(of project: String) -> [IncomingSpan] { traces(of: project).flatMap(\.spans) }
    }

    static let ranges: [TimeRange] = [
        .always,
        TimeRange(start: Timestamp(microseconds: origin + 61_234_567)),
        TimeRange(end: Timestamp(microseconds: origin + 300_000_001)),
        TimeRange(
            start: Timestamp(microseconds: origin + 59_999_999),
            end: Timestamp(microseconds: origin + 480_000_000)),
        TimeRange(
            start: Timestamp(microseconds: origin + 120_000_000),
            end: Timestamp(microseconds: origin + 180_000_000)),
        TimeRange(
            start: Timestamp(microseconds: origin + 130_000_000),
            end: Timestamp(microseconds: origin + 140_000_000)),
        TimeRange(
            start: Timestamp(microseconds: origin + 140_000_000),
            end: Timestamp(microseconds: origin + 130_000_000)),
    ]

    static func contains(_ range: TimeRange, _ time: Int64) -> Bool {
        time >= range.start?.microseconds ?? .min && time < range.end?.microseconds ?? .max
    }

    static func quantile(_ probability: Double, of values: [Int64]) -> Double? {
        SortedLatencies(values).quantileMs(probability)
    }

    static func withWorld(
        on kind: TestDatabase,
        _ body: (TracingStore, World, [String: Project.ID]) async throws -> Void
    ) async throws {
        try await kind.withTracingStore { store in
            let world = World(seed: 7)
            for start in stride(from: 0, to: world.spans.count, by: 40) {
                _ = try await store.insert(
                    [Array(world.spans.dropFirst(start).prefix(40))], now: 0)
            }
            var ids: [String: Project.ID] = [:]
            for name in ["a", "b", "c"] {
                ids[name] = try await store.projectIfAny(named: name)?.id
            }
            try await body(store, world, ids)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `sums over any range are those of every span and trace`(on kind: TestDatabase)
        async throws
    {
        try await Self.withWorld(on: kind) { store, world, ids in
            for range in Self.ranges {
                let found = try await store.totals(of: Array(ids.values), in: range)
                for (name, id) in ids {
                    let spans = world.spans(of: name).filter {
                        Self.contains(range, $0.startTime)
                    }
                    let traces = world.traces(of: name).filter { Self.contains(range, $0.start) }
                    let totals = found[id] ?? ProjectTotals()
                    #expect(totals.spans == Int64(spans.count), "\(range)")
                    #expect(totals.traces == Int64(traces.count), "\(range)")
                    let counted = spans.filter { !world.wrapsModelCall($0) }
                    #expect(
                        totals.promptTokens == counted.reduce(0) { $0 + ($1.promptTokens ?? 0) })
                    #expect(
                        totals.completionTokens
                            == counted.reduce(0) { $0 + ($1.completionTokens ?? 0) })
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `counts and quantiles under a filter are those of the spans that it selects`(
        on kind: TestDatabase
    ) async throws {
        try await Self.withWorld(on: kind) { store, world, ids in
            let filter = try Filter("status_code == 'ERROR'", in: .span)
            for range in Self.ranges {
                let selection = ProjectSelection(range: range, expression: filter)
                let projects = Array(ids.values)
                let totals = try await store.spanTotals(of: projects, in: selection)
                let traceCounts = try await store.traceCounts(of: projects, in: selection)
                let spanQuantiles = try await store.spanLatencyMsQuantiles(
                    [0.3, 1], of: projects, in: selection)
                let traceQuantiles = try await store.traceLatencyMsQuantiles(
                    [0, 0.5], of: projects, in: selection)
                for (name, id) in ids {
                    let spans = world.spans(of: name).filter {
                        $0.statusCode == "ERROR" && Self.contains(range, $0.startTime)
                    }
                    let traces = world.traces(of: name).filter { trace in
                        Self.contains(range, trace.start)
                            && trace.spans.contains { $0.statusCode == "ERROR" }
                    }
                    #expect(totals[id]?.spans ?? 0 == Int64(spans.count))
                    #expect(traceCounts[id] ?? 0 == Int64(traces.count))
                    let spanTimes = spans.map { $0.endTime - $0.startTime }
                    #expect(spanQuantiles[id]?[0] == Self.quantile(0.3, of: spanTimes))
                    #expect(spanQuantiles[id]?[1] == Self.quantile(1, of: spanTimes))
                    let traceTimes = traces.map { $0.end - $0.start }
                    #expect(traceQuantiles[id]?[0] == Self.quantile(0, of: traceTimes))
                    #expect(traceQuantiles[id]?[1] == Self.quantile(0.5, of: traceTimes))
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `quantiles over all traces are those of every trace`(on kind: TestDatabase) async throws {
        try await Self.withWorld(on: kind) { store, world, ids in
            let probabilities = [0, 0.1, 0.5, 0.77, 0.99, 1]
            let found = try await store.traceLatencyMsQuantiles(
                probabilities, of: Array(ids.values) + [Project.ID(999)], in: ProjectSelection())
            #expect(found.count == 3)
            for (name, id) in ids {
                let times = world.traces(of: name).map { $0.end - $0.start }
                for (probability, value) in zip(probabilities, found[id] ?? []) {
                    let expected = try #require(Self.quantile(probability, of: times))
                    #expect(abs(value - expected) < 1e-9)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `quantiles of one project and of many are the same`(on kind: TestDatabase) async throws {
        try await Self.withWorld(on: kind) { store, _, ids in
            for range in Self.ranges {
                let selection = ProjectSelection(range: range)
                let many = try await store.spanLatencyMsQuantiles(
                    [0.5, 0.9], of: Array(ids.values), in: selection)
                for id in ids.values {
                    let one = try await store.spanLatencyMsQuantiles(
                        [0.5, 0.9], of: [id], in: selection)
                    for (left, right) in zip(one[id] ?? [], many[id] ?? []) {
                        #expect(abs(left - right) < 1e-9)
                    }
                    #expect((one[id] == nil) == (many[id] == nil))
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the points of a series add up what starts in their bins`(on kind: TestDatabase)
        async throws
    {
        try await Self.withWorld(on: kind) { store, world, ids in
            let project = try #require(ids["a"])
            let start = Timestamp(microseconds: Self.origin + 61_234_567)
            let end = Timestamp(microseconds: Self.origin + 540_000_001)
            for (scale, offset) in [
                (.minute, 0), (.hour, 30), (.day, 0), (.month, 0),
            ] as [(TimeBins.Scale, Int)] {
                let bins = try TimeBins(
                    from: start, to: end, scale: scale, utcOffsetMinutes: offset)
                let counts = try await store.traceCountSeries(of: project, bins)
                let spans = try await store.spanCountSeries(of: project, bins)
                let filtered = try await store.spanCountSeries(
                    of: project, bins, where: try Filter("span_kind == 'LLM'", in: .span))
                let failed = try await store.traceStatusSeries(of: project, bins)
                let latencies = try await store.traceLatencyMsSeries(of: project, bins, [0.5, 1])
                for (index, binStart) in bins.starts.enumerated() {
                    let next =
                        index + 1 < bins.starts.count ? bins.starts[index + 1] : .latest
                    let bin = TimeRange(start: max(start, binStart), end: min(end, next))
                    let traces = world.traces(of: "a").filter { Self.contains(bin, $0.start) }
                    let own = world.spans(of: "a").filter { Self.contains(bin, $0.startTime) }
                    #expect(counts[index] ?? 0 == Int64(traces.count))
                    #expect((counts[index] == nil) == traces.isEmpty)
                    #expect(failed[index].total == Int64(traces.count))
                    #expect(failed[index].error == Int64(traces.count { $0.hasFailedRoot }))
                    for (series, spans) in [
                        (spans, own), (filtered, own.filter { $0.kind == "LLM" }),
                    ] {
                        #expect((series[index] == nil) == spans.isEmpty)
                        let ok = spans.count { $0.statusCode == "OK" }
                        let error = spans.count { $0.statusCode == "ERROR" }
                        #expect(series[index]?.ok ?? 0 == Int64(ok))
                        #expect(series[index]?.error ?? 0 == Int64(error))
                        #expect(series[index]?.total ?? 0 == Int64(spans.count))
                    }
                    let times = traces.map { $0.end - $0.start }
                    #expect(latencies[index]?[0] == Self.quantile(0.5, of: times))
                    #expect(latencies[index]?[1] == Self.quantile(1, of: times))
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `counts by status stay right when spans go and traces move`(on kind: TestDatabase)
        async throws
    {
        try await Self.withWorld(on: kind) { store, world, ids in
            try await store.deleteSpan(Identifier(world.traces(of: "a")[1].spans[0].spanID.hex))
            try await store.deleteTrace(Identifier(world.traces(of: "b")[0].spans[0].traceID.hex))
            #expect(try await store.integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `lists of sessions are paged without a gap in every order`(on kind: TestDatabase)
        async throws
    {
        try await Self.withWorld(on: kind) { store, world, ids in
            let project = try #require(ids["a"])
            let names = Set(world.traces(of: "a").compactMap(\.session))
            for column in SessionSort.Column.allCases {
                for isDescending in [false, true] {
                    let sort = SessionSort(column, isDescending: isDescending)
                    var listed: [SortedSession] = []
                    while true {
                        let page = try await store.sortedSessions(
                            of: project, in: ProjectSelection(), by: sort,
                            after: listed.last.map { ($0.value, $0.session.id) }, limit: 1)
                        guard let session = page.first else { break }
                        listed.append(session)
                        try #require(listed.count <= names.count)
                    }
                    #expect(Set(listed.map(\.session.sessionID)) == names)
                }
            }
            let averages = try await store.sessionAverages(of: [project], in: ProjectSelection())
            let traces = world.traces(of: "a").filter { $0.session != nil }
            #expect(
                averages[project]?.traceCount == Double(traces.count) / Double(names.count))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `projects are listed by the end of their last trace, those without one last`(
        on kind: TestDatabase
    ) async throws {
        try await Self.withWorld(on: kind) { store, world, _ in
            let byEnd = ["a", "b", "c"].sorted {
                world.traces(of: $0).map(\.end).max()! < world.traces(of: $1).map(\.end).max()!
            }
            let (ascending, count) = try await store.projects(
                nameLike: nil, by: .endTime(isDescending: false)
            ) { 0..<$0 }
            #expect(count == 4)
            #expect(ascending.map(\.name) == byEnd + ["default"])
            let (descending, _) = try await store.projects(
                nameLike: nil, by: .endTime(isDescending: true)
            ) { 1..<$0 }
            #expect(descending.map(\.name) == Array((byEnd.reversed() + ["default"])[1...]))
            let (named, _) = try await store.projects(nameLike: "E_A", by: .id) { 0..<$0 }
            #expect(named.map(\.name) == ["default"])
        }
    }
}
