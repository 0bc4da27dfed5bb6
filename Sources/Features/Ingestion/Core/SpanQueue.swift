/// What waits to be written, as a state machine without time or threads.
///
/// The queue is bounded in spans and in bytes, counting what is being written too, so that memory
/// stays bounded whatever arrives. An empty queue takes any batch: one that is larger than the bounds
/// could otherwise never be written.
struct SpanQueue<Batch> {
    struct Limits: Sendable {
        /// How many spans may wait and be written together.
        var spans: Int
        /// How many bytes they may hold.
        var bytes: Int
        /// How many spans and bytes go into one transaction. One batch at least always does.
        var spansPerWrite: Int
        var bytesPerWrite: Int
    }

    fileprivate struct Entry {
        var batch: Batch
        var spans: Int
        var bytes: Int
    }

    let limits: Limits
    private var waiting: [Entry] = []
    /// Spans and bytes that wait or are being written.
    private(set) var spanCount = 0
    private(set) var byteCount = 0
    private(set) var isClosed = false
    private var writing: (spans: Int, bytes: Int)?

    enum Admission: Equatable { case admitted, full, closed }

    init(limits: Limits) { self.limits = limits }

    var isEmpty: Bool { waiting.isEmpty }

    /// Takes a batch in, whole or not at all.
    mutating func admit(_ batch: Batch, spans: Int, bytes: Int) -> Admission {
        guard !isClosed else { return .closed }
        let fits =
            spanCount + spans <= limits.spans && byteCount + bytes <= limits.bytes
            || spanCount == 0
        guard fits else { return .full }
        waiting.append(Entry(batch: batch, spans: spans, bytes: bytes))
        spanCount += spans
        byteCount += bytes
        return .admitted
    }

    /// Takes the batches of the next write out, in the order of admission. Empty when none waits.
    mutating func beginWrite() -> [Batch] {
        precondition(writing == nil, "There is one writer, and it is writing.")
        var batches: [Batch] = []
        var spans = 0
        var bytes = 0
        for entry in waiting {
            let fits =
                spans + entry.spans <= limits.spansPerWrite
                && bytes + entry.bytes <= limits.bytesPerWrite
            guard batches.isEmpty || fits else { break }
            batches.append(entry.batch)
            spans += entry.spans
            bytes += entry.bytes
        }
        waiting.removeFirst(batches.count)
        if !batches.isEmpty { writing = (spans, bytes) }
        return batches
    }

    /// Frees the room of the batches that ``beginWrite()`` returned.
    mutating func endWrite() {
        guard let done = writing else { return }
        spanCount -= done.spans
        byteCount -= done.bytes
        writing = nil
    }

    /// Admits nothing more; what waits is still written.
    mutating func close() { isClosed = true }
}

extension SpanQueue: Sendable where Batch: Sendable {}
extension SpanQueue.Entry: Sendable where Batch: Sendable {}
