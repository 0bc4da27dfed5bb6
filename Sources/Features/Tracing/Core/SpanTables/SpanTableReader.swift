import ArrowStream
import FilterLanguage
import JSON
import PhoenixModel
import SQLCore

/// Reads the rows of one table in pages, as often as needed. The answer is the same each time but
/// for spans that are deleted meanwhile.
///
/// Whole spans come by their start, the latest first; tables of other columns by trace, those that
/// started last first.
package struct SpanTableReader: Sendable {
    private let store: TracingStore
    private let table: SpanTable
    private let project: Project.ID?
    private let filter: SpanFilter
    private let limit: Int
    private let format: Format
    /// The columns, and the rows when all of them are small.
    private var columns: SpanTableColumns
    private var kept: [SpanTableRow]?

    package enum Format: Sendable {
        /// Pandas' `orient="table"`.
        case json
        /// Arrow's streaming format.
        case arrow
    }

    private static let pageSizeFirst = 200
    private static let pageSizeMax = 2000
    /// About how much memory the payloads of a page take.
    private static let pageBytes = 4 << 20

    /// Looks at all rows once for their columns.
    ///
    /// - Parameters:
    ///   - project: Nil for one that nothing was sent to, whose tables are empty.
    ///   - filter: Which spans; the conditions of the table are added to it.
    ///   - limit: How many spans at most; negative for all of them.
    ///   - format: In which the table will be written.
    ///   - bytesKept: Up to how many bytes of payloads the rows are kept for being written. Beyond, they
    ///     are read again, so that a large table takes no more memory than a page.
    package init(
        _ table: SpanTable, of project: Project.ID?, where filter: SpanFilter, limit: Int,
        on store: TracingStore, as format: Format, bytesKept: Int
    ) async throws {
        self.table = table
        self.format = format
        self.project = project
        self.store = store
        self.limit = limit < 0 ? .max : limit
        var filter = filter
        if let expression = table.filter { filter.expressions.append(expression) }
        let lists = [table.explode, table.concat].compactMap { $0 }
        if !lists.isEmpty { filter.listsAtAny = lists.compactMap(\.path) }
        filter.idMax = try await store.lastSpanID()
        self.filter = filter
        columns = table.emptyColumns
        columns.observesForArrow = format == .arrow
        var columns = columns
        var rows: [SpanTableRow] = []
        var bytesLeft = bytesKept
        try await forEachPage { page in
            for stored in page {
                let found = try table.rows(stored)
                for row in found { columns.observe(row) }
                // Every row of a span repeats what the span has once.
                bytesLeft -= stored.payload.byteCount + 200 * found.count
                if bytesLeft >= 0 { rows += found } else { rows = [] }
            }
        }
        self.columns = columns
        kept = bytesLeft >= 0 ? rows : nil
    }

    /// Writes the table.
    ///
    /// - Parameter send: Takes each part of the text. It is called again once it has returned.
    package func write(to send: ([UInt8]) async throws -> Void) async throws {
        switch format {
        case .json: try await writeJSON(to: send)
        case .arrow: try await writeArrow(to: send)
        }
    }

    private var renames: [String: String] { table.isWholeSpans ? [:] : table.renames }

    private func writeJSON(to send: ([UInt8]) async throws -> Void) async throws {
        var writer = JSONWriter(reserving: 1 << 16)
        writer.beginObject()
        columns.writeHead(to: &writer, renames: renames)
        writer.key("data")
        writer.beginArray()
        try await forEachRow { row in
            columns.write(row, to: &writer, renames: renames)
            if writer.count >= Self.partBytes { try await send(writer.takeBytes()) }
        }
        writer.endArray()
        writer.endObject()
        try await send(writer.takeBytes())
    }

    private func writeArrow(to send: ([UInt8]) async throws -> Void) async throws {
        let (stream, metadata) = columns.arrow(renames: renames)
        try await send(stream.head(metadata: [("pandas", metadata)]))
        var rows: [SpanTableRow] = []
        try await forEachRow { row in
            rows.append(row)
            if rows.count == Self.batchSize {
                try await send(stream.batch(columns.arrowValues(rows)))
                rows.removeAll(keepingCapacity: true)
            }
        }
        if !rows.isEmpty { try await send(stream.batch(columns.arrowValues(rows))) }
        try await send(ArrowStream.end)
    }

    private static let partBytes = 1 << 16
    private static let batchSize = 500

    private func forEachRow(_ visit: (SpanTableRow) async throws -> Void) async throws {
        if let kept {
            for row in kept { try await visit(row) }
        } else {
            try await forEachPage { page in
                for stored in page {
                    for row in try table.rows(stored) { try await visit(row) }
                }
            }
        }
    }

    private func forEachPage(_ visit: ([StoredSpan]) async throws -> Void) async throws {
        guard let project else { return }
        var left = limit
        var size = Self.pageSizeFirst
        var whole: SpanPosition?
        var part: SpanByTracePosition?
        while left > 0 {
            let rows: [StoredSpan]
            let isLast: Bool
            if table.isWholeSpans {
                let page = try await store.spans(
                    of: project, where: filter, order: SpanOrder(.startTime, isDescending: true),
                    from: whole, limit: min(left, size))
                rows = page.rows
                whole = page.following.map { .startTime($0.span.startTime, $0.span.id) }
                isLast = whole == nil
            } else {
                let page = try await store.spansByTrace(
                    of: project, where: filter, from: part, limit: min(left, size))
                rows = page.rows
                part = page.next
                isLast = part == nil
            }
            try await visit(rows)
            guard !isLast else { return }
            left -= rows.count
            let bytes = rows.reduce(0) { $0 + $1.payload.byteCount + 1000 }
            size = min(max(Self.pageBytes / (bytes / rows.count + 1), 1), Self.pageSizeMax)
        }
    }
}
