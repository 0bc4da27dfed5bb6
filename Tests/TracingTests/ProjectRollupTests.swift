import SQLCore
import TestSupport
import Testing

@testable import Tracing

@Suite struct ProjectRollupTests {
    private func minutes(_ database: any SQLDatabase) async throws -> [[Int64]] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT minute, trace_count, span_count, error_count, llm_token_count_prompt,
                    llm_token_count_completion
                FROM project_minutes
                ORDER BY minute
                """
            ).map { row in (0..<6).map { row.integer($0) } }
        }
    }

    private func count(
        _ sign: Int64, minute: Int64, in rollup: inout ProjectRollup
    ) {
        let start = minute * 60_000_000
        rollup.countTraces(sign, project: 1, startTime: start, endTime: start + 5)
        rollup.countSpans(
            sign * 2, oks: sign, errors: sign, promptTokens: sign * 3, completionTokens: sign * 4,
            project: 1, minute: minute)
    }

    @Test(
        arguments: [
            (0, 0), (59_999_999, 0), (60_000_000, 1), (-1, -1), (-60_000_000, -1),
            (-60_000_001, -2),
        ] as [(Int64, Int64)])
    func `a minute begins at its first microsecond, before 1970 too`(time: Int64, minute: Int64) {
        #expect(ProjectRollup.minute(of: time) == minute)
    }

    @Test(arguments: TestDatabase.available)
    func `changes add up with what is stored`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            var rollup = ProjectRollup()
            count(1, minute: 7, in: &rollup)
            count(1, minute: 7, in: &rollup)
            count(1, minute: -1, in: &rollup)
            let changes = rollup
            for _ in 0..<2 { try await database.write { try changes.apply(on: $0) } }
            #expect(try await minutes(database) == [[-1, 2, 4, 2, 6, 8], [7, 4, 8, 4, 12, 16]])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a minute that is taken back goes`(on kind: TestDatabase) async throws {
        try await kind.withDatabase { database in
            var added = ProjectRollup()
            count(1, minute: 7, in: &added)
            count(1, minute: 8, in: &added)
            var taken = ProjectRollup()
            count(-1, minute: 7, in: &taken)
            let (first, second) = (added, taken)
            try await database.write { try first.apply(on: $0) }
            try await database.write { try second.apply(on: $0) }
            #expect(try await minutes(database) == [[8, 1, 2, 1, 3, 4]])
        }
    }

    @Test func `nothing counted changes nothing`() async throws {
        try await TestDatabase.sqlite.withDatabase { database in
            try await database.write { try ProjectRollup().apply(on: $0) }
            #expect(try await minutes(database).isEmpty)
        }
    }
}
