import CPostgreSQL
import SQLCore

private let loaded: (library: LibPQ, failure: String?) = {
    var library = LibPQ()
    let failure = libpq_load(&library).map { String(cString: $0) }
    return (library, failure)
}()

/// PostgreSQL's client library, which is loaded when it is first used. To be used only after
/// ``LibPQ/checkIsLoaded()``.
let libpq = loaded.library

extension LibPQ {
    /// Loads the library.
    ///
    /// - Throws: ``DatabaseError`` when this machine does not have it.
    static func checkIsLoaded() throws {
        guard let failure = loaded.failure else { return }
        throw DatabaseError(
            .unavailable,
            "PostgreSQL's client library cannot be loaded: \(failure). Install it (libpq5 on Debian and "
                + "Ubuntu), or use SQLite.")
    }
}
