import Lifecycle
import Logging
import PhoenixModel

/// Looks for the targets of waiting annotations for as long as the server runs.
package final class WaitingAnnotations: Service {
    package let name = "waiting annotations"
    private let store: AnnotationStore
    private let interval: Duration
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let (stops, stopping) = AsyncStream<Void>.makeStream()

    /// - Parameter interval: How long to rest between two looks.
    package init(
        store: AnnotationStore, interval: Duration = .seconds(2), logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.store = store
        self.interval = interval
        self.logger = logger
        self.now = now
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                while !Task.isCancelled {
                    await look()
                    // Cancellation ends the sleep and then the loop.
                    try? await Task.sleep(for: interval)
                }
            }
            for await _ in stops {}
            group.cancelAll()
        }
    }

    package func stop() async { stopping.finish() }

    private func look() async {
        do {
            let settlement = try await store.settle(now: now())
            guard settlement.expiredCount > 0 else { return }
            logger.error(
                "Annotations were dropped because what they are about never arrived.",
                metadata: ["annotations": "\(settlement.expiredCount)"])
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "Waiting annotations could not be looked at. They wait longer.",
                metadata: ["reason": "\(error)"])
        }
    }
}
