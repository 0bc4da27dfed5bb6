import Diagnostics
import Lifecycle
import Locking
import Logging
import SQLCore
import Tracing

/// Takes spans in and answers once they are durable.
///
/// Batches of many requests are written by one writer, in one transaction at a time: while one commits,
/// the next fill up. A batch that the bounded queue has no room for is refused at once. While the
/// database cannot be reached, what was admitted waits and is tried again.
package final class SpanIngestor: Service {
    package struct Configuration: Sendable {
        /// How many spans may wait, as `PHOENIX_MAX_SPANS_QUEUE_SIZE` says.
        package var queuedSpansMax = 20_000
        /// How many bytes the waiting spans may hold.
        package var queuedBytesMax = 24 << 20
        package var spansPerWriteMax = 8_192
        package var bytesPerWriteMax = 12 << 20
        /// How long into an outage of the database admitted batches wait for its return. Exporters
        /// give up after ten seconds by default and should be answered before.
        package var patience: Duration = .seconds(4)

        package init() {}
    }

    /// What became of an admitted batch.
    package struct Outcome: Sendable {
        /// Spans that the database would not take, by their position in the batch, with the reason.
        package var rejected: [(index: Int, reason: String)] = []

        package init() {}
    }

    private struct Pending: Sendable {
        var batch: SpanBatch
        var answer: CheckedContinuation<Outcome, any Error>
    }

    package let name = "span writer"
    private let configuration: Configuration
    private let store: TracingStore
    private let storage: StorageGuard
    private let logger: Logger
    private let metrics: IngestionMetrics
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int64
    private let clock = ContinuousClock()
    private let queue: Mutex<SpanQueue<Pending>>
    /// Since when the database is away; nil while it answers.
    private let outageStart = Mutex<ContinuousClock.Instant?>(nil)
    private let wakeUps: AsyncStream<Void>
    private let wakeUp: AsyncStream<Void>.Continuation

    package init(
        store: TracingStore, configuration: Configuration = Configuration(), storage: StorageGuard,
        metrics registry: MetricsRegistry, logger: Logger, now: @escaping @Sendable () -> Int64
    ) {
        self.store = store
        self.configuration = configuration
        self.storage = storage
        self.logger = logger
        self.now = now
        queue = Mutex(
            SpanQueue(
                limits: .init(
                    spans: configuration.queuedSpansMax, bytes: configuration.queuedBytesMax,
                    spansPerWrite: configuration.spansPerWriteMax,
                    bytesPerWrite: configuration.bytesPerWriteMax)))
        metrics = IngestionMetrics(registry)
        (wakeUps, wakeUp) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        metrics.showQueue(in: registry) { [weak self] in
            Double(self?.queuedSpanCount ?? 0)
        }
    }

    /// Spans that wait or are being written.
    var queuedSpanCount: Int { queue.withLock { $0.spanCount } }

    /// Whether spans wait or are being written.
    package var hasWork: Bool { queuedSpanCount > 0 }

    // MARK: Taking in

    /// Prepares spans that came together; that is done beside the writer.
    package func batch(_ spans: [IncomingSpan]) -> SpanBatch { store.batch(spans) }

    /// Throws when a request would be refused now, so that a large body need not be read first.
    package func requireRoom() throws(IngestionError) {
        if let reason = storage.reasonToRefuse { throw .storageFull(reason) }
        let (isFull, isClosed, spans) = queue.withLock {
            (
                $0.spanCount >= configuration.queuedSpansMax
                    || $0.byteCount >= configuration.queuedBytesMax, $0.isClosed, $0.spanCount
            )
        }
        if isClosed { throw .shuttingDown }
        if isFull { throw atCapacity(queued: spans) }
    }

    /// Counts a refusal and returns it.
    private func atCapacity(queued spans: Int) -> IngestionError {
        metrics.rejections.add()
        return .queueFull(spans: spans)
    }

    /// Writes a batch and returns when it is durable.
    ///
    /// - Throws: ``IngestionError``; then nothing of the batch is known to be stored, and sending it
    ///   again is safe.
    package func ingest(_ batch: SpanBatch) async throws -> Outcome {
        if let reason = storage.reasonToRefuse { throw IngestionError.storageFull(reason) }
        let spans = batch.spans
        guard !spans.isEmpty else { return Outcome() }
        let bytes = spans.reduce(0) { $0 + $1.byteCount }
        return try await withCheckedThrowingContinuation { answer in
            let (admission, queued) = queue.withLock { queue in
                let pending = Pending(batch: batch, answer: answer)
                return (queue.admit(pending, spans: spans.count, bytes: bytes), queue.spanCount)
            }
            switch admission {
            case .admitted: wakeUp.yield()
            case .full: answer.resume(throwing: atCapacity(queued: queued))
            case .closed: answer.resume(throwing: IngestionError.shuttingDown)
            }
        }
    }

    // MARK: Service

    /// Writes until ``stop()``, and then what was admitted before it. Cancelling the task refuses what
    /// waits.
    package func run() async throws {
        for await _ in wakeUps {
            while true {
                let batches = queue.withLock { $0.beginWrite() }
                if batches.isEmpty { break }
                await write(batches)
                queue.withLock { $0.endWrite() }
            }
            if queue.withLock({ $0.isClosed && $0.isEmpty }) { return }
        }
        refuseWaiting()
    }

    /// Answers those whose batches nobody will write any more, since the task was cancelled.
    private func refuseWaiting() {
        queue.withLock { $0.close() }
        while true {
            let batches = queue.withLock { $0.beginWrite() }
            if batches.isEmpty { return }
            for batch in batches { batch.answer.resume(throwing: IngestionError.shuttingDown) }
            queue.withLock { $0.endWrite() }
        }
    }

    package func stop() async {
        queue.withLock { $0.close() }
        wakeUp.yield()
    }

    // MARK: Writing

    private func write(_ batches: [Pending]) async {
        do {
            try await commit(batches.map(\.batch))
            for batch in batches { batch.answer.resume(returning: Outcome()) }
        } catch let error as DatabaseError where error.isTransient {
            fail(batches, .databaseUnavailable, because: error)
        } catch let error as DatabaseError where error.refusesWrites {
            fail(batches, .storageFull("the database accepts no writes."), because: error)
        } catch {
            // Something in one of the requests: the others must not suffer from it.
            if batches.count > 1 {
                for batch in batches { await write([batch]) }
            } else {
                await isolate(batches[0], because: error)
            }
        }
    }

    /// Commits, trying again while the database is away and ``Configuration/patience`` lasts.
    ///
    /// The patience is with the outage and not with each write: once it is used up, every write has
    /// one attempt, so that those who wait in the queue are answered soon.
    private func commit(_ batches: [SpanBatch]) async throws {
        var pause = Duration.milliseconds(50)
        while true {
            do {
                let began = clock.now
                let summary = try await store.insert(batches, now: now())
                metrics.wrote(summary, in: began.duration(to: clock.now), at: now())
                outageStart.withLock { $0 = nil }
                return
            } catch let error as DatabaseError where error.isTransient {
                let now = clock.now
                let start = outageStart.withLock { start in
                    start = start ?? now
                    return start ?? now
                }
                guard start.duration(to: now) < configuration.patience else { throw error }
                logger.warning(
                    "The database is away; spans wait.", metadata: ["reason": "\(error)"])
                // Cancelled only when the process ends, and then the next attempt ends it.
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    private func fail(_ batches: [Pending], _ error: IngestionError, because cause: any Error) {
        logger.error(
            "Spans were refused because the database did not take them.",
            metadata: ["reason": "\(cause)", "requests": "\(batches.count)"])
        metrics.failedSpans.add(
            Double(batches.reduce(0) { $0 + $1.batch.spans.count }),
            labels: [("reason", "\(error.code)")]
        )
        for batch in batches { batch.answer.resume(throwing: error) }
    }

    /// How many spans of one request are refused singly before the request is given up.
    private static let isolatedSpansMax = 16

    /// Writes the halves of a request apart until only the spans that the database refuses are left.
    private func isolate(_ pending: Pending, because cause: any Error) async {
        let spans = pending.batch.spans
        var outcome = Outcome()
        var ranges = [spans.indices]
        while let range = ranges.popLast() {
            do {
                try await commit([store.batch(Array(spans[range]))])
            } catch let error as DatabaseError where error.isTransient {
                return fail([pending], .databaseUnavailable, because: error)
            } catch let error as DatabaseError where error.refusesWrites {
                return fail(
                    [pending], .storageFull("the database accepts no writes."), because: error)
            } catch {
                if range.count > 1 {
                    let middle = range.lowerBound + range.count / 2
                    ranges.append(middle..<range.upperBound)
                    ranges.append(range.lowerBound..<middle)
                    continue
                }
                guard outcome.rejected.count < Self.isolatedSpansMax else {
                    return fail([pending], .writeFailed, because: error)
                }
                logger.error(
                    "The database refused a span.",
                    metadata: [
                        "span_id": "\(spans[range.lowerBound].spanID)", "reason": "\(error)",
                    ])
                outcome.rejected.append(
                    (range.lowerBound, "the database refused it: \(error)"))
            }
        }
        metrics.failedSpans.add(Double(outcome.rejected.count), labels: [("reason", "rejected")])
        pending.answer.resume(returning: outcome)
    }
}
