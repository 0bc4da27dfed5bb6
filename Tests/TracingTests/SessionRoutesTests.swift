import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct SessionRoutesTests {
    private static let path = "/v1/projects/demo/sessions"

    /// Three sessions; the second has two traces, of which the later arrives first.
    private static let spans: [IncomingSpan] = [
        .stub(trace: 1, span: 1, session: "one"),
        .stub(
            trace: 3, span: 3, session: "two", kind: "LLM", startTime: 1_790_000_500_000_000,
            endTime: 1_790_000_600_000_000, promptTokens: 3, completionTokens: 4),
        .stub(
            trace: 2, span: 2, session: "two", kind: "LLM", promptTokens: 10,
            completionTokens: 20),
        .stub(trace: 4, span: 4, session: "three"),
        .stub(trace: 5, span: 5),
    ]

    @Test(arguments: TestDatabase.available)
    func `an expression keeps the sessions that satisfy it, on every page`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let cases: [(String, [JSONValue?])] = [
                ("num_traces > 1", ["two"]), ("token_count_total == 0", ["one", "three"]),
                ("any(t.latency_ms > 5000 for t in traces)", ["two"]),
                ("'e' in session_id", ["one", "three"]), ("first_input is not None", []),
            ]
            for (filter, expected) in cases {
                let found = try await service.all(
                    Self.path, "filter=\(PercentCoding.encode(filter))&limit=1", "session_id")
                #expect(found == expected, "\(filter)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `sessions are listed oldest first and paged`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            for limit in [1, 2, 100] {
                let oldest = try await service.all(Self.path, "limit=\(limit)", "session_id")
                #expect(oldest == ["one", "two", "three"])
                let newest = try await service.all(
                    Self.path, "limit=\(limit)&order=desc", "session_id")
                #expect(newest == ["three", "two", "one"])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a session shows its traces by their start and sums them`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            let answer = try await service.get("/v1/sessions/two")
            let session = try #require(answer.json["data"])
            #expect(
                session["traces"]?.arrayValue?.map { $0["trace_id"] } == [
                    "00000000000000000000000000000002", "00000000000000000000000000000003",
                ])
            #expect(session["token_count_prompt"] == 13)
            #expect(session["token_count_completion"] == 24)
            #expect(session["token_count_total"] == 37)
            #expect(session["end_time"] == "2026-09-21T14:23:20+00:00")
            let id = session["id"]?.stringValue ?? ""
            #expect(try await service.get("/v1/sessions/\(id)").text == answer.text)
        }
    }

    @Test(arguments: [
        ("nope", "Session with session_id nope not found"),
        ("UHJvamVjdFNlc3Npb246OTk5", "Session with ID UHJvamVjdFNlc3Npb246OTk5 not found"),
    ])
    func `an unknown session is not found`(identifier: String, text: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            let shown = try await service.get("/v1/sessions/\(identifier)")
            #expect(shown.status == 404)
            #expect(shown.text == text)
            let deleted = try await service.call(.delete, "/v1/sessions/\(identifier)")
            #expect(deleted.status == 404)
            #expect(
                deleted.text
                    == text.replacing(identifier, with: "'\(identifier)'"))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `deleting a session deletes its traces`(on database: TestDatabase) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            #expect(try await service.call(.delete, "/v1/sessions/two").status == 204)
            #expect(try await service.get("/v1/projects/demo/traces").data.count == 3)
            let minutes = try await service.minutes()
            #expect(minutes.kept == minutes.actual)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `several sessions are deleted, unknown ones passed over`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingService { service in
            try await service.insert(Self.spans)
            func delete(_ identifiers: [JSONValue]) async throws -> RouteAnswer {
                try await service.call(
                    .post, "/v1/sessions/delete",
                    body: ["session_identifiers": .array(identifiers)])
            }
            #expect(try await delete(["one", "two", "nope"]).status == 204)
            let id = Session.ID(3).nodeID.description
            let mixed = try await delete(["three", .string(id)])
            #expect(mixed.status == 422)
            #expect(
                mixed.text == "All identifiers must be the same type: either all GlobalIDs or all "
                    + "session_id strings.")
            let none = try await delete([])
            #expect(none.status == 422)
            #expect(none.text == "Session identifier list must not be empty.")
            #expect(try await service.all(Self.path, "", "session_id") == ["three"])
        }
    }

    @Test func `a cursor that is none and a filter are refused`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let cursor = try await service.get(Self.path, "cursor=abc")
            #expect(cursor.status == 422)
            #expect(cursor.text == "Invalid cursor format: abc")
            #expect(try await service.get(Self.path, "filter=x").status == 400)
        }
    }
}
