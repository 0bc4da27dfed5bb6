import BinaryText
import Cryptography
import DomainEvents
import Lifecycle
import Logging
import PostgresDatabase
import SQLCore

/// Carries events between the servers that share a PostgreSQL database.
///
/// Events of this process are sent as notifications, gathered over a short pause so that heavy
/// ingestion costs a few small transactions a second. Those of others come in by a listener. When
/// notifications may have been lost, since the listener's connection broke or a message could not be
/// sent, all clients are told to look at everything anew. As a safety net the highest row id of the
/// spans is looked at now and then, so that a lost notification costs only time.
package final class ReplicaEvents: Service {
    package struct Configuration: Sendable {
        /// Between two messages at least.
        package var pause: Duration = .milliseconds(50)
        /// Between two looks at the highest row id.
        package var pollInterval: Duration = .seconds(5)
        package var clock: any Clock<Duration> = ContinuousClock()

        package init() {}
    }

    /// What was inserted behind a row id; nil instead of too much.
    package typealias CatchUp =
        @Sendable (_ watermark: Int64) async throws -> (
            insertions: [SpansInserted]?, watermark: Int64
        )

    package let name = "replica events"
    private let database: any SQLDatabase
    private let hub: EventHub
    private let outbox: EventOutbox
    private let channel: String
    private let configuration: Configuration
    private let logger: Logger
    private let catchUp: CatchUp
    private let listener: PostgresListener
    private let heard: AsyncStream<PostgresListener.Event>
    private let isStopped: AsyncStream<Void>
    private let stopSignal: AsyncStream<Void>.Continuation
    private let endOfHearing: @Sendable () -> Void

    /// - Parameters:
    ///   - outbox: Where `hub` forwards events of this process to.
    ///   - schema: The schema of the tables, nil for the connection's default. Servers of one
    ///     database and schema hear each other.
    package init(
        _ database: any SQLDatabase, conninfo: String, schema: String?, hub: EventHub,
        outbox: EventOutbox, configuration: Configuration = Configuration(), logger: Logger,
        catchUp: @escaping CatchUp
    ) {
        self.database = database
        self.hub = hub
        self.outbox = outbox
        self.configuration = configuration
        self.logger = logger
        self.catchUp = catchUp
        channel = Self.channel(schema: schema)
        let (heard, continuation) = AsyncStream<PostgresListener.Event>.makeStream(
            bufferingPolicy: .bufferingNewest(1000))
        self.heard = heard
        endOfHearing = { continuation.finish() }
        listener = PostgresListener(conninfo: conninfo, channel: channel) { event in
            // What is not heard in time is lost, so that everybody has to look for themselves.
            if case .dropped = continuation.yield(event) { hub.reset() }
        }
        (isStopped, stopSignal) = AsyncStream.makeStream()
    }

    /// Notifications know no schemas, so its name is part of the channel's.
    static func channel(schema: String?) -> String {
        let digest = SHA256.digest((schema ?? "").utf8)
        return "phoenix_events_" + Hexadecimal.encode(Array(digest.prefix(8)))
    }

    // MARK: Service

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask {
                do {
                    try await self.listener.run()
                } catch {
                    self.logger.error(
                        "Events of other servers are not heard.", metadata: ["reason": "\(error)"])
                }
                self.endOfHearing()
            }
            group.addTask { await self.hear() }
            group.addTask { await self.send() }
            group.addTask { await self.poll() }
            for await _ in isStopped {}
            await listener.stop()
            outbox.close()
            group.cancelAll()
        }
    }

    package func stop() async { stopSignal.finish() }

    // MARK: Sending

    private func send() async {
        for await _ in outbox.wakeUps {
            let texts = EventMessage.texts(sender: hub.epoch, outbox.takeAll())
            var pause = configuration.pause
            do {
                try await notify(texts)
            } catch {
                logger.warning(
                    "Other servers could not be told of a change and will be told to look.",
                    metadata: ["reason": "\(error)"])
                pause = .seconds(1)
                outbox.addLoss()
            }
            do {
                try await configuration.clock.sleep(for: pause)
            } catch {
                return  // Cancelled.
            }
        }
    }

    private func notify(_ texts: [String]) async throws {
        guard !texts.isEmpty else { return }
        let channel = channel
        try await database.write { connection in
            // Nothing is stored, so there is nothing to wait for the disk for.
            try connection.run(script: "SET LOCAL synchronous_commit = off")
            for text in texts {
                let query: SQL = "SELECT pg_notify(\(channel), \(text))"
                _ = try connection.query(query)
            }
        }
    }

    // MARK: Hearing

    private func hear() async {
        var hasBroken = false
        for await event in heard {
            switch event {
            case .connected:
                if hasBroken { hub.reset() }
                hasBroken = false
            case .disconnected(let reason):
                if !hasBroken {
                    logger.warning(
                        "Events of other servers are not heard for the time being.",
                        metadata: ["reason": "\(reason)"])
                }
                hasBroken = true
            case .notification(let payload):
                guard let message = EventMessage(payload), message.sender != hub.epoch else {
                    continue
                }
                if message.hasLost { hub.reset() }
                for event in message.events { hub.publish(event, from: .elsewhere) }
            }
        }
    }

    // MARK: Catching up

    private func poll() async {
        var isFirst = true
        while !Task.isCancelled {
            await lookForMissed(tells: !isFirst)
            isFirst = false
            do {
                try await configuration.clock.sleep(for: configuration.pollInterval)
            } catch {
                return  // Cancelled.
            }
        }
    }

    /// Publishes what is in the database and no event told of.
    private func lookForMissed(tells: Bool) async {
        do {
            let (insertions, newest) = try await catchUp(hub.watermark)
            hub.raiseWatermark(to: newest)
            guard tells else { return }
            if let insertions {
                for insertion in insertions {
                    hub.publish(.spansInserted(insertion), from: .elsewhere)
                }
            } else {
                hub.reset()
            }
        } catch {
            // The next look may succeed; why the database is away is in the log of who needs it.
            logger.debug("The highest span was not read.", metadata: ["reason": "\(error)"])
        }
    }
}
