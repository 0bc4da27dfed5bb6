import Synchronization

/// A bound on the bytes that many parties hold together, such as all request bodies of a server.
///
/// It counts; it allocates nothing. Whoever reserves must release the same amount.
package final class MemoryBudget: Sendable {
    package let limit: Int
    private let reserved = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    /// Bytes reserved at this moment.
    package var used: Int { reserved.load(ordering: .relaxed) }

    /// Reserves `bytes`, or nothing when they would exceed the limit.
    ///
    /// Whoever holds all that is reserved may go beyond the limit: what is larger than it has its turn
    /// when it is alone.
    ///
    /// - Parameter own: What the caller has reserved already.
    package func reserve(_ bytes: Int, holding own: Int = 0) -> Bool {
        let (before, total) = reserved.add(bytes, ordering: .relaxed)
        if total <= limit || before <= own { return true }
        reserved.subtract(bytes, ordering: .relaxed)
        return false
    }

    package func release(_ bytes: Int) {
        reserved.subtract(bytes, ordering: .relaxed)
    }
}
