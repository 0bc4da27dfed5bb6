import FilterLanguage
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// The rules of insertion, on each database.
@Suite struct SpanInsertionTests {
    @Test(arguments: TestDatabase.available)
    func `a repeated span id changes nothing but widens its trace`(on kind: TestDatabase)
        async throws
    {
        try await kind.withTracingStore { store in
            _ = try await store.insert([[.stub(span: 1, name: "first")]], now: 0)
            let summary = try await store.insert(
                [[.stub(span: 1, name: "second", endTime: 1_790_000_009_000_000)]], now: 0)
            #expect(summary.insertedCount == 0)
            #expect(summary.duplicateCount == 1)
            let rows = try await store.database.read {
                try $0.query(
                    "SELECT s.name, t.end_time, t.span_count FROM spans s JOIN traces t ON t.id = s.trace_rowid"
                )
            }
            #expect(rows.count == 1)
            #expect(rows[0].text(0) == "first")
            #expect(rows[0].integer(1) == 1_790_000_009_000_000)
            #expect(rows[0].integer(2) == 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the first project and the first session of a trace stay`(on kind: TestDatabase)
        async throws
    {
        try await kind.withTracingStore { store in
            _ = try await store.insert([[.stub(span: 1, project: "one")]], now: 0)
            _ = try await store.insert([[.stub(span: 2, project: "two", session: "s1")]], now: 0)
            _ = try await store.insert([[.stub(span: 3, project: "two", session: "s2")]], now: 0)
            let rows = try await store.database.read {
                try $0.query(
                    """
                    SELECT p.name, x.session_id, q.name
                    FROM traces t
                    JOIN projects p ON p.id = t.project_rowid
                    JOIN project_sessions x ON x.id = t.project_session_rowid
                    JOIN projects q ON q.id = x.project_id
                    """)
            }
            #expect(rows.map { [$0.text(0), $0.text(1), $0.text(2)] } == [["one", "s1", "one"]])
            // The span of the other project belongs to the trace's project too.
            let projects = try await store.database.read {
                try $0.query(
                    "SELECT DISTINCT p.name FROM spans s JOIN projects p ON p.id = s.project_rowid")
            }
            #expect(projects.map { $0.text(0) } == ["one"])
        }
    }

    /// A tree of five levels with errors and tokens, in forward, backward and split orders.
    @Test(
        arguments: TestDatabase.available,
        [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 0, 5, 1, 4, 2]])
    func `cumulative counts are the same for any order of arrival`(
        on kind: TestDatabase, order: [Int]
    ) async throws {
        let spans: [IncomingSpan] = [
            .stub(span: 1),
            .stub(span: 2, parent: 1, kind: "LLM", promptTokens: 10, completionTokens: 1),
            .stub(span: 3, parent: 2, status: "ERROR"),
            .stub(span: 4, parent: 3, kind: "LLM", promptTokens: 100, completionTokens: 2),
            .stub(span: 5, parent: 4, status: "ERROR"),
            .stub(span: 6, parent: 1, kind: "LLM", promptTokens: 1000, completionTokens: 3),
        ]
        for batched in [true, false] {
            try await kind.withTracingStore { store in
                let arriving = order.map { spans[$0] }
                for batch in batched ? [arriving] : arriving.map({ [$0] }) {
                    _ = try await store.insert([batch], now: 0)
                }
                let rows = try await store.database.read {
                    try $0.query(
                        """
                        SELECT cumulative_error_count, cumulative_llm_token_count_prompt,
                            cumulative_llm_token_count_completion
                        FROM spans
                        ORDER BY span_id
                        """)
                }
                let counts = rows.map { [$0.integer(0), $0.integer(1), $0.integer(2)] }
                #expect(
                    counts == [
                        [2, 1110, 6], [2, 110, 3], [2, 100, 2], [1, 100, 2], [1, 0, 0],
                        [0, 1000, 3],
                    ])
                let trace = try await store.database.read {
                    try $0.first(
                        """
                        SELECT span_count, error_count, llm_token_count_prompt,
                            llm_token_count_completion
                        FROM traces
                        """)!
                }
                #expect((0..<4).map { trace.integer($0) } == [6, 2, 1110, 6])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a deep chain of parents gets its counts from a late leaf`(
        on kind: TestDatabase
    ) async throws {
        try await kind.withTracingStore { store in
            let depth = 3000
            let chain = (1...depth).map {
                IncomingSpan.stub(span: $0, parent: $0 == 1 ? nil : $0 - 1)
            }
            _ = try await store.insert([chain], now: 0)
            _ = try await store.insert(
                [[.stub(span: depth + 1, parent: depth, status: "ERROR")]], now: 0)
            let counts = try await store.database.read {
                try $0.first("SELECT COUNT(*) FROM spans WHERE cumulative_error_count = 1")!
            }
            #expect(counts.integer(0) == Int64(depth) + 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a cycle of parents ends`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            let summary = try await store.insert(
                [
                    [
                        .stub(span: 1, parent: 2, status: "ERROR"),
                        .stub(span: 2, parent: 1, status: "ERROR"),
                        .stub(span: 3, parent: 3, status: "ERROR"),
                    ]
                ], now: 0)
            #expect(summary.insertedCount == 3)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `payloads come back as they were sent`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            let spans = (0..<300).map { index in
                IncomingSpan.stub(
                    trace: index / 7, span: index + 1,
                    attributes:
                        #"{"n":\#(index),"nul":"a\u0000b","mark":"\#u{FFFE}0","slash":"\\u0000"}"#)
            }
            _ = try await store.insert([spans], now: 0)
            let payloads = store.payloads
            let attributes = try await store.database.read { connection in
                let rows = try connection.query(
                    "SELECT \(payloads.selection) FROM spans s ORDER BY s.id")
                return try payloads.payloads(in: rows, startingAt: 0, on: connection).map {
                    String(decoding: $0.attributes, as: UTF8.self)
                        .filter { $0 != " " }
                }
            }
            #expect(attributes.count == 300)
            for (index, text) in attributes.enumerated() {
                #expect(text.contains(#""n":\#(index)"#))
                #expect(text.contains(#""nul":"a\u0000b""#))
                #expect(text.contains("\u{FFFE}0"))
                #expect(text.contains(#""slash":"\\u0000""#))
            }
            let value = try await store.database.read {
                try $0.query(
                    "SELECT \(payloads.attribute(at: [.key("n")])) FROM spans s ORDER BY s.id LIMIT 2 OFFSET 140"
                )
            }
            #expect(value.map { $0.text(0) } == ["140", "141"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `minutes count spans and traces where they started`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            let minute: Int64 = 60_000_000
            _ = try await store.insert(
                [[.stub(span: 1, startTime: 10 * minute, endTime: 11 * minute)]], now: 0)
            // The trace turns out to have begun earlier.
            _ = try await store.insert(
                [[.stub(span: 2, status: "ERROR", startTime: 8 * minute + 1, endTime: 9 * minute)]],
                now: 0)
            let rows = try await store.database.read {
                try $0.query(
                    "SELECT minute, trace_count, span_count, error_count FROM project_minutes ORDER BY minute"
                )
            }
            #expect(
                rows.map { row in (0..<4).map { row.integer($0) } } == [
                    [8, 1, 1, 1], [10, 0, 1, 0],
                ])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `many writers at once lose and double nothing`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for writer in 0..<6 {
                    group.addTask {
                        var inserted = 0
                        for round in 0..<10 {
                            // Every other span is one that all writers send.
                            let spans = (0..<20).map { index in
                                let shared = index.isMultiple(of: 2)
                                let number = round * 20 + index + 1
                                return IncomingSpan.stub(
                                    trace: number / 5,
                                    span: shared ? number : number + (writer + 1) * 1000,
                                    parent: number / 5 * 5, session: "s\(number % 3)",
                                    status: "ERROR")
                            }
                            inserted += try await store.insert([spans], now: 0).insertedCount
                        }
                        return inserted
                    }
                }
                let total = try await group.reduce(0, +)
                #expect(total == 100 + 6 * 100)
            }
            let counts = try await store.database.read {
                try $0.first(
                    """
                    SELECT COUNT(*), (SELECT CAST(SUM(span_count) AS BIGINT) FROM traces),
                        (SELECT CAST(SUM(span_count) AS BIGINT) FROM project_minutes)
                    FROM spans
                    """)!
            }
            #expect((0..<3).map { counts.integer($0) } == [700, 700, 700])
        }
    }
}
