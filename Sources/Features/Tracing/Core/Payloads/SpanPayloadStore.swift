import FilterLanguage
import SQLCore

/// Where the payloads of spans are kept, which differs between the databases.
///
/// SQLite keeps many payloads in one compressed block: neighbours repeat each other, so a block needs
/// a fifth of the space. PostgreSQL keeps JSONB columns, which its own operators can read.
package protocol SpanPayloadStore: Sendable {
    /// The columns of `spans` that lead to the payload, in the order in which ``SpanPayloadWriter``
    /// appends their cells.
    var columns: [BulkRows.Column] { get }

    /// Does what can be done for payloads before they are written: compression takes longer than all
    /// the rest, and only one can write at a time.
    ///
    /// - Returns: Nil when nothing can, or too few payloads came together.
    func packed(_ payloads: [SpanPayload]) -> PackedPayloads?

    /// Starts writing the payloads of one batch of spans.
    func writer() -> any SpanPayloadWriter

    /// The columns to select for ``payloads(in:startingAt:on:)``, of the spans table called `s`.
    var selection: SQL { get }

    /// The payloads of `rows`, in their order.
    ///
    /// - Parameters:
    ///   - rows: Rows in which the columns of ``selection`` start at `column`.
    ///   - connection: The connection that the rows came from. One further statement at most is run
    ///     for every ``statementRowsMax`` blocks.
    func payloads(
        in rows: [SQLRow], startingAt column: Int, on connection: any SQLConnection
    ) throws -> [SpanPayload]

    /// How many rows with the columns of ``selection`` one statement should bring where payloads may
    /// be large: few when the rows carry them.
    var rowsAtOnce: Int { get }

    /// Starts reading payloads one by one.
    func reader() -> any SpanPayloadReader

    /// Takes the payloads of spans away. Call it before the rows of the spans are deleted.
    ///
    /// - Parameter condition: Which spans, as a condition on the table `spans` called `s`.
    func removePayloads(ofSpansWhere condition: SQL, on connection: any SQLConnection) throws

    /// Looks for bookkeeping of the store that does not match the spans.
    ///
    /// - Returns: One sentence a finding.
    func integrityFindings(on connection: any SQLConnection) throws -> [String]

    /// The value at a path of the attributes of the spans table called `s`, as JSON text; NULL when
    /// there is none.
    func attribute(at path: [FilterPathStep]) -> SQL

    /// A condition for `needle` being in a text of the spans table called `s`, ignoring case: in the
    /// name, the status message, or a string in the attributes or in those of an event.
    func texts(contain needle: String) -> SQL
}

/// Reads payloads one after the other, and keeps no more in memory than are stored together. Fastest
/// when the rows come in the order of their ids, or backwards.
package protocol SpanPayloadReader {
    /// The payload of a row in which the columns of ``SpanPayloadStore/selection`` start at `column`.
    func payload(
        in row: SQLRow, startingAt column: Int, on connection: any SQLConnection
    ) throws -> SpanPayload
}

/// Collects the payloads of one batch and then stores them.
package protocol SpanPayloadWriter {
    /// Takes one payload. Payloads come in the order of the spans.
    mutating func append(_ payload: SpanPayload)

    /// Takes payloads that the store has packed.
    mutating func append(_ payloads: PackedPayloads)

    /// Stores what was appended, where that is not done by the rows of the spans themselves.
    mutating func store(on connection: any SQLConnection) throws

    /// Appends the cells of ``SpanPayloadStore/columns`` for the payload at `index`, after
    /// ``store(on:)``.
    func appendCells(ofPayloadAt index: Int, to rows: inout BulkRows)
}

/// The payload store of a database.
package func spanPayloadStore(for dialect: SQLDialect) -> any SpanPayloadStore {
    switch dialect {
    case .sqlite: BlockPayloadStore()
    case .postgres: ColumnPayloadStore()
    }
}
