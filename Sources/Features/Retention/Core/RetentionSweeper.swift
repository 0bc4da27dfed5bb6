import Lifecycle
import Logging
import PhoenixModel
import Tracing

/// What else is deleted at each full hour.
package struct HourlyChore: Sendable {
    /// What is deleted, for the log: "ephemeral experiments".
    package var things: String
    /// Returns how many were deleted.
    package var run: @Sendable (_ now: Timestamp) async throws -> Int

    package init(_ things: String, run: @escaping @Sendable (Timestamp) async throws -> Int) {
        self.things = things
        self.run = run
    }
}

/// Applies the retention policies at each full hour of UTC, for as long as the server runs.
///
/// Features above this one add chores, which are done after that.
///
/// An hour that passes while the server is down is not made up for. Several servers may sweep at
/// once: what one has deleted the others pass over.
package final class RetentionSweeper: Service {
    package let name = "retention"
    /// Sessions without traces are kept for as long after their end, in microseconds.
    package static let emptySessionAge: Int64 = 3_600_000_000

    private static let hour: Int64 = 3_600_000_000
    private static let day = 86_400_000_000.0

    private let tracing: TracingStore
    private let store: RetentionStore
    private let chores: [HourlyChore]
    private let logger: Logger
    private let now: @Sendable () -> Timestamp
    private let sleep: @Sendable (Duration) async throws -> Void
    private let (stops, stopping) = AsyncStream<Void>.makeStream()

    package init(
        _ tracing: TracingStore, chores: [HourlyChore] = [], logger: Logger,
        now: @escaping @Sendable () -> Timestamp,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        }
    ) {
        self.tracing = tracing
        store = RetentionStore(tracing)
        self.chores = chores
        self.logger = logger
        self.now = now
        self.sleep = sleep
    }

    // MARK: Service

    package func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { [self] in await watch() }
            for await _ in stops {}
            group.cancelAll()
        }
    }

    package func stop() async { stopping.finish() }

    private func watch() async {
        var last = now().microseconds / Self.hour
        while !Task.isCancelled {
            let wait = (last + 1) * Self.hour - now().microseconds
            if wait > 0 {
                do {
                    try await sleep(.microseconds(wait))
                } catch {
                    // Cancellation is what ends a sleep early, and the loop with it.
                    return
                }
            }
            let current = now().microseconds / Self.hour
            // A clock may be set back while this sleeps.
            guard current > last else { continue }
            last = current
            await sweep(hour: current)
            for chore in chores { await perform(chore) }
        }
    }

    private func perform(_ chore: HourlyChore) async {
        do {
            let count = try await chore.run(now())
            guard count > 0 else { return }
            logger.info(
                "What had its time was deleted.",
                metadata: ["things": "\(chore.things)", "count": "\(count)"])
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "What had its time could not be deleted. The next full hour tries anew.",
                metadata: ["things": "\(chore.things)", "reason": "\(error)"])
        }
    }

    private func sweep(hour: Int64) async {
        do {
            let swept = try await apply(hour: hour, now: now())
            guard swept != Sweep() else { return }
            logger.info(
                "Old traces were deleted.",
                metadata: ["traces": "\(swept.traces)", "sessions": "\(swept.sessions)"])
        } catch is CancellationError {
            return
        } catch {
            logger.warning(
                "Old traces could not be deleted. The next full hour tries anew.",
                metadata: ["reason": "\(error)"])
        }
    }

    // MARK: Sweeping

    /// What was deleted.
    package struct Sweep: Hashable, Sendable {
        package var traces = 0
        package var sessions = 0

        package init(traces: Int = 0, sessions: Int = 0) {
            self.traces = traces
            self.sessions = sessions
        }
    }

    /// Applies the policies of an hour and deletes old sessions without traces, in slices.
    ///
    /// - Parameter hour: How many hours after the beginning of 1970.
    package func apply(hour: Int64, now: Timestamp) async throws -> Sweep {
        var sweep = Sweep()
        for policy in try await store.policies() {
            // One that an earlier version of the rules admitted is passed over.
            guard let cron = try? CronExpression(policy.cronExpression),
                cron.includes(hour: hour), policy.rule.deletesAnything
            else { continue }
            let projects = try await tracing.projects(ofPolicies: [policy.id])[policy.id] ?? []
            for project in projects {
                try Task.checkCancellation()
                sweep.traces += try await apply(policy.rule, to: project.id, now: now)
            }
        }
        sweep.sessions = try await tracing.deleteEmptySessions(
            endedBefore: Timestamp(microseconds: now.microseconds - Self.emptySessionAge))
        return sweep
    }

    private func apply(
        _ rule: StoredRetentionPolicy.Rule, to project: Project.ID, now: Timestamp
    ) async throws -> Int {
        var count = 0
        if let days = rule.days {
            // More days than there are since 1970 delete nothing.
            let age = min(days * Self.day, 9e18)
            let start = Double(now.microseconds) - age
            if start > 0 {
                count += try await tracing.deleteTraces(
                    of: project, startedBefore: Timestamp(microseconds: Int64(start)))
            }
        }
        if let newest = rule.count {
            count += try await tracing.deleteTraces(of: project, beyondNewest: newest)
        }
        return count
    }
}

extension StoredRetentionPolicy.Rule {
    /// After how many days traces are deleted; nil for never.
    package var days: Double? {
        switch self {
        case .maxDays(let days), .maxDaysOrCount(let days, _): days > 0 ? days : nil
        case .maxCount: nil
        }
    }

    /// How many traces a project keeps; nil for all.
    package var count: Int64? {
        switch self {
        case .maxCount(let count), .maxDaysOrCount(_, let count): count > 0 ? count : nil
        case .maxDays: nil
        }
    }

    fileprivate var deletesAnything: Bool { days != nil || count != nil }
}
