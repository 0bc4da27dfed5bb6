import FilterLanguage
import PhoenixModel
import TestSupport
import Testing
import Tracing

#if canImport(Glibc)
    import Glibc
#endif

/// Random filters over random traces in the real tables: the lists must hold what the naive
/// evaluator selects.
///
/// Compares some ten thousand pairs of filter and row, or as many as `FILTER_DIFFERENTIAL_PAIRS`
/// says for each language and database. `FILTER_DIFFERENTIAL_SEED` makes other filters and rows.
struct TracingDifferentialTests {
    private static func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    private static let seed = setting("FILTER_DIFFERENTIAL_SEED") ?? 11
    private static let pairs = Int(setting("FILTER_DIFFERENTIAL_PAIRS") ?? 12_000)
    private static let traceCount = 90

    private static let cases = TestDatabase.available.flatMap { database in
        FilterLanguage.allCases.map { (database, $0) }
    }

    @Test(arguments: cases)
    func `a list holds what the naive evaluator selects`(
        database: TestDatabase, language: FilterLanguage
    ) async throws {
        let world = RandomWorld(seed: Self.seed, traceCount: Self.traceCount)
        let rows =
            switch language {
            case .span: world.spanRows
            case .trace: world.traceRows
            case .session: world.sessionRows
            }
        var conditions = RandomConditions(seed: Self.seed)
        // A filter over few sessions costs as much as one over many spans.
        let count = min(Self.pairs / rows.count, Self.pairs / 60) + 1
        var differences: [String] = []
        try await database.withTracingStore { store in
            _ = try await store.insert([world.spans], now: 0)
            let project = try #require(try await store.projectIfAny(named: "demo")).id
            for _ in 0..<count {
                let text = conditions.condition(language)
                let filter: Filter
                do {
                    filter = try Filter(text, in: language)
                } catch {
                    differences.append("\(text) is refused: \(error)")
                    continue
                }
                let evaluator = NaiveEvaluator(language: language)
                let expected = Set(rows.filter { evaluator.selects($0.value, filter) }.keys)
                let found = try await store.selected(by: filter, of: project)
                guard found != expected else { continue }
                differences.append(
                    "\(text): only in the list \(found.subtracting(expected).sorted().prefix(3)), "
                        + "missing \(expected.subtracting(found).sorted().prefix(3))")
            }
        }
        let text = differences.prefix(15).joined(separator: "\n")
        #expect(differences.isEmpty, "\(differences.count) of \(count) differ:\n\(text)")
    }
}

extension TracingStore {
    /// The ids of the spans, traces or sessions that a filter selects.
    func selected(
        by filter: Filter, of project: Project.ID, limit: Int = 10_000
    ) async throws -> Set<String> {
        switch filter.language {
        case .span:
            var spans = SpanFilter()
            spans.expressions = [filter]
            let page = try await self.spans(of: project, where: spans, limit: limit)
            return Set(page.rows.map(\.span.otelID.hex))
        case .trace:
            var traces = TraceFilter()
            traces.expression = filter
            let page = try await self.traces(
                of: project, where: traces, order: TraceOrder(.startTime, isDescending: true),
                limit: limit)
            return Set(page.rows.map(\.otelID.hex))
        case .session:
            let page = try await sessions(
                of: project, where: filter, isDescending: false, limit: limit)
            return Set(page.rows.map(\.session.sessionID))
        }
    }
}
