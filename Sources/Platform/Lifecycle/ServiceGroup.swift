import Logging

/// Runs services together and stops them in the reverse order of their start.
package struct ServiceGroup: Sendable {
    private let services: [any Service]
    private let logger: Logger

    /// - Parameter services: In the order of their start: each may use those before it.
    package init(_ services: [any Service], logger: Logger) {
        self.services = services
        self.logger = logger
    }

    /// What a task of the group ends with.
    private enum End: Sendable {
        case shutdownRequested
        case service(Int, (any Error)?)
    }

    /// Runs every service until `shutdown` returns or one of them ends, then stops all of them: the
    /// last one first, and each only after those that use it have returned.
    ///
    /// - Parameter shutdown: Returns when the process was asked to end, for example by SIGTERM.
    /// - Throws: The first error that a service ended with, after all have stopped.
    package func run(until shutdown: @escaping @Sendable () async -> Void) async throws {
        let failure = await withTaskGroup(of: End.self) { group -> (any Error)? in
            for (index, service) in services.enumerated() {
                group.addTask {
                    do {
                        try await service.run()
                        return .service(index, nil)
                    } catch {
                        return .service(index, error)
                    }
                }
            }
            group.addTask {
                await shutdown()
                return .shutdownRequested
            }
            var ended = Set<Int>()
            var failure: (any Error)?
            func take(_ end: End) {
                guard case .service(let index, let error) = end else { return }
                ended.insert(index)
                if let error, !(error is CancellationError) { failure = failure ?? error }
            }
            if let end = await group.next() {
                take(end)
                if case .service(let index, _) = end {
                    logger.error(
                        "A service ended by itself.",
                        metadata: ["service": "\(services[index].name)"])
                }
            }
            logger.info("Stopping.")
            for index in services.indices.reversed() {
                await services[index].stop()
                while !ended.contains(index), let end = await group.next() { take(end) }
            }
            group.cancelAll()
            return failure
        }
        if let failure { throw failure }
    }
}
