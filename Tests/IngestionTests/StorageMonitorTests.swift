import Diagnostics
import Ingestion
import Logging
import TestSupport
import Testing

@Suite struct StorageMonitorTests {
    /// Runs a monitor until the guard's state is as wished, or for ever.
    private func watch(
        capacity: Double, threshold: Double?, metrics: MetricsRegistry = MetricsRegistry(),
        until isReached: (StorageGuard, MetricsRegistry) -> Bool
    ) async throws {
        try await TestDatabase.sqlite.withDatabase { database in
            let storage = StorageGuard()
            let monitor = StorageMonitor(
                database,
                configuration: .init(capacity: capacity, blockingThreshold: threshold),
                storage: storage, metrics: metrics,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await monitor.run() }
                while !isReached(storage, metrics) { await Task.yield() }
                await monitor.stop()
                try await group.waitForAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `above the threshold insertions are refused with a sentence`() async throws {
        try await watch(capacity: 1, threshold: 90) { storage, metrics in
            guard let reason = storage.reasonToRefuse else { return false }
            #expect(reason == "the database is above 90.0 % of its allocated capacity.")
            #expect(metrics.exposition.contains("database_insertions_blocked 1.0"))
            return true
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `below it the size is shown and nothing refused`() async throws {
        try await watch(capacity: 1e12, threshold: 90) { storage, metrics in
            guard !metrics.exposition.contains("database_disk_usage_bytes 0.0") else {
                return false
            }
            #expect(storage.reasonToRefuse == nil)
            #expect(metrics.exposition.contains("database_insertions_blocked 0.0"))
            return true
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `without a threshold nothing is ever refused`() async throws {
        try await watch(capacity: 1, threshold: nil) { storage, metrics in
            guard !metrics.exposition.contains("database_disk_usage_bytes 0.0") else {
                return false
            }
            #expect(storage.reasonToRefuse == nil)
            return true
        }
    }
}
