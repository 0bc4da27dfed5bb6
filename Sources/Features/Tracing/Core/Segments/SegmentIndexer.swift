import Lifecycle
import Logging

/// Seals segments behind the writer for as long as the server runs.
package final class SegmentIndexer: Service {
    package struct Configuration: Sendable {
        /// How long to wait when nothing is left to do.
        package var interval: Duration = .seconds(1)
        /// How many segments one transaction seals at most, which writers wait for.
        package var segmentsMax = 16
        /// How much longer to rest than to work while spans arrive and the backlog is short, so that
        /// ingestion has most of a small machine to itself.
        package var restFactor = 3.0
        /// The number of segments left to do up to which spans that arrive go first: 65,536 spans,
        /// which a question can still look at one by one.
        package var deferredMax = 512
        /// How long to wait for a lull in what arrives.
        package var lull: Duration = .milliseconds(50)
        /// The number of segments left to do from which on there is no rest.
        package var backlogMax = 4096
        /// How long nothing must have arrived for there to be no rest either.
        package var quiet: Duration = .seconds(1)

        package init() {}
    }

    package let name = "segment indexer"
    private let store: TracingStore
    private let configuration: Configuration
    private let clock: ContinuousClock
    private let logger: Logger
    private let isIngesting: @Sendable () -> Bool
    private let (stops, stopping) = AsyncStream<Void>.makeStream()

    package init(
        store: TracingStore, configuration: Configuration = Configuration(), logger: Logger,
        isIngesting: @escaping @Sendable () -> Bool = { false }
    ) {
        self.store = store
        self.configuration = configuration
        self.logger = logger
        self.isIngesting = isIngesting
        clock = ContinuousClock()
    }

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                var lastArrival = clock.now
                while !Task.isCancelled {
                    let isBusy = isIngesting()
                    if isBusy { lastArrival = clock.now }
                    let rest = await work(isBusy: isBusy, lastArrival: lastArrival)
                    // Cancellation ends the sleep and then the loop.
                    try? await Task.sleep(for: rest)
                }
            }
            for await _ in stops {}
            group.cancelAll()
        }
    }

    package func stop() async { stopping.finish() }

    /// Does one portion and tells how long to rest.
    private func work(isBusy: Bool, lastArrival: ContinuousClock.Instant) async -> Duration {
        let start = clock.now
        do {
            if isBusy {
                let open = try await store.openSegmentCount(staleMax: configuration.deferredMax + 1)
                if open <= configuration.deferredMax { return configuration.lull }
            }
            let left = try await store.sealSegments(limit: configuration.segmentsMax)
            if left == 0 { return configuration.interval }
            let isQuiet = !isBusy && lastArrival.duration(to: start) > configuration.quiet
            if left > configuration.backlogMax || isQuiet { return .zero }
            return (clock.now - start) * configuration.restFactor
        } catch {
            logger.warning(
                "Segments could not be sealed. Lists and searches are slower meanwhile.",
                metadata: ["reason": "\(error)"])
            return configuration.interval
        }
    }
}
