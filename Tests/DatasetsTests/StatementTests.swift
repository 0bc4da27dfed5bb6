import Datasets
import PhoenixModel
import TestSupport
import Testing
import Tracing

/// What work on big datasets asks of the database.
@Suite struct StatementTests {
    private static let now = DatasetsService.now

    /// A store, and the dataset `d` with as many examples.
    private static func withDataset(
        of count: Int64, _ body: (DatasetStore, CountingDatabase, Dataset.ID) async throws -> Void
    ) async throws {
        try await TestDatabase.sqlite.withDatabase { database in
            let counting = CountingDatabase(database)
            let store = DatasetStore(TracingStore(counting))
            let outcome = try await store.store(
                DatasetUpload(name: "d", examples: (0..<count).map { .stub($0) }), now: now)
            try await body(store, counting, outcome.datasetID)
        }
    }

    @Test func `an append reads only the stored examples that it may mean`() async throws {
        try await Self.withDataset(of: 3) { store, database, _ in
            let statements = try await database.statements {
                _ = try await store.store(
                    DatasetUpload(
                        name: "d", action: .append, examples: [.stub(1), .stub(8, id: "a")]),
                    now: Self.now)
            }
            let reads = statements.filter { $0.contains("r.content_hash") }
            #expect(reads.count == 3)
            #expect(
                reads.allSatisfy { $0.contains("e.id IN (") || $0.contains("external_id IN (") })
        }
    }

    @Test func `a dataset is deleted in slices`() async throws {
        try await Self.withDataset(of: 1001) { store, database, id in
            let statements = try await database.statements { _ = try await store.delete(id) }
            #expect(statements.count { $0.hasPrefix("DELETE FROM dataset_examples") } == 3)
        }
    }

    @Test func `a label is given to all of its datasets at once`() async throws {
        try await Self.withDataset(of: 1) { store, database, id in
            let other = try await store.create(
                named: "e", description: nil, metadata: Array("{}".utf8), now: Self.now)
            let statements = try await database.statements {
                _ = try await store.createLabel(
                    named: "l", description: nil, color: "#000000", datasets: [id, other.id, id])
            }
            #expect(statements.count { $0.contains("INTO datasets_dataset_labels") } == 1)
            #expect(try await store.labels(of: [id, other.id]).count == 2)
        }
    }
}
