import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct TraceRoutesTests {
    private static let path = "/v1/projects/demo/traces"
    private static let second: Int64 = 1_000_000
    private static let start: Int64 = 1_790_000_000_000_000

    /// Six traces: later ones start earlier, and take as many milliseconds as their number; the
    /// first two start at the same time.
    private static let spans: [IncomingSpan] = (1...6).flatMap { number -> [IncomingSpan] in
        let begin = start - Int64(max(number, 2)) * second
        return [
            .stub(
                trace: number, span: number * 10, session: number < 4 ? "s\(number)" : nil,
                startTime: begin, endTime: begin + Int64(number) * 1000),
            .stub(
                trace: number, span: number * 10 + 1, parent: number * 10, kind: "LLM",
                status: number == 5 ? "ERROR" : "OK", startTime: begin + 10, endTime: begin + 20,
                promptTokens: Int64(number), completionTokens: 1),
        ]
    }

    /// The numbers of the traces of a list, over all of its pages.
    private func traces(_ service: TracingService, _ query: String) async throws -> [Int] {
        try await service.all(Self.path, query, "trace_id").compactMap {
            $0?.stringValue.flatMap { Int($0.suffix(2), radix: 16) }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an expression keeps the traces that satisfy it, on every page`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let cases: [(String, String, [Int])] = [
                ("error_count > 0", "limit=1", [5]),
                ("num_spans == 2", "limit=1", [2, 1, 3, 4, 5, 6]),
                ("token_count_prompt >= 4", "error=false&limit=1", [4, 6]),
                ("token_count_prompt > 2", "sort=latency_ms&limit=1", [6, 5, 4, 3]),
                ("any(s.span_kind == 'llm' and s.parent_span is None for s in spans)", "", []),
                ("len([s for s in spans if s.status_code == 'ERROR']) == 1", "limit=2", [5]),
                ("trace_id == '00000000000000000000000000000003'", "session_identifier=s3", [3]),
            ]
            for (filter, query, expected) in cases {
                let found = try await traces(
                    service, "filter=\(PercentCoding.encode(filter))&\(query)")
                #expect(found == expected, "\(filter)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `lists come in every order and page completely`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            for limit in [1, 2, 5, 100] {
                let newest = try await traces(service, "limit=\(limit)")
                #expect(newest == [2, 1, 3, 4, 5, 6])
                let oldest = try await traces(service, "limit=\(limit)&order=asc")
                #expect(oldest == [6, 5, 4, 3, 1, 2])
                let slowest = try await traces(service, "limit=\(limit)&sort=latency_ms")
                #expect(slowest == [6, 5, 4, 3, 2, 1])
                let fastest = try await traces(service, "limit=\(limit)&sort=latency_ms&order=asc")
                #expect(fastest == [1, 2, 3, 4, 5, 6])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `filters are joined by and`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let session = Session.ID(2).nodeID
            let expectations: [(String, [Int])] = [
                ("error=true", [5]), ("error=false", [2, 1, 3, 4, 6]),
                ("min_latency_ms=5", [5, 6]), ("max_latency_ms=1.5", [1]),
                ("min_latency_ms=5&max_latency_ms=1", []),
                ("session_identifier=s1&session_identifier=nope", [1]),
                ("session_identifier=\(session)", [2]),
                ("session_identifier=\(session)&session_identifier=s3", [2, 3]),
                ("session_identifier=UHJvamVjdDox", []),
                ("start_time=2026-09-21T14:13:16&end_time=2026-09-21T14:13:18Z", [3, 4]),
                ("start_time=2026-09-22&end_time=2026-09-21", []),
            ]
            for (query, expected) in expectations {
                #expect(try await traces(service, query) == expected, "\(query)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a trace sums its tokens and may bring its spans`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let plain = try await service.get(Self.path, "sort=latency_ms&limit=1")
            #expect(plain.data[0]["spans"] == .null)
            #expect(plain.data[0]["token_count_prompt"] == 6)
            #expect(plain.data[0]["token_count_total"] == 7)
            let full = try await service.get(
                Self.path, "sort=latency_ms&limit=1&include_spans=true")
            let spans = full.data[0]["spans"]?.arrayValue ?? []
            #expect(spans.map { $0["parent_id"] } == [.null, spans[0]["span_id"]])
            #expect(spans[1]["span_kind"] == "LLM")
        }
    }

    @Test(arguments: [
        ("cursor=abc", 422, "Invalid cursor"),
        ("cursor=VHJhY2U6MTk3", 422, "Invalid cursor"),
        (
            "sort=latency_ms&cursor=MTk3OkRBVEVUSU1FOjIyODYtMTEtMjBUMTc6NDY6MzkrMDA6MDA=", 422,
            "Invalid cursor"
        ),
        (
            "filter=error_count", 400,
            "`error_count` is not a condition, expected a comparison such as `error_count == ...`"
        ),
        ("filter=nope%3D%3D1&cursor=abc", 400, "invalid name `nope`"),
        ("filter=%20", 400, "invalid syntax (<unknown>, line 0)"),
        ("filter=a%00", 400, "condition cannot contain a NUL character"),
    ])
    func `what cannot be is refused`(query: String, status: Int, text: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let answer = try await service.get(Self.path, query)
            #expect(answer.status == status)
            #expect(answer.text == text)
            #expect(try await service.get(Self.path, "filter=").status == 200)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting a window deletes its traces and empty sessions`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let query = "start_time=2026-09-21T14:13:17&end_time=2026-09-21T14:13:18.5"
            #expect(try await service.call(.delete, Self.path, query: query).status == 204)
            #expect(try await traces(service, "") == [4, 5, 6])
            #expect(try await service.get("/v1/projects/demo/sessions").data.isEmpty)
            let minutes = try await service.minutes()
            #expect(minutes.kept == minutes.actual)
            let backwards = try await service.call(
                .delete, Self.path, query: "start_time=2026-01-02&end_time=2026-01-02")
            #expect(backwards.status == 422)
            #expect(backwards.text == "`start_time` must be strictly earlier than `end_time`.")
            #expect(try await service.call(.delete, Self.path).status == 422)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a window of many traces is deleted slice by slice`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert((1...700).map { .stub(trace: $0, span: $0) })
            let query = "start_time=2026-01-01&end_time=2027-01-01"
            #expect(try await service.call(.delete, Self.path, query: query).status == 204)
            #expect(try await traces(service, "").isEmpty)
            #expect(try await service.minutes().kept.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a trace is deleted by either id`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let hex = "00000000000000000000000000000003"
            #expect(try await service.call(.delete, "/v1/traces/\(hex)").status == 204)
            let again = try await service.call(.delete, "/v1/traces/\(hex)")
            #expect(again.status == 404)
            #expect(again.text == "Trace with trace_id '\(hex)' not found")
            let id = try await service.get(Self.path, "limit=1").data[0]["id"]?.stringValue ?? ""
            #expect(try await service.call(.delete, "/v1/traces/\(id)").status == 204)
            let gone = try await service.call(.delete, "/v1/traces/\(id)")
            #expect(gone.text == "Trace with relay ID '\(id)' not found")
            #expect(try await traces(service, "") == [1, 4, 5, 6])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `traces move with their spans and sums, not with their sessions`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            func hex(_ number: Int) -> JSONValue {
                .string("0000000000000000000000000000000\(number)")
            }
            let moved = try await service.call(
                .post, "/v1/traces/transfer",
                body: [
                    "trace_identifiers": [hex(1), hex(1), hex(5)],
                    "destination_project_identifier": "default",
                ])
            #expect(moved.status == 200)
            #expect(moved.json["data"]?["transferred_trace_count"] == 2)
            #expect(try await service.get("/v1/projects/default/spans").data.count == 4)
            #expect(try await service.get("/v1/projects/default/sessions").data.isEmpty)
            #expect(try await traces(service, "") == [2, 3, 4, 6])
            let minutes = try await service.minutes()
            #expect(minutes.kept == minutes.actual)

            let mixed = try await service.call(
                .post, "/v1/traces/transfer",
                body: [
                    "trace_identifiers": [hex(1), hex(2)],
                    "destination_project_identifier": "default",
                ])
            #expect(mixed.status == 422)
            #expect(mixed.text == "Cannot transfer traces from multiple projects")
            for (trace, project, text) in [
                ("nope", "default", "One or more traces not found"),
                ("VHJhY2U6OTk5OTk=", "zork", "Project with name zork not found"),
            ] {
                let answer = try await service.call(
                    .post, "/v1/traces/transfer",
                    body: [
                        "trace_identifiers": [.string(trace)],
                        "destination_project_identifier": .string(project),
                    ])
                #expect(answer.status == 404)
                #expect(answer.text == text)
            }
            // Deleting the session's project takes the trace that was moved away along.
            #expect(try await service.call(.delete, "/v1/projects/demo").status == 204)
            let left = try await service.get("/v1/projects/default/traces")
            #expect(left.data.map { $0["trace_id"] } == [hex(5)])
            let after = try await service.minutes()
            #expect(after.kept == after.actual)
        }
    }
}
