import Annotations
import FilterLanguage
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct AnnotationFilterTests {
    /// Span 1 is good and bad by two identifiers, span 2 is bad and has no score, span 3 has nothing;
    /// trace 1 is good, session `s1` fair.
    private static func annotate(_ store: AnnotationStore) async throws {
        let now = AnnotationsService.now
        func span(_ number: Int) -> String { Annotation.Subject.span.target(number) }
        _ = try await store.write(
            [
                .stub(span(1), name: "q", label: "good", score: 0.9, identifier: "a"),
                .stub(span(1), name: "q", label: "bad", score: 0.2, identifier: "b"),
                .stub(span(2), name: "q", label: "bad"),
                .stub(span(2), name: "r", score: .infinity),
            ], about: .span, now: now)
        _ = try await store.write(
            [.stub(Annotation.Subject.trace.target(1), name: "q", label: "good", score: 1)],
            about: .trace, now: now)
        _ = try await store.write(
            [.stub("s1", name: "q", label: "fair", score: 0.5)], about: .session, now: now)
    }

    @Test(arguments: TestDatabase.available)
    func `filters of spans read annotations`(on database: TestDatabase) async throws {
        let cases: [(String, [Int])] = [
            ("annotations['q'].score > 0.5", [1]), ("annotations['q'].score < 0.5", [1]),
            ("evals['q'].label == 'bad'", [1, 2]), ("annotations['q'].label != 'bad'", [1]),
            ("annotations['q'].label is None", [3]), ("annotations['q'].score is None", [2, 3]),
            ("annotations['r'].score > 1e300", [2]), ("annotations['r']", [2]),
            ("not annotations['q']", [3]), ("'OO' in annotations['q'].label", [1]),
            ("annotations['q'].identifier == 'b' and annotations['q'].score > 0.5", []),
            ("trace_annotations['q'].label == 'good'", [1, 2]), ("annotations['x']", []),
        ]
        try await database.withAnnotationsService { service in
            try await Self.annotate(service.store)
            let project = try await service.tracing.project(Identifier("demo"))
            for (condition, expected) in cases {
                var filter = SpanFilter()
                filter.expressions = [try Filter(condition, in: .span)]
                let page = try await service.tracing.spans(of: project.id, where: filter, limit: 10)
                let found = page.rows.map(\.span.otelID.hex).sorted()
                #expect(
                    found == expected.map { Annotation.Subject.span.target($0) }, "\(condition)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `few spans with a label are found by their annotations, many of that name or not`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            try await Self.annotate(service.store)
            try await service.tracing.database.write { connection in
                _ = try connection.execute(
                    """
                    WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10001)
                    INSERT INTO span_annotations (
                        id, span_rowid, name, identifier, label, score, metadata, annotator_kind,
                        source, created_at, updated_at)
                    SELECT 1000 + n.n, s.id, 'q', CAST(n.n AS TEXT), 'fair', 0.5, '{}', 'CODE',
                        'API', 0, 0
                    FROM n
                    JOIN spans s ON s.id = (SELECT MAX(f.id) FROM spans f)
                    """)
            }
            let counting = CountingDatabase(service.tracing.database)
            let tracing = TracingStore(counting)
            let project = try await tracing.project(Identifier("demo"))
            for (condition, expected, isByAnnotation) in [
                ("annotations['q'].label == 'good'", [1], true),
                ("annotations['q'].score < 0.5 and status_code == 'OK'", [1], true),
                ("annotations['q'].label == 'fair'", [3], false),
            ] {
                var filter = SpanFilter()
                filter.expressions = [try Filter(condition, in: .span)]
                let selection = filter
                let statements = try await counting.statements {
                    let page = try await tracing.spans(of: project.id, where: selection, limit: 10)
                    let found = page.rows.map(\.span.otelID.hex)
                    #expect(
                        found == expected.map { Annotation.Subject.span.target($0) }, "\(condition)"
                    )
                }
                #expect(
                    statements.contains { $0.contains("AS annotated") } == isByAnnotation,
                    "\(condition)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `filters of traces read annotations`(on database: TestDatabase) async throws {
        let cases: [(String, [Int])] = [
            ("trace_annotations['q'].score >= 1", [1]),
            ("trace_annotations['q'].label is None", [2]),
            ("any(a.label == 'bad' for a in span_annotations)", [1]),
            ("len([a for a in span_annotations if a.name == 'q']) == 3", [1]),
            ("len([a for a in trace_annotations]) == 0", [2]),
            ("any(any(a.score > 0.5 for a in s.annotations) for s in spans)", [1]),
        ]
        try await database.withAnnotationsService { service in
            try await Self.annotate(service.store)
            let project = try await service.tracing.project(Identifier("demo"))
            for (condition, expected) in cases {
                var filter = TraceFilter()
                filter.expression = try Filter(condition, in: .trace)
                let page = try await service.tracing.traces(
                    of: project.id, where: filter,
                    order: TraceOrder(.startTime, isDescending: false), limit: 10)
                let found = page.rows.map(\.otelID.hex).sorted()
                #expect(
                    found == expected.map { Annotation.Subject.trace.target($0) }, "\(condition)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `filters of sessions read annotations`(on database: TestDatabase) async throws {
        let cases: [(String, [String])] = [
            ("session_annotations['q'].label == 'fair'", ["s1"]),
            ("session_annotations['q'].score > 0.5", []),
            ("any(a.name == 'q' for a in session_annotations)", ["s1"]),
            ("max(a.score for a in span_annotations) > 0.5", ["s1"]),
        ]
        try await database.withAnnotationsService { service in
            try await Self.annotate(service.store)
            let project = try await service.tracing.project(Identifier("demo"))
            for (condition, expected) in cases {
                let page = try await service.tracing.sessions(
                    of: project.id, where: try Filter(condition, in: .session),
                    isDescending: false, limit: 10)
                #expect(page.rows.map(\.session.sessionID) == expected, "\(condition)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the names of a project's annotations are known`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            try await Self.annotate(service.store)
            let project = try await service.tracing.project(Identifier("demo"))
            let other = try await service.tracing.project(Identifier("default"))
            let tracing = service.tracing
            #expect(try await tracing.annotationNames(of: project.id, on: .span) == ["q", "r"])
            #expect(try await tracing.annotationNames(of: project.id, on: .trace) == ["q"])
            #expect(try await tracing.annotationNames(of: project.id, on: .session) == ["q"])
            #expect(try await tracing.annotationNames(of: other.id, on: .span) == [])
            let completions = try await tracing.filterCompletions(
                of: "annotations['", at: nil, in: .span, project: project.id, limit: 10)
            #expect(completions.items.map(\.text) == ["q", "r"])
        }
    }
}
