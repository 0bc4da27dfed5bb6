import SQLCore
import TextSignatures

/// Which texts the spans of a segment may have.
package struct SegmentSignature: Sendable {
    package let segment: Int64
    /// How many spans it was made of. When there are more by the time it is stored, it must be made
    /// anew.
    package let spanCount: Int
    let signature: TextSignature
}

/// The text signatures of sealed segments in the database.
///
/// A signature names all that its segment's spans had when it was made. When spans are deleted or
/// moved it stays as it is, for it may say too much but never too little.
///
/// The signatures of 128 neighbouring segments become a group as soon as all of them are sealed, and
/// are then stored slice by slice (``SignatureGroup``).
package struct SegmentSignatures {
    let payloads: any SpanPayloadStore

    package init(payloads: any SpanPayloadStore) { self.payloads = payloads }

    // MARK: Making

    /// How many segments are read at once: some 1.5 MB of payloads.
    private static let segmentsAtOnce: Int64 = 4

    /// Reads the spans of some segments and makes their signatures, one for each segment.
    ///
    /// - Complexity: Some 4 µs a span of 3 KB.
    package func signatures(
        ofSegments segments: ClosedRange<Int64>, on connection: any SQLConnection
    ) throws -> [SegmentSignature] {
        let builder = SignatureBuilder()
        var made: [SegmentSignature] = []
        var first = segments.lowerBound
        while first <= segments.upperBound {
            let last = min(first + Self.segmentsAtOnce - 1, segments.upperBound)
            let rows = try connection.query(
                """
                SELECT s.id, s.name, s.status_message, \(payloads.selection)
                FROM spans s
                WHERE s.id BETWEEN \(SpanSegment(first).ids.lowerBound)
                    AND \(SpanSegment(last).ids.upperBound)
                ORDER BY s.id
                """)
            let payloads = try payloads.payloads(in: rows, startingAt: 3, on: connection)
            var index = 0
            for segment in first...last {
                let start = index
                while index < rows.count,
                    SpanSegment(of: rows[index].integer(0)).number == segment
                {
                    builder.add(text: rows[index].text(1))
                    builder.add(text: rows[index].text(2))
                    payloads[index].attributes.withUnsafeBytes { builder.add(json: $0) }
                    payloads[index].events.withUnsafeBytes { builder.add(json: $0) }
                    index += 1
                }
                made.append(
                    SegmentSignature(
                        segment: segment, spanCount: index - start, signature: builder.finish()))
            }
            first = last + 1
        }
        return made
    }

    // MARK: Storing

    /// Stores signatures inside of the caller's transaction.
    ///
    /// A signature that came before is replaced; but a group keeps what it has, until none of its
    /// spans is left, and is then removed.
    package func store(_ signatures: [SegmentSignature], on connection: any SQLConnection) throws {
        let groups = Set(signatures.map { Self.group(of: $0.segment) })
        let grouped = Set(try sliceCounts(ofGroups: groups.sorted(), on: connection).keys)
        let loose = signatures.filter { !grouped.contains(Self.group(of: $0.segment)) }
        for chunk in loose.map(\.segment).chunked() {
            try connection.execute(
                "DELETE FROM span_segment_signatures WHERE segment IN (\(list: chunk))")
        }
        var rows = BulkRows([.init("segment", .bigint), .init("data", .blob)])
        for signature in loose where !signature.signature.isEmpty {
            rows.append(signature.segment)
            rows.append(signature.signature.bytes)
        }
        try connection.insert(rows, into: "span_segment_signatures")

        let emptied = signatures.filter { $0.spanCount == 0 }.map { Self.group(of: $0.segment) }
        for group in Set(emptied).intersection(grouped) {
            let segments = Self.segments(of: group)
            let spans = try connection.first(
                """
                SELECT s.id
                FROM spans s
                WHERE s.id BETWEEN \(SpanSegment(segments.lowerBound).ids.lowerBound)
                    AND \(SpanSegment(segments.upperBound).ids.upperBound)
                LIMIT 1
                """)
            guard spans == nil else { continue }
            try connection.execute("DELETE FROM span_signature_slices WHERE group_id = \(group)")
        }
    }

    /// Makes groups of the signatures whose groups are complete, inside of the caller's transaction.
    ///
    /// - Parameter limit: How many groups at most; each writes about half a megabyte.
    /// - Returns: How many were made. Fewer than `limit` when none is left.
    @discardableResult
    package func mergeFullGroups(limit: Int = 1, on connection: any SQLConnection) throws -> Int {
        let next = try Self.nextSegment(on: connection)
        var made = 0
        while made < limit {
            let end = Self.group(of: next)
            guard
                let first = try connection.first(
                    """
                    SELECT segment
                    FROM span_segment_signatures
                    WHERE segment < \(Self.segments(of: end).lowerBound)
                    ORDER BY segment
                    LIMIT 1
                    """)
            else { break }
            try merge(group: Self.group(of: first.integer(0)), on: connection)
            made += 1
        }
        return made
    }

    private func merge(group: Int64, on connection: any SQLConnection) throws {
        let segments = Self.segments(of: group)
        var signatures = [TextSignature](
            repeating: .empty, count: SignatureGroup.segmentCount)
        for (segment, signature) in try looseSignatures(in: segments, on: connection) {
            signatures[Int(segment - segments.lowerBound)] = signature
        }
        let merged = SignatureGroup(signatures)
        try connection.execute("DELETE FROM span_signature_slices WHERE group_id = \(group)")
        var rows = BulkRows([
            .init("group_id", .bigint), .init("slice_block", .bigint), .init("data", .blob),
        ])
        for (index, block) in merged.blocks.enumerated() {
            rows.append(group)
            rows.append(Int64(index))
            rows.append(block)
        }
        try connection.insert(rows, into: "span_signature_slices")
        try connection.execute(
            """
            DELETE FROM span_segment_signatures
            WHERE segment BETWEEN \(segments.lowerBound) AND \(segments.upperBound)
            """)
    }

    // MARK: Asking

    /// The sealed segments that may have what the query asks for, the newest first.
    ///
    /// - Parameter range: Which segments are asked about. Those that are not sealed are left out;
    ///   see ``nextSegment(on:)``.
    /// - Complexity: One small row for each position of the query and 128 segments.
    package func candidates(
        for query: SignatureQuery, in range: Range<Int64>, on connection: any SQLConnection
    ) throws -> [Int64] {
        let end = min(range.upperBound, try Self.nextSegment(on: connection))
        guard range.lowerBound < end else { return [] }
        let range = range.lowerBound..<end
        let groups = Self.group(of: range.lowerBound)...Self.group(of: range.upperBound - 1)
        let counts = try sliceCounts(ofGroups: Array(groups), on: connection)
        let slices = try slices(at: query.positions, of: counts, on: connection)
        var found: [Int64] = []
        for (group, count) in counts {
            let masks = slices[group] ?? [:]
            let first = Self.segments(of: group).lowerBound
            let mask = query.candidates { masks[Int64($0) & (count - 1)] ?? SegmentMask.all }
            found += mask.members.map { first + Int64($0) }
        }
        let loose = try looseSignatures(
            in: range.lowerBound...range.upperBound - 1, on: connection)
        found += loose.filter { $0.signature.mayMatch(query) }.map(\.segment)
        return found.filter(range.contains).sorted(by: >)
    }

    /// The first segment that is not sealed: it and all later ones have no signature.
    package static func nextSegment(on connection: any SQLConnection) throws -> Int64 {
        try connection.first("SELECT next_segment FROM span_segment_progress")?.integer(0) ?? 0
    }

    // MARK: Rows

    private func looseSignatures(
        in segments: ClosedRange<Int64>, on connection: any SQLConnection
    ) throws -> [(segment: Int64, signature: TextSignature)] {
        try connection.query(
            """
            SELECT segment, data
            FROM span_segment_signatures
            WHERE segment BETWEEN \(segments.lowerBound) AND \(segments.upperBound)
            ORDER BY segment
            """
        ).map { row in
            guard let signature = TextSignature(bytes: row.blob(1)) else {
                throw SegmentSignatureError(segment: row.integer(0))
            }
            return (row.integer(0), signature)
        }
    }

    /// How many slices each group has; those without any are left out.
    ///
    /// The count is a power of two, so that the number of the last block tells it.
    private func sliceCounts(
        ofGroups groups: [Int64], on connection: any SQLConnection
    ) throws -> [Int64: Int64] {
        var counts: [Int64: Int64] = [:]
        for chunk in groups.chunked() {
            let rows = try connection.query(
                """
                WITH w (group_id) AS (VALUES \(rows: chunk.map { [.integer($0)] }))
                SELECT w.group_id, (
                    SELECT MAX(b.slice_block)
                    FROM span_signature_slices b
                    WHERE b.group_id = w.group_id)
                FROM w
                """)
            for row in rows {
                guard let last = row.optionalInteger(1) else { continue }
                var count: Int64 = 64
                while Self.block(ofSlice: count - 1) < last { count *= 2 }
                counts[row.integer(0)] = count
            }
        }
        return counts
    }

    private static func block(ofSlice slice: Int64) -> Int64 {
        slice / Int64(SignatureGroup.slicesInBlock)
    }

    /// In the text of the statement, since PostgreSQL would take a bound value for a larger type.
    private static let sliceSize = String(SignatureGroup.sliceSize)

    private struct SliceKey: Hashable {
        var group: Int64
        var slice: Int64
    }

    /// The slices at some positions of some groups.
    private func slices(
        at positions: [UInt16], of counts: [Int64: Int64], on connection: any SQLConnection
    ) throws -> [Int64: [Int64: SegmentMask]] {
        var keys: Set<SliceKey> = []
        for (group, count) in counts {
            for position in positions {
                keys.insert(SliceKey(group: group, slice: Int64(position) & (count - 1)))
            }
        }
        let wanted = keys.sorted { ($0.group, $0.slice) < ($1.group, $1.slice) }
        var masks: [Int64: [Int64: SegmentMask]] = [:]
        for chunk in wanted.chunked() {
            let values = chunk.map { key -> [SQLValue] in
                let place = key.slice % Int64(SignatureGroup.slicesInBlock)
                return [
                    .integer(key.group), .integer(Self.block(ofSlice: key.slice)),
                    .integer(place * Int64(SignatureGroup.sliceSize) + 1), .integer(key.slice),
                ]
            }
            let rows = try connection.query(
                """
                WITH w (group_id, slice_block, place, slice) AS (VALUES \(rows: values))
                SELECT w.group_id, w.slice,
                    SUBSTR(b.data, CAST(w.place AS INTEGER), \(unsafe: Self.sliceSize))
                FROM w
                JOIN span_signature_slices b
                    ON b.group_id = w.group_id AND b.slice_block = w.slice_block
                """)
            for row in rows {
                masks[row.integer(0), default: [:]][row.integer(1)] = SignatureGroup.mask(
                    row.blob(2))
            }
        }
        return masks
    }

    // MARK: Numbers

    static func group(of segment: Int64) -> Int64 {
        segment / Int64(SignatureGroup.segmentCount)
    }

    static func segments(of group: Int64) -> ClosedRange<Int64> {
        let size = Int64(SignatureGroup.segmentCount)
        return group * size...group * size + (size - 1)
    }
}

/// A stored signature does not have the form that we write.
struct SegmentSignatureError: Error, CustomStringConvertible {
    let segment: Int64

    var description: String {
        "The text signature of the span segment \(segment) is damaged. Run `phoenix verify`."
    }
}
