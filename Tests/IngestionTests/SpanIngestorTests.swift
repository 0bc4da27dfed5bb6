import Diagnostics
import Locking
import Logging
import SQLCore
import TestSupport
import Testing
import Tracing

@testable import Ingestion

@Suite struct SpanIngestorTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withIngestor<Value>(
        _ configuration: SpanIngestor.Configuration = .init(), failures: [DatabaseError] = [],
        isRunning: Bool = true,
        _ body: (SpanIngestor, FailingDatabase, StorageGuard) async throws -> Value
    ) async throws -> Value {
        try await TestDatabase.sqlite.withDatabase { real in
            let database = FailingDatabase(real, failures: failures)
            let storage = StorageGuard()
            let ingestor = SpanIngestor(
                store: TracingStore(database), configuration: configuration, storage: storage,
                metrics: MetricsRegistry(), logger: logger, now: { 0 })
            return try await withThrowingTaskGroup(of: Void.self) { group in
                if isRunning { group.addTask { try await ingestor.run() } }
                let value = try await body(ingestor, database, storage)
                await ingestor.stop()
                try await group.waitForAll()
                return value
            }
        }
    }

    private func storedCount(_ database: any SQLDatabase) async throws -> Int64 {
        try await database.read { try $0.first("SELECT COUNT(*) FROM spans")!.integer(0) }
    }

    @Test func `an acknowledged batch is stored`() async throws {
        try await withIngestor { ingestor, database, _ in
            let outcome = try await ingestor.ingest((1...10).map { .stub(span: $0) })
            #expect(outcome.rejected.isEmpty)
            #expect(try await storedCount(database) == 10)
        }
    }

    @Test func `a full queue refuses at once and says when to come back`() async throws {
        var configuration = SpanIngestor.Configuration()
        configuration.queuedSpansMax = 5
        try await withIngestor(configuration, isRunning: false) { ingestor, _, _ in
            async let waiting = ingestor.ingest((1...5).map { .stub(span: $0) })
            while (try? ingestor.requireRoom()) != nil { await Task.yield() }
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 6)])
            }
            #expect(error?.code == .queueFull)
            #expect(error?.retryAfter != nil)
            // The service starts late: what was admitted is written all the same.
            await ingestor.stop()
            try await ingestor.run()
            #expect(try await waiting.rejected.isEmpty)
        }
    }

    @Test func `a database that comes back in time costs nobody anything`() async throws {
        let away = DatabaseError(.unavailable, "The server went away.")
        try await withIngestor(failures: [away, away]) { ingestor, database, _ in
            _ = try await ingestor.ingest([.stub(span: 1)])
            #expect(try await storedCount(database) == 1)
        }
    }

    @Test func `a database that stays away is answered with advice to retry`() async throws {
        var configuration = SpanIngestor.Configuration()
        configuration.patience = .zero
        let away = DatabaseError(.unavailable, "The server went away.")
        try await withIngestor(configuration, failures: [away]) { ingestor, database, _ in
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 1)])
            }
            #expect(error?.code == .databaseUnavailable)
            #expect(error?.retryAfter != nil)
            _ = try await ingestor.ingest([.stub(span: 1)])
            #expect(try await storedCount(database) == 1)
        }
    }

    @Test(arguments: [DatabaseError.Code.full, .readOnly])
    func `a database that takes no writes is answered without advice`(
        code: DatabaseError.Code
    ) async throws {
        try await withIngestor(failures: [DatabaseError(code, "No.")]) { ingestor, _, _ in
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 1)])
            }
            #expect(error?.code == .storageFull)
            #expect(error?.retryAfter == nil)
        }
    }

    @Test func `spans that the database refuses are refused alone`() async throws {
        try await withIngestor { ingestor, database, _ in
            database.refuse(spansNamed: "poison")
            let spans = (1...20).map { number in
                IncomingSpan.stub(span: number, name: number == 13 ? "poison" : "fine")
            }
            let outcome = try await ingestor.ingest(spans)
            #expect(outcome.rejected.map(\.index) == [12])
            #expect(try await storedCount(database) == 19)
        }
    }

    @Test func `above the storage threshold nothing is taken until there is room`() async throws {
        try await withIngestor { ingestor, database, storage in
            storage.refuse(because: "the database is above 90 % of its capacity.")
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 1)])
            }
            #expect(error?.code == .storageFull)
            storage.admit()
            _ = try await ingestor.ingest([.stub(span: 1)])
            #expect(try await storedCount(database) == 1)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a cancelled ingestor leaves nobody waiting`() async throws {
        try await withIngestor(isRunning: false) { ingestor, _, _ in
            async let waiting = ingestor.ingest([.stub(span: 1)])
            while ingestor.queuedSpanCount == 0 { await Task.yield() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.cancelAll()
                group.addTask { try await ingestor.run() }
                try await group.waitForAll()
            }
            _ = try? await waiting  // Written or refused: what counts is that it is answered.
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 2)])
            }
            #expect(error?.code == .shuttingDown)
        }
    }

    @Test func `a stopped ingestor refuses and has written what it had admitted`() async throws {
        try await withIngestor { ingestor, database, _ in
            _ = try await ingestor.ingest([.stub(span: 1)])
            await ingestor.stop()
            let error = await #expect(throws: IngestionError.self) {
                _ = try await ingestor.ingest([.stub(span: 2)])
            }
            #expect(error?.code == .shuttingDown)
            #expect(try await storedCount(database) == 1)
        }
    }
}

/// A database that fails on demand, in front of a real one.
private final class FailingDatabase: SQLDatabase {
    private struct Plan {
        var failures: [DatabaseError]
        var refusedName: String?
    }

    private let real: any SQLDatabase
    private let plan: Mutex<Plan>

    var dialect: SQLDialect { real.dialect }

    init(_ real: any SQLDatabase, failures: [DatabaseError]) {
        self.real = real
        plan = Mutex(Plan(failures: failures))
    }

    func refuse(spansNamed name: String) { plan.withLock { $0.refusedName = name } }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { try await real.read(body) }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let (failure, refused) = plan.withLock { plan in
            (plan.failures.isEmpty ? nil : plan.failures.removeFirst(), plan.refusedName)
        }
        if let failure { throw failure }
        return try await real.write { connection in
            let value = try body(connection)
            if let refused,
                try connection.first("SELECT 1 FROM spans WHERE name = \(refused)") != nil
            {
                throw DatabaseError(.constraintViolation, "A name is not welcome.")
            }
            return value
        }
    }

    func size() async throws -> Int64 { try await real.size() }
    func integrityFindings() async throws -> [String] { try await real.integrityFindings() }
    func close() async { await real.close() }
}

extension SpanIngestor {
    fileprivate func ingest(_ spans: [IncomingSpan]) async throws -> Outcome {
        try await ingest(batch(spans))
    }
}
