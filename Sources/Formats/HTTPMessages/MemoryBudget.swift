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
    package func reserve(_ bytes: Int) -> Bool {
        let (_, total) = reserved.add(bytes, ordering: .relaxed)
        if total <= limit { return true }
        reserved.subtract(bytes, ordering: .relaxed)
        return false
    }

    /// Reserves `bytes` like ``reserve(_:)``, and any number of them while nothing else is reserved,
    /// so that what is larger than the limit has its turn when it is alone.
    package func reserveWithinLimitOrAlone(_ bytes: Int) -> Bool {
        let (before, total) = reserved.add(bytes, ordering: .relaxed)
        if total <= limit || before == 0 { return true }
        reserved.subtract(bytes, ordering: .relaxed)
        return false
    }

    package func release(_ bytes: Int) {
        reserved.subtract(bytes, ordering: .relaxed)
    }
}
