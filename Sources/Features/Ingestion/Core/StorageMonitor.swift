import Diagnostics
import Lifecycle
import Logging
import SQLCore

/// Watches the size of the database and stops insertions above a threshold. Deletions stay possible.
package final class StorageMonitor: Service {
    package struct Configuration: Sendable {
        /// What the database may occupy, in bytes.
        package var capacity: Double
        /// The share of the capacity, in percent, above which insertions are refused; nil for never.
        package var blockingThreshold: Double?
        package var interval: Duration = .seconds(60)

        package init(capacity: Double, blockingThreshold: Double?) {
            self.capacity = capacity
            self.blockingThreshold = blockingThreshold
        }
    }

    package let name = "storage monitor"
    private let database: any SQLDatabase
    private let configuration: Configuration
    private let storage: StorageGuard
    private let logger: Logger
    private let size: Gauge
    private let ratio: Gauge
    private let (stops, stopping) = AsyncStream<Void>.makeStream()

    package init(
        _ database: any SQLDatabase, configuration: Configuration, storage: StorageGuard,
        metrics: MetricsRegistry, logger: Logger
    ) {
        self.database = database
        self.configuration = configuration
        self.storage = storage
        self.logger = logger
        size = metrics.gauge(
            "database_disk_usage_bytes", help: "Bytes that the database occupies.")
        ratio = metrics.gauge(
            "database_disk_usage_ratio", help: "Share of the allocated capacity in use, 0 to 1.")
        metrics.gauge(
            "database_insertions_blocked", help: "1 while insertions are refused."
        ) { storage.reasonToRefuse == nil ? 0 : 1 }
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while !Task.isCancelled {
                    await check()
                    // Cancellation ends the sleep and then the loop.
                    try? await Task.sleep(for: configuration.interval)
                }
            }
            for await _ in stops {}
            group.cancelAll()
        }
    }

    package func stop() async { stopping.finish() }

    private func check() async {
        do {
            let bytes = Double(try await database.size())
            size.set(bytes)
            ratio.set(bytes / configuration.capacity)
            guard let threshold = configuration.blockingThreshold else { return }
            if bytes / configuration.capacity * 100 > threshold {
                storage.refuse(
                    because: "the database is above \(threshold) % of its allocated capacity.")
            } else {
                storage.admit()
            }
        } catch {
            logger.warning(
                "The size of the database is unknown.", metadata: ["reason": "\(error)"])
        }
    }
}
