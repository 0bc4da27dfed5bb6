import Locking

/// Says whether the database may take more data.
package final class StorageGuard: Sendable {
    private let reason = Mutex<String?>(nil)

    package init() {}

    /// Why new data is refused; nil while it is not.
    package var reasonToRefuse: String? { reason.withLock { $0 } }

    package func refuse(because text: String) { reason.withLock { $0 = text } }
    package func admit() { reason.withLock { $0 = nil } }
}
