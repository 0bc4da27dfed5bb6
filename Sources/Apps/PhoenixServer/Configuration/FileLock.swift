#if canImport(Glibc)
    import Glibc
#endif

/// Holds a lock file for as long as it lives, so that two servers do not share one SQLite database.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// - Parameter subject: What the lock keeps for us, for the message.
    /// - Throws: ``ConfigurationError`` when another process holds it.
    init(path: String, subject: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw ConfigurationError(
                "The file '\(path)' cannot be opened (\(String(cString: strerror(errno)))). Grant the "
                    + "permission or set PHOENIX_WORKING_DIR to another folder.")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw ConfigurationError(
                "Another Phoenix server uses the \(subject). Stop it first. Several servers at once "
                    + "need a PHOENIX_WORKING_DIR each.")
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
