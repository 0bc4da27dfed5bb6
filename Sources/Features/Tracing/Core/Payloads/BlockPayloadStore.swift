import Compression
import FilterLanguage
import JSON
import SQLCore
import SQLiteDatabase

/// Payloads in the table `span_payload_blocks`, many to a compressed block.
struct BlockPayloadStore: SpanPayloadStore {
    let columns: [BulkRows.Column] = [
        .init("payload_block_id", .bigint), .init("payload_index", .integer),
    ]

    func writer() -> any SpanPayloadWriter { Writer() }

    var selection: SQL { "s.payload_block_id, s.payload_index" }

    func payloads(
        in rows: [SQLRow], startingAt column: Int, on connection: any SQLConnection
    ) throws -> [SpanPayload] {
        let ids = Array(Set(rows.map { $0.integer(column) }))
        let decompressor = ZstdDecompressor()
        var blocks: [Int64: PayloadBlock.Reader] = [:]
        for chunk in ids.chunked() {
            for block in try connection.query(
                "SELECT id, data FROM span_payload_blocks WHERE id IN (\(list: chunk))")
            {
                blocks[block.integer(0)] = try PayloadBlock.Reader(
                    compressed: block.blob(1), with: decompressor)
            }
        }
        return try rows.map { row in
            guard let block = blocks[row.integer(column)] else { throw PayloadBlockError() }
            return try block.payload(Int(row.integer(column + 1)))
        }
    }

    let rowsAtOnce = 512

    func reader() -> any SpanPayloadReader { OpenPayloadBlock() }

    // MARK: Removal

    func removePayloads(ofSpansWhere condition: SQL, on connection: any SQLConnection) throws {
        let gone = try connection.query(
            "SELECT s.payload_block_id, s.payload_index FROM spans s WHERE \(condition)")
        let indexes = Dictionary(grouping: gone, by: { $0.integer(0) })
            .mapValues { rows in rows.map { Int($0.integer(1)) } }
        for chunk in Array(indexes.keys).chunked() {
            let blocks = try connection.query(
                "SELECT id, live_count FROM span_payload_blocks WHERE id IN (\(list: chunk))")
            var emptied: [Int64] = []
            for block in blocks {
                let id = block.integer(0)
                if indexes[id]!.count >= block.integer(1) {
                    emptied.append(id)
                } else {
                    try blank(indexes[id]!, ofBlock: id, on: connection)
                }
            }
            try connection.execute("DELETE FROM span_payload_blocks WHERE id IN (\(list: emptied))")
        }
    }

    /// Blanks the entries of deleted spans, so that what was deleted is gone from the file.
    private func blank(
        _ indexes: [Int], ofBlock id: Int64, on connection: any SQLConnection
    ) throws {
        let row = try connection.first("SELECT data FROM span_payload_blocks WHERE id = \(id)")!
        let reader = try PayloadBlock.Reader(compressed: row.blob(0), with: ZstdDecompressor())
        var block = PayloadBlock(try (0..<reader.count).map(reader.payload))
        for index in indexes { block.clear(index) }
        let data = Self.compressors.withCompressor { block.compressed(with: $0) }
        try connection.execute(
            """
            UPDATE span_payload_blocks
            SET data = \(data), live_count = live_count - \(indexes.count)
            WHERE id = \(id)
            """)
    }

    func integrityFindings(on connection: any SQLConnection) throws -> [String] {
        try connection.query(
            """
            SELECT b.id
            FROM span_payload_blocks b
            LEFT JOIN (
                SELECT payload_block_id, COUNT(*) AS span_count
                FROM spans
                GROUP BY payload_block_id
            ) s ON s.payload_block_id = b.id
            WHERE b.live_count <> COALESCE(s.span_count, 0)
            ORDER BY b.id
            LIMIT 100
            """
        ).map { "Payload block \($0.integer(0)) counts other spans than it holds." }
    }

    // MARK: Attributes in SQL

    func attribute(at path: [FilterPathStep]) -> SQL {
        let steps = path.map { step -> JSONValue in
            switch step {
            case .key(let key): .string(key)
            case .index(let index): .integer(Int64(index))
            }
        }
        let encoded = JSONValue.array(steps).text
        return "span_attribute(s.payload_block_id, s.payload_index, \(encoded))"
    }

