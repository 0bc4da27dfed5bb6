import JSON
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@testable import Importing

/// Every database as a source, with every database as a target.
///
/// One test at a time: each takes two of the connections that all tests of a run share, and several
/// that hold one would wait for each other's second.
@Suite(.serialized) struct ImporterTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        let source: TestDatabase
        let target: TestDatabase
        var testDescription: String { "\(source) to \(target)" }

        static var available: [Pair] {
            TestDatabase.available.flatMap { source in
                TestDatabase.available.map { Pair(source: source, target: $0) }
            }
        }

        /// Gives a filled source and an empty target with the current schema to `body`.
        func run(
            spanCount: Int = 6,
            _ body: (_ source: any SQLDatabase, _ target: any SQLDatabase) async throws -> Void
        ) async throws {
            try await source.withEmptyDatabase { source in
                try await OriginalDatabase.make(on: source, spanCount: spanCount)
                try await target.withDatabase { try await body(source, $0) }
            }
        }
    }

    private func importing(
        _ source: any SQLDatabase, into target: any SQLDatabase
    ) async throws -> ImportReport {
        try await Importer(from: ImportSource(source), to: target) { 1000 }.run()
    }

    private func rows(_ query: SQL, in database: any SQLDatabase) async throws -> [[SQLValue]] {
        try await database.read { try $0.query(query).map(\.values) }
    }

    @Test(arguments: Pair.available)
    func `every table is copied and compared`(_ pair: Pair) async throws {
        try await pair.run { source, target in
            let report = try await importing(source, into: target)
            #expect(report.isEqual, "\(report.text)")
            #expect(report.tables.count == 34)
            #expect(report.tables.allSatisfy { $0.sourceCount > 0 && $0.firstDifference == nil })
            #expect(report.leftOut.map(\.table) == ["users"])
            #expect(report.recountedSpans == 0)
            #expect(report.text.contains("Not imported: users (2)."))
            let lines = report.text.split(separator: "\n")
            let details = lines.first { $0.hasPrefix("span_cost_details") }
            #expect(details?.hasSuffix("–  with span_costs") == true)
        }
    }

    @Test(arguments: Pair.available)
    func `sums and sequences are those of a database that was written here`(
        _ pair: Pair
    ) async throws {
        try await pair.run { source, target in
            _ = try await importing(source, into: target)
            let store = TracingStore(target)
            #expect(try await store.integrityFindings() == [])
            #expect(try await target.integrityFindings() == [])
            let ids = try await target.write {
                [
                    try $0.allocateIDs(1, for: "projects"), try $0.allocateIDs(1, for: "spans"),
                    try $0.allocateIDs(1, for: "dataset_examples"),
                ].flatMap { $0 }
            }
            #expect(ids == [8, 107, 6])
        }
    }

    @Test(arguments: Pair.available)
    func `spans keep their ids, times, costs and documents`(_ pair: Pair) async throws {
        try await pair.run { source, target in
            _ = try await importing(source, into: target)
            let store = TracingStore(target)
            let spans = try await store.storedSpans([101, 102, 104].map { Span.ID($0) })
            let root = try #require(spans[Span.ID(101)])
            #expect(root.span.otelID.hex == "0000000000000000")
            #expect(root.traceID.hex == "00000000000000000000000000000011")
            #expect(root.span.startTime.microseconds % 1_000_000 == 123_456)
            #expect(root.span.cumulativePromptTokens == 100)
            let attributes = try JSON.parse(root.payload.attributes)
            #expect(attributes["text"] == "It's ü \n")
            let call = try #require(spans[Span.ID(104)])
            #expect(try JSON.parse(call.payload.attributes)["llm"]?["wide"] == 1e300)
            let stored = try await rows(
                """
                SELECT s.session_id, s.user_id, s.first_error_message, s.model_name
                FROM spans s
                WHERE s.id IN (101, 102, 104)
                ORDER BY s.id
                """, in: target)
            #expect(
                stored == [
                    ["s-1", "7", nil, nil], ["s-1", "7", "it broke", nil], [nil, nil, nil, "gpt"],
                ])
            let costs = try await rows(
                "SELECT c.span_rowid, c.model_id, c.prompt_cost FROM span_costs c", in: target)
            #expect(costs == [[104, 1, .double(0.1)]])
        }
    }

    @Test(arguments: Pair.available)
    func `a trace has the session that it had`(_ pair: Pair) async throws {
        try await pair.run { source, target in
            _ = try await importing(source, into: target)
            let sessions = try await rows(
                "SELECT t.id, t.project_session_rowid FROM traces t ORDER BY t.id", in: target)
            #expect(sessions == [[11, 5], [12, nil], [14, 5]])
        }
    }

    @Test(arguments: Pair.available)
    func `what a task returned is kept without its envelope`(_ pair: Pair) async throws {
        try await pair.run { source, target in
            _ = try await importing(source, into: target)
            let outputs = try await target.read {
                try $0.query("SELECT r.output FROM experiment_runs r ORDER BY r.id")
                    .map { $0.optionalText(0) }
            }
            let members = try outputs[0].map { try JSON.parse($0) }
            #expect(members == ["z": 1, "a": []])
            #expect(outputs[1] == nil)
        }
    }

    @Test(arguments: Pair.available, [1, 3, 7, 8, 30])
    func `an import that was cut off goes on`(_ pair: Pair, _ writes: Int) async throws {
        try await pair.run { source, target in
            await #expect(throws: FailingDatabase.Failure.self) {
                _ = try await importing(source, into: FailingDatabase(target, after: writes))
            }
            let report = try await importing(source, into: target)
            #expect(report.isEqual, "\(report.text)")
            #expect(try await TracingStore(target).integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available, [1, 2])
    func `many spans come in several transactions`(
        _ database: TestDatabase, _ lanes: Int
    ) async throws {
        try await Pair(source: .sqlite, target: database).run(spanCount: 250) { source, target in
            let source = try await ImportSource(source)
            let copy = SpanCopy(
                source: source, target: TracingStore(target), now: 0, rowsMax: 40,
                laneCount: lanes)
            try await Importer(from: source, to: target) { 0 }.begin()
            for table in ImportedTable.beforeSpans {
                try await TableCopy(table: table, source: source, target: target).run { _ in }
            }
            var counts: [Int] = []
            try await copy.run { counts.append($0) }
            #expect(counts.reduce(0, +) == 251)
            #expect(counts.max() == 40)
            if lanes == 1 { #expect(counts == [40, 40, 40, 40, 40, 40, 11]) }
            #expect(try await TracingStore(target).integrityFindings() == [])
        }
    }

    @Test(arguments: TestDatabase.available, [(1, 1), (1, 2), (2, 2)])
    func `spans go on where each lane was`(
        _ database: TestDatabase, _ lanes: (Int, Int)
    ) async throws {
        try await Pair(source: .sqlite, target: database).run(spanCount: 250) { source, target in
            let source = try await ImportSource(source)
            try await Importer(from: source, to: target) { 0 }.begin()
            for table in ImportedTable.beforeSpans {
                try await TableCopy(table: table, source: source, target: target).run { _ in }
            }
            await #expect(throws: FailingDatabase.Failure.self) {
                try await SpanCopy(
                    source: source, target: TracingStore(FailingDatabase(target, after: 3)),
                    now: 0, rowsMax: 40, laneCount: lanes.0
                ).run { _ in }
            }
            let stored = try await rows("SELECT COUNT(*) FROM spans", in: target)
            #expect(stored != [[0]] && stored != [[251]])
            for _ in 1...2 {
                try await SpanCopy(
                    source: source, target: TracingStore(target), now: 0, rowsMax: 40,
                    laneCount: lanes.1
                ).run { _ in }
            }
            #expect(try await rows("SELECT COUNT(*) FROM spans", in: target) == [[251]])
            #expect(try await TracingStore(target).integrityFindings() == [])
        }
    }

    // MARK: Refusals

    @Test(arguments: TestDatabase.available)
    func `a database that holds something is refused`(_ database: TestDatabase) async throws {
        try await Pair(source: .sqlite, target: database).run { source, target in
            try await target.write {
                _ = try $0.execute(
                    """
                    INSERT INTO projects (id, name, created_at, updated_at)
                    VALUES (77, 'mine', 0, 0)
                    """)
            }
            let error = await #expect(throws: ImportError.self) {
                _ = try await importing(source, into: target)
            }
            #expect(
                error?.message.contains("not empty: it has rows of its own in projects") == true)
            #expect(try await rows("SELECT COUNT(*) FROM projects", in: target) == [[2]])
        }
    }

    @Test func `what was imported is not imported again`() async throws {
        try await Pair(source: .sqlite, target: .sqlite).run { source, target in
            _ = try await importing(source, into: target)
            let error = await #expect(throws: ImportError.self) {
                _ = try await importing(source, into: target)
            }
            #expect(error?.message == "This source was imported here already; nothing is left.")
        }
    }

    @Test func `an import of one database is not gone on with from another`() async throws {
        try await Pair(source: .sqlite, target: .sqlite).run { source, target in
            await #expect(throws: FailingDatabase.Failure.self) {
                _ = try await importing(source, into: FailingDatabase(target, after: 3))
            }
            try await source.write {
                try $0.run(script: "UPDATE projects SET name = 'another' WHERE id = 7")
            }
            let error = await #expect(throws: ImportError.self) {
                _ = try await importing(source, into: target)
            }
            #expect(error?.message.hasPrefix("An import of another database was begun") == true)
        }
    }

    @Test(
        arguments: TestDatabase.available,
        [
            ("DROP TABLE alembic_version", "no database of Arize Phoenix"),
            ("CREATE TABLE schema_migrations (version INTEGER)", "a database of this Phoenix"),
            ("DROP TABLE prompt_labels", "which lacks prompt_labels. Start Arize Phoenix 20"),
            ("ALTER TABLE experiments DROP COLUMN is_ephemeral", "lacks experiments.is_ephemeral"),
            (
                """
                ALTER TABLE prompts DROP COLUMN description;
                ALTER TABLE prompts DROP COLUMN metadata;
                ALTER TABLE datasets DROP COLUMN description;
                ALTER TABLE datasets DROP COLUMN metadata;
                ALTER TABLE experiments DROP COLUMN description;
                ALTER TABLE experiments DROP COLUMN metadata;
                ALTER TABLE experiments DROP COLUMN is_ephemeral;
                """,
                "experiments.metadata and more, 7 in all. Start Arize Phoenix 20"
            ),
            ("UPDATE spans SET span_id = 'xyz' WHERE id > 104", "2 rows of spans have a span_id"),
            ("UPDATE spans SET parent_id = 'ABCD' WHERE id = 102", "the first with the row id 102"),
        ])
    func `a source that cannot be read whole is refused`(
        _ database: TestDatabase, _ fault: (script: String, sentence: String)
    ) async throws {
        try await database.withEmptyDatabase { source in
            try await OriginalDatabase.make(on: source)
            try await source.write { try $0.run(script: fault.script) }
            let error = await #expect(throws: ImportError.self) {
                _ = try await ImportSource(source)
            }
            #expect(error?.message.contains(fault.sentence) == true, "\(error?.message ?? "")")
        }
    }

    // MARK: Comparing

    @Test(
        arguments: TestDatabase.available,
        [
            (
                "DELETE FROM span_annotations WHERE id = 33", "span_annotations",
                "The row 33 is missing."
            ),
            ("UPDATE spans SET name = 'x' WHERE id = 103", "spans", "The row 103 differs."),
            (
                "UPDATE dataset_versions SET created_at = created_at + 1", "dataset_versions",
                "The row 3 differs."
            ),
            ("UPDATE span_costs SET prompt_cost = 9", "span_costs", "The row 104 differs."),
        ])
    func `a difference is found and named`(
        _ database: TestDatabase, _ change: (script: String, table: String, finding: String)
    ) async throws {
        try await Pair(source: .sqlite, target: database).run { source, target in
            _ = try await importing(source, into: target)
            try await target.write { try $0.run(script: change.script) }
            let source = try await ImportSource(source)
            let report = try await Importer(from: source, to: target) { 0 }.compare()
            #expect(!report.isEqual)
            let different = report.tables.filter { !$0.isEqual }
            #expect(different.map(\.name) == [change.table])
            #expect(different.first?.firstDifference == change.finding)
            #expect(report.text.hasSuffix("The databases differ; see above.\n"))
        }
    }
}
