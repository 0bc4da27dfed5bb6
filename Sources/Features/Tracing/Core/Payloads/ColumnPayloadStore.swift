import FilterLanguage
import SQLCore

/// Payloads as three JSONB columns of the span's own row.
struct ColumnPayloadStore: SpanPayloadStore {
    let columns: [BulkRows.Column] = [
        .init("attributes", .json), .init("events", .json), .init("extras", .json),
    ]

    func writer() -> any SpanPayloadWriter { Writer() }

    var selection: SQL { "s.attributes, s.events, s.extras" }

    func payloads(
        in rows: [SQLRow], startingAt column: Int, on connection: any SQLConnection
    ) throws -> [SpanPayload] {
        rows.map { Self.payload(in: $0, startingAt: column) }
    }

    private static func payload(in row: SQLRow, startingAt column: Int) -> SpanPayload {
        SpanPayload(
            attributes: LargeDoubles.restored(row.blob(column)),
            events: LargeDoubles.restored(row.blob(column + 1)),
            extras: row.optionalBlob(column + 2) ?? [])
    }

    let rowsAtOnce = 64

    func reader() -> any SpanPayloadReader { Reader() }

    private struct Reader: SpanPayloadReader {
        func payload(
            in row: SQLRow, startingAt column: Int, on connection: any SQLConnection
        ) -> SpanPayload {
            ColumnPayloadStore.payload(in: row, startingAt: column)
        }
    }

    func removePayloads(ofSpansWhere condition: SQL, on connection: any SQLConnection) throws {}

    func integrityFindings(on connection: any SQLConnection) throws -> [String] { [] }

    func attribute(at path: [FilterPathStep]) -> SQL {
        // `#>` would take the text "0" for an index into an array as well.
        var json: SQL = "s.attributes"
        for step in path {
            switch step {
            case .key(let key): json = "(\(json) -> \(key)::text)"
            case .index(let index):
                // No list is longer than PostgreSQL can count.
                json = "(\(json) -> \(min(index, Int(Int32.max)))::int)"
            }
        }
        return "(\(json))::text"
    }

    func texts(contain needle: String) -> SQL {
        let columns = ["s.name", "s.status_message"].map {
            SQL.containment(ofText: needle, in: "\(unsafe: $0)")
        }
        let documents = [("s.attributes", "$.**"), ("s.events", "$[*].attributes.**")]
            .map { column, path -> SQL in
                let found = SQL.containment(ofText: needle, in: "(j.v #>> '{}')")
                return """
                    EXISTS (SELECT 1 FROM jsonb_path_query(\(unsafe: column), \
                    '\(unsafe: path) ? (@.type() == "string")') AS j (v) WHERE \(found))
                    """
            }
        return "(\(columns + documents, separator: " OR "))"
    }

    func packed(_ payloads: [SpanPayload]) -> PackedPayloads? { nil }

    private struct Writer: SpanPayloadWriter {
        private var payloads: [SpanPayload] = []

        mutating func append(_ payload: SpanPayload) { payloads.append(payload) }

        mutating func append(_ payloads: PackedPayloads) {
            preconditionFailure("Columns are not packed.")
        }

        mutating func store(on connection: any SQLConnection) throws {}

        func appendCells(ofPayloadAt index: Int, to rows: inout BulkRows) {
            let payload = payloads[index]
            rows.append(payload.attributes)
            rows.append(payload.events)
            rows.append(payload.extras.isEmpty ? nil : payload.extras)
        }
    }
}
