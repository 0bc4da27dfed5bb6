/// One open connection, used by one thread at a time inside ``SQLDatabase/read(_:)`` or
/// ``SQLDatabase/write(_:)``. Calls block.
package protocol SQLConnection: AnyObject {
    var dialect: SQLDialect { get }

    /// Runs a statement and returns all of its rows.
    func query(_ statement: SQL) throws -> [SQLRow]

    /// Runs a statement whose columns are integers and never NULL, and returns them row after row:
    /// a fraction of what ``query(_:)`` costs when there are many rows.
    func integers(_ statement: SQL) throws -> [Int64]

    /// Runs a statement and returns the number of rows that it changed.
    @discardableResult
    func execute(_ statement: SQL) throws -> Int

    /// Runs one statement, or several separated by semicolons, without values.
    func run(script: String) throws

    /// Inserts many rows with one round trip. They come in parts, so that the database can take in
    /// one while the next is made.
    ///
    /// - Parameter makeParts: Hands parts with these columns over, and runs no statement meanwhile.
    ///   What it throws ends the insert.
    /// - Throws: ``DatabaseError`` with ``DatabaseError/Code/uniqueViolation`` when a row collides;
    ///   the transaction must then be rolled back.
    func insert(
        _ columns: [BulkRows.Column], into table: String,
        makeParts: (_ insert: (BulkRows) throws -> Void) throws -> Void
    ) throws

    /// Adds to the sums of a table: rows whose key is there are added to it, column by column, the
    /// others are inserted.
    ///
    /// - Parameter rows: No two with the same key, in the order in which all who add sort them, so that
    ///   concurrent transactions cannot deadlock.
    /// - Parameter keyColumns: How many of the first columns are the table's key; the rest are sums.
    func add(_ rows: BulkRows, into table: String, keyColumns: Int) throws

    /// Takes `count` fresh row ids of a table that has an id sequence, ascending.
    ///
    /// Ids are never given out twice, also not after the rows were deleted.
    func allocateIDs(_ count: Int, for table: String) throws -> [Int64]
}

/// A database: readers beside each other, one transaction a write.
package protocol SQLDatabase: Sendable {
    var dialect: SQLDialect { get }

    /// Runs `body` in a read-only snapshot.
    ///
    /// When the task is cancelled, the running statement stops and `body` gets an error, so that what
    /// nobody waits for keeps no connection.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before the end.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// Runs `body` in one transaction, which is durable when this returns and undone when it throws.
    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value

    /// The bytes that the database occupies.
    func size() async throws -> Int64

    /// Gives back memory that is kept for what was written last.
    func releaseCache() async throws

    /// Looks for damage. Returns one sentence a finding, none when all is well.
    func integrityFindings() async throws -> [String]

    /// Closes every connection. Calls after this throw.
    func close() async
}

extension SQLDatabase {
    // Where the database is a server, the cache is not in this process.
    package func releaseCache() async throws {}
}

extension SQLConnection {
    /// Inserts rows with one round trip, as ``insert(_:into:makeParts:)`` does; none with none.
    package func insert(_ rows: BulkRows, into table: String) throws {
        guard !rows.isEmpty else { return }
        try insert(rows.columns, into: table) { insert in try insert(rows) }
    }

    /// The first row of an answer, or nil when there is none. The others are read too, so let the
    /// statement bring one.
    package func first(_ statement: SQL) throws -> SQLRow? { try query(statement).first }
}
