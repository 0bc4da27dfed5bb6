import Lifecycle
import SQLCore

#if canImport(Glibc)
    import Glibc
#endif

/// A PostgreSQL database (14 or newer), reached through a small pool of connections.
///
/// Connections are opened when first needed and again after they broke, so a server that goes away
/// and comes back needs nothing from us. Until it is back, calls throw `unavailable`.
package final class PostgresDatabase: SQLDatabase {
    package struct Configuration: Sendable {
        /// A connection URI or a keyword string, as libpq takes it.
        package var conninfo: String
        /// Where reads go; nil for the same server.
        package var readConninfo: String?
        /// The schema that holds the tables; nil for the connection's default.
        package var schema: String?
        package var writerCount = 3
        package var readerCount = 4

        package init(conninfo: String) { self.conninfo = conninfo }
    }

    package let dialect = SQLDialect.postgres
    private let writers: Pool
    private let readers: Pool
    /// Where requests to cancel are sent, each a round trip.
    private let canceller = WorkerThread(name: "pg canceller")

    package init(_ configuration: Configuration) {
        let schema = configuration.schema
        let write = configuration.conninfo
        let read = configuration.readConninfo ?? write
        writers = Pool(name: "pg writer", size: configuration.writerCount) {
            try PostgresConnection(conninfo: write, searchPath: schema)
        }
        readers = Pool(name: "pg reader", size: configuration.readerCount) {
            try PostgresConnection(conninfo: read, searchPath: schema)
        }
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        let flag = CancellationFlag()
        return try await withTaskCancellationHandler {
            try await flag.passingOn {
                try await readers.transaction(
                    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellation: flag, body)
            }
        } onCancel: {
            flag.set()
            Self.interrupt(flag, on: canceller)
        }
    }

    /// Interrupts a read until it has ended: the server forgets a request that comes before the
    /// statement has begun there.
    private static func interrupt(_ flag: CancellationFlag, on canceller: WorkerThread) {
        canceller.submit {
            guard flag.interrupt() else { return }
            usleep(interruptionPause)
            interrupt(flag, on: canceller)
        }
    }

    /// Between two requests to cancel, in microseconds.
    private static let interruptionPause: useconds_t = 5000

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value {
        try await writers.transaction("BEGIN ISOLATION LEVEL READ COMMITTED", body)
    }

    package func size() async throws -> Int64 {
        try await read { connection in
            try connection.first("SELECT pg_database_size(current_database())")!.integer(0)
        }
    }

    package func integrityFindings() async throws -> [String] {
        // amcheck needs a superuser and an extension; what every role can do is read every row, which
        // reports a damaged page. The schema's own rules are checked by the features.
        try await read { connection in
            let tables = try connection.query(
                """
                SELECT c.relname::text
                FROM pg_class c
                JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = current_schema() AND c.relkind = 'r'
                ORDER BY c.relname
                """)
            return tables.compactMap { row in
                let table = row.text(0)
                do {
                    _ = try connection.query(
                        "SELECT count(t::text) FROM \(unsafe: "\"\(table)\"") AS t")
                    return nil
                } catch {
                    return "Table \(table) cannot be read whole: \(error)"
                }
            }
        }
    }

    package func close() async {
        await writers.close()
        await readers.close()
        canceller.stop()
    }

    /// Connections, each with the thread that it lives on.
    private final class Pool: Sendable {
        private final class Seat: Sendable {
            let thread: WorkerThread
            // SAFETY: only jobs of `thread` touch the connection.
            nonisolated(unsafe) var connection: PostgresConnection?

            init(_ name: String) { thread = WorkerThread(name: name) }
        }

        private let seats: [Seat]
        private let free: SeatPool
        private let connect: @Sendable () throws -> PostgresConnection

        init(name: String, size: Int, connect: @escaping @Sendable () throws -> PostgresConnection)
        {
            seats = (0..<size).map { Seat("\(name) \($0)") }
            free = SeatPool(count: size)
            self.connect = connect
        }

        func transaction<Value: Sendable>(
            _ begin: String, cancellation flag: CancellationFlag? = nil,
            _ body: @escaping @Sendable (any SQLConnection) throws -> Value
        ) async throws -> Value {
            let index = await free.take()
            defer { free.give(back: index) }
            try flag?.check()
            let seat = seats[index]
            let connect = connect
            return try await seat.thread.run {
                let connection = try Self.begin(seat, begin, connect)
                connection.cancellation = flag
                flag?.arm(connection.makeInterrupt())
                defer {
                    flag?.disarm()
                    connection.cancellation = nil
                    // A late interruption would stop a statement of somebody else.
                    if flag?.isSet == true { seat.connection = nil }
                }
                do {
                    let value = try body(connection)
                    try connection.run(script: "COMMIT")
                    return value
                } catch {
                    if connection.isUsable, connection.isInTransaction {
                        // A rollback that fails means a lost connection, which the next use replaces.
                        try? connection.run(script: "ROLLBACK")
                    }
                    if !connection.isUsable { seat.connection = nil }
                    throw error
                }
            }
        }

        /// Opens a transaction; a connection that died while idle is replaced once.
        private static func begin(
            _ seat: Seat, _ statement: String, _ connect: () throws -> PostgresConnection
        ) throws -> PostgresConnection {
            if let connection = seat.connection {
                do {
                    try connection.run(script: statement)
                    return connection
                } catch {
                    seat.connection = nil
                }
            }
            let connection = try connect()
            seat.connection = connection
            try connection.run(script: statement)
            return connection
        }

        func close() async {
            for seat in seats {
                // A stopped thread has closed its connection already.
                try? await seat.thread.run { seat.connection = nil }
                seat.thread.stop()
            }
        }
    }
}
