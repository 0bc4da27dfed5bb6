import Compression
import JSON
import SQLCore
import TextSignatures

/// The payload block that a connection reads attributes from, kept open from row to row.
final class OpenPayloadBlock: SpanPayloadReader {
    private var id: Int64?
    private var reader: PayloadBlock.Reader?
    private var path: (text: String, steps: [JSONPathStep]) = ("", [])
    private var decompressor: ZstdDecompressor?
    private var needle: TextNeedle?

    func payload(
        in row: SQLRow, startingAt column: Int, on connection: any SQLConnection
    ) throws -> SpanPayload {
        try open(row.integer(column), on: connection).payload(Int(row.integer(column + 1)))
    }

    /// The JSON text of the attribute at a path of one entry; NULL when there is none.
    func value(
        block: Int64, index: Int, path text: String, on connection: any SQLConnection
    ) throws -> SQLValue {
        let reader = try open(block, on: connection)
        if path.text != text { path = (text, try Self.steps(text)) }
        return try reader.withAttributes(index) { attributes in
            guard let range = JSON.range(of: path.steps, in: attributes) else { return .null }
            return .text(String(decoding: attributes[range], as: UTF8.self))
        }
    }

    /// Whether a text of the span is, or contains, the needle.
    func contains(
        _ text: String, name: String, statusMessage: String, block: Int64, index: Int,
        on connection: any SQLConnection
    ) throws -> Bool {
        guard !text.isEmpty else { return false }
        if needle?.text != text { needle = TextNeedle(text) }
        guard let needle else { return false }
        if needle.occurs(in: name) || needle.occurs(in: statusMessage) { return true }
        let reader = try open(block, on: connection)
        return try reader.withAttributes(index) { attributes in
            try reader.withEvents(index) { events in
                try TextMatch.exists(needle, attributes: attributes, events: events)
            }
        }
    }

    private func open(
        _ block: Int64, on connection: any SQLConnection
    ) throws -> PayloadBlock.Reader {
        if id == block, let reader { return reader }
        guard
            let row = try connection.first(
                "SELECT data FROM span_payload_blocks WHERE id = \(block)")
        else { throw PayloadBlockError() }
        let decompressor = self.decompressor ?? ZstdDecompressor()
        self.decompressor = decompressor
        let opened = try PayloadBlock.Reader(compressed: row.blob(0), with: decompressor)
        reader = opened
        id = block
        return opened
    }

    private static func steps(_ text: String) throws -> [JSONPathStep] {
        try JSON.parse(text).arrayValue?.compactMap { step in
            step.stringValue.map(JSONPathStep.key) ?? step.integerValue.map { .index(Int($0)) }
        } ?? []
    }
}
