import Lifecycle
import Locking
import SQLCore

#if canImport(Glibc)
    import Glibc
#endif

/// Hears the notifications of one channel (`LISTEN`), on a connection and a thread of its own.
///
/// A lost connection is made again, first after 100 ms and then after ever longer pauses up to
/// five seconds. What was sent meanwhile is lost, which ``Event/connected`` tells.
package final class PostgresListener: Service {
    package enum Event: Sendable, Hashable {
        /// The channel is heard from here on, for the first time or again.
        case connected
        case disconnected(reason: String)
        case notification(payload: String)
    }

    package let name = "postgres listener"
    private let conninfo: String
    private let channel: String
    private let deliver: @Sendable (Event) -> Void
    private let thread = WorkerThread(name: "pg listener")
    /// A pipe whose writing end is closed to wake the thread for its end.
    private let wakeUp: Pipe

    /// - Parameters:
    ///   - conninfo: A connection URI or a keyword string, of a server that takes writes.
    ///   - channel: As `pg_notify` is given it; at most 63 bytes.
    ///   - deliver: Called on the listener's thread, which must not be held up.
    package init(
        conninfo: String, channel: String, deliver: @escaping @Sendable (Event) -> Void
    ) {
        precondition(channel.utf8.count < 64, "The channel name \(channel) is too long.")
        self.conninfo = conninfo
        self.channel = channel
        self.deliver = deliver
        wakeUp = Pipe()
    }

    package func run() async throws {
        try await thread.run { self.listen() }
        thread.stop()
    }

    package func stop() async { wakeUp.close() }

    // MARK: On the thread

    private func listen() {
        var pauseMs: Int32 = 100
        while !wakeUp.isClosed {
            do {
                // Five seconds bound how long a stop waits for a server that does not answer.
                let connection = try PostgresConnection(
                    conninfo: conninfo, searchPath: nil, timeout: 5)
                let quoted = channel.split(separator: "\"", omittingEmptySubsequences: false)
                try connection.run(script: "LISTEN \"\(quoted.joined(separator: "\"\""))\"")
                pauseMs = 100
                deliver(.connected)
                try hear(connection)
                return
            } catch {
                deliver(.disconnected(reason: "\(error)"))
                if wakeUp.wait(forMs: pauseMs) { return }
                pauseMs = min(pauseMs * 2, 5000)
            }
        }
    }

    /// Returns when the listener is to end.
    private func hear(_ connection: PostgresConnection) throws {
        while true {
            // A server that vanished without a word is found out by asking it now and then.
            guard let isReadable = wakeUp.wait(for: connection.socket, upToMs: 30_000) else {
                return
            }
            if !isReadable { try connection.run(script: "SELECT 1") }
            for payload in try connection.notifications() {
                deliver(.notification(payload: payload))
            }
        }
    }
}

/// Ends waits of another thread.
private final class Pipe: Sendable {
    private let reading: Int32
    /// Negative once closed.
    private let writing: Mutex<Int32>

    init() {
        var ends: [Int32] = [-1, -1]
        let code = pipe(&ends)
        precondition(code == 0, "The system refused to make a pipe (errno \(errno)).")
        reading = ends[0]
        writing = Mutex(ends[1])
    }

    deinit {
        close()
        Glibc.close(reading)
    }

    var isClosed: Bool { writing.withLock { $0 < 0 } }

    func close() {
        writing.withLock { descriptor in
            if descriptor >= 0 { Glibc.close(descriptor) }
            descriptor = -1
        }
    }

    /// Waits for the end. Returns whether it came in time.
    func wait(forMs milliseconds: Int32) -> Bool {
        var descriptors = [pollfd(fd: reading, events: Int16(POLLIN), revents: 0)]
        return poll(&descriptors, 1, milliseconds) > 0
    }

    /// Waits for a socket to be readable. Returns whether it is, and nil at the end.
    func wait(for socket: Int32, upToMs milliseconds: Int32) -> Bool? {
        var descriptors = [
            pollfd(fd: reading, events: Int16(POLLIN), revents: 0),
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, milliseconds)
        if descriptors[0].revents != 0 { return nil }
        return descriptors[1].revents != 0
    }
}
