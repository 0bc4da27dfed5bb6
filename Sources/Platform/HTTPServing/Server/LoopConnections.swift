import Glibc
import HTTPMessages
import NIOCore

/// A connection as its event loop keeps it.
protocol ServerConnection: AnyObject {
    /// Closes or answers what has waited too long.
    func checkDeadlines(now: NIODeadline)
    /// Takes no further requests, finishes those under way, then closes.
    func stop()
    /// Closes at once.
    func abort()
}

/// The connections of one event loop, and one timer for all of their deadlines.
///
/// A sweep over a few thousand connections costs less than a timer for each, which every request
/// would have to move.
// SAFETY: used on its event loop alone, which every method checks.
final class LoopConnections: @unchecked Sendable {
    let eventLoop: any EventLoop
    /// The value of the `date` header, renewed by the sweep.
    private(set) var date = LoopConnections.currentDate()
    private(set) var isStopping = false
    private var connections: [ObjectIdentifier: any ServerConnection] = [:]
    private var sweep: RepeatedTask?

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
    }

    func startSweeping(every interval: TimeAmount) {
        eventLoop.preconditionInEventLoop()
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            self.date = Self.currentDate()
            let now = NIODeadline.now()
            for connection in Array(self.connections.values) {
                connection.checkDeadlines(now: now)
            }
        }
    }

    /// Puts the connection in charge of its channel; a later one takes over from an earlier.
    func set(_ connection: any ServerConnection, for channel: any Channel) {
        eventLoop.preconditionInEventLoop()
        connections[ObjectIdentifier(channel)] = connection
        if isStopping { connection.stop() }
    }

    func remove(_ channel: any Channel) {
        eventLoop.preconditionInEventLoop()
        connections[ObjectIdentifier(channel)] = nil
    }

    func stopAll() {
        eventLoop.preconditionInEventLoop()
        isStopping = true
        for connection in Array(connections.values) { connection.stop() }
    }

    func abortAll() {
        eventLoop.preconditionInEventLoop()
        for connection in Array(connections.values) { connection.abort() }
    }

    func stopSweeping() {
        eventLoop.preconditionInEventLoop()
        sweep?.cancel()
    }

    private static func currentDate() -> String {
        HTTPDate.format(secondsSinceEpoch: time(nil))
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
    }
}
