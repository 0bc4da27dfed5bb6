/// Spans were not taken in. Nothing of the request is stored.
package struct IngestionError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// The queue has no room. The same request may be sent again after ``retryAfter``.
        case queueFull
        /// The server is shutting down.
        case shuttingDown
        /// The database could not be reached in time.
        case databaseUnavailable
        /// The database takes no more data.
        case storageFull
        /// The write failed for a reason that a retry does not mend.
        case writeFailed
    }

    package let code: Code
    package let message: String
    /// When to try again; nil when trying again is of no use.
    package let retryAfter: Duration?

    static func queueFull(spans: Int) -> Self {
        Self(
            code: .queueFull,
            message: "Server is at capacity and cannot process more requests "
                + "(\(spans) spans are queued). Retry after a short wait.",
            retryAfter: .seconds(1))
    }

    static let shuttingDown = Self(
        code: .shuttingDown, message: "The server is shutting down. Retry after a short wait.",
        retryAfter: .seconds(5))

    static let databaseUnavailable = Self(
        code: .databaseUnavailable,
        message: "The database cannot be reached. Nothing was stored. Retry after a short wait.",
        retryAfter: .seconds(5))

    static func storageFull(_ reason: String) -> Self {
        Self(
            code: .storageFull,
            message:
                "Insufficient storage: \(reason) Nothing was stored. Free some space or delete "
                + "old traces.",
            retryAfter: nil)
    }

    static let writeFailed = Self(
        code: .writeFailed,
        message: "The spans could not be written. The server's log has the reason.",
        retryAfter: nil)

    package var description: String { message }
}