    /// `span_attribute(block, index, path)`: the JSON text at a path, given as a JSON array of keys
    /// and indexes.
    ///
    /// Each connection keeps the block that it opened last, since scans meet the spans of a block one
    /// after another.
    static let attributeFunction = SQLiteFunction(name: "span_attribute", argumentCount: 3) {
        arguments, connection, state in
        guard case .integer(let block) = arguments[0], case .integer(let index) = arguments[1],
            case .text(let path) = arguments[2]
        else { return .null }
        let cache = state as? OpenPayloadBlock ?? OpenPayloadBlock()
        state = cache
        return try cache.value(block: block, index: Int(index), path: path, on: connection)
    }

    func texts(contain needle: String) -> SQL {
        """
        span_contains(s.name, s.status_message, s.payload_block_id, s.payload_index, \(needle))
        """
    }

    /// `span_contains(name, status message, block, index, needle)`: whether one of the span's texts
    /// contains the needle, as ``TextMatch`` looks for it.
    static let containsFunction = SQLiteFunction(name: "span_contains", argumentCount: 5) {
        arguments, connection, state in
        guard case .text(let name) = arguments[0], case .text(let message) = arguments[1],
            case .integer(let block) = arguments[2], case .integer(let index) = arguments[3],
            case .text(let needle) = arguments[4]
        else { return .integer(0) }
        let cache = state as? OpenPayloadBlock ?? OpenPayloadBlock()
        state = cache
        let found = try cache.contains(
            needle, name: name, statusMessage: message, block: block, index: Int(index),
            on: connection)
        return .integer(found ? 1 : 0)
    }

    // MARK: Writing

    /// With Zstandard's default level: about as fast as level 1 on blocks of this size, and smaller. Of
    /// the process, as contexts know nothing of a database.
    fileprivate static let compressors = ZstdCompressorPool(level: 3, limit: 4)

    /// With fewer payloads a block of their own would compress badly.
    private static let packedMin = PayloadBlock.entriesMax / 2

    func packed(_ payloads: [SpanPayload]) -> PackedPayloads? {
        guard payloads.count >= Self.packedMin else { return nil }
        var blocks = OpenBlocks()
        for payload in payloads { _ = blocks.append(payload) }
        return PackedPayloads(blocks: blocks.packed())
    }

    /// Payloads on their way into blocks.
    private struct OpenBlocks {
        private(set) var blocks: [[SpanPayload]] = []
        private var openBytes = 0

        /// - Returns: The block's number and the place in it.
        mutating func append(_ payload: SpanPayload) -> (block: Int, index: Int) {
            if blocks.isEmpty || blocks[blocks.count - 1].count >= PayloadBlock.entriesMax
                || openBytes + payload.byteCount > PayloadBlock.bytesMax
            {
                blocks.append([])
                openBytes = 0
            }
            blocks[blocks.count - 1].append(payload)
            openBytes += payload.byteCount
            return (blocks.count - 1, blocks[blocks.count - 1].count - 1)
        }

        func packed() -> [PackedPayloads.Block] {
            guard !blocks.isEmpty else { return [] }
            return BlockPayloadStore.compressors.withCompressor { compressor in
                blocks.map { entries in
                    PackedPayloads.Block(
                        count: entries.count,
                        bytes: PayloadBlock(entries).compressed(with: compressor))
                }
            }
        }
    }

    private struct Writer: SpanPayloadWriter {
        /// Where a payload went: into a block that came packed, or into one that is open.
        private struct Place {
            var isPacked: Bool
            var block: Int
            var index: Int
        }

        private var packed: [PackedPayloads.Block] = []
        private var open = OpenBlocks()
        private var places: [Place] = []
        /// Of the packed blocks, then of the open ones.
        private var ids: [Int64] = []

        mutating func append(_ payload: SpanPayload) {
            let (block, index) = open.append(payload)
            places.append(Place(isPacked: false, block: block, index: index))
        }

        mutating func append(_ payloads: PackedPayloads) {
            for block in payloads.blocks {
                for index in 0..<block.count {
                    places.append(Place(isPacked: true, block: packed.count, index: index))
                }
                packed.append(block)
            }
        }

        mutating func store(on connection: any SQLConnection) throws {
            let blocks = packed + open.packed()
            ids = try connection.allocateIDs(blocks.count, for: "span_payload_blocks")
            var rows = BulkRows([
                .init("id", .bigint), .init("live_count", .integer), .init("data", .blob),
            ])
            for (id, block) in zip(ids, blocks) {
                rows.append(id)
                rows.append(Int64(block.count))
                rows.append(block.bytes)
            }
            try connection.insert(rows, into: "span_payload_blocks")
        }

        func appendCells(ofPayloadAt index: Int, to rows: inout BulkRows) {
            let place = places[index]
            rows.append(ids[place.isPacked ? place.block : packed.count + place.block])
            rows.append(Int64(place.index))
        }
    }
}
