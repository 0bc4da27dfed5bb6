import SQLCore
import TextSignatures

/// Which texts the spans of a segment may have.
package struct SegmentSignature: Sendable {
    package let segment: Int64
    package let spanCount: Int
    /// The sum of the row ids of the spans that it was made of. When it is another one by the time the
    /// signature is stored, the signature must be made anew.
    let idSum: Int64
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

    /// Reads the spans of some segments and makes their signatures, one for each segment. That of a
    /// segment with a payload that cannot be read says "perhaps" to everything.
    ///
    /// - Complexity: Some 4 µs a span of 3 KB.
    package func signatures(
        of segments: [Int64], on connection: any SQLConnection
    ) throws -> [SegmentSignature] {
        let builder = SignatureBuilder()
        let reader = payloads.reader()
        var made: [SegmentSignature] = []
        for segment in segments {
            var spanCount = 0
            var idSum: Int64 = 0
            var isReadable = true
            for ids in SpanSegment(segment).runs(of: payloads.rowsAtOnce) {
                let rows = try connection.query(
                    """
                    SELECT s.id, s.name, s.status_message, \(payloads.selection)
                    FROM spans s
                    WHERE s.id BETWEEN \(ids.lowerBound) AND \(ids.upperBound)
                    ORDER BY s.id
                    """)
                for row in rows {
                    idSum += row.integer(0)
                    builder.add(text: row.text(1))
                    builder.add(text: row.text(2))
                    do {
                        let payload = try reader.payload(in: row, startingAt: 3, on: connection)
                        payload.attributes.withUnsafeBytes { builder.add(json: $0) }
                        payload.events.withUnsafeBytes { builder.add(json: $0) }
                    } catch is PayloadBlockError {
                        isReadable = false
                    }
                }
                spanCount += rows.count
            }
            let signature = builder.finish()
            made.append(
                SegmentSignature(
                    segment: segment, spanCount: spanCount, idSum: idSum,
                    signature: isReadable ? signature : .undecided))
        }
        return made
    }

    /// The signatures of `segments`, some of which were made before the caller's transaction began:
    /// those whose spans are others by now, and those that are missing, are made anew.
    func renewed(
        _ made: [SegmentSignature], for segments: [Int64], on connection: any SQLConnection
    ) throws -> [SegmentSignature] {
        var sums: [Int64: Int64] = [:]
        for chunk in segments.chunked() {
            let rows = try connection.query(
                """
                SELECT \(SpanSegment.numberOfSpan) AS segment, CAST(SUM(s.id) AS BIGINT)
                FROM \(SQL.spans(in: chunk.map { SpanSegment($0) }))
                GROUP BY segment
                """)
            for row in rows { sums[row.integer(0)] = row.integer(1) }
        }
        let wanted = Set(segments)
        let kept = made.filter {
            wanted.contains($0.segment) && $0.idSum == sums[$0.segment] ?? 0
        }
        let missing = wanted.subtracting(kept.map(\.segment))
        return kept + (try signatures(of: missing.sorted(), on: connection))
    }

    // MARK: Storing

    /// Stores the signatures of segments that are being sealed, inside of the caller's transaction.
    package func store(_ signatures: [SegmentSignature], on connection: any SQLConnection) throws {
        var rows = BulkRows([.init("segment", .bigint), .init("data", .blob)])
        for signature in signatures where !signature.signature.isEmpty {
            rows.append(signature.segment)
            rows.append(signature.signature.bytes)
        }
        try connection.insert(rows, into: "span_segment_signatures")
    }

    /// Removes what no span is left of: signatures of single segments, and groups as a whole.
    ///
    /// - Parameter segments: Those that spans were deleted from.
    package func removeEmptied(_ segments: [Int64], on connection: any SQLConnection) throws {
        func spanIDs(_ segments: ClosedRange<Int64>) -> SQL {
            """
            SELECT 1 FROM spans s WHERE s.id BETWEEN \(SpanSegment(segments.lowerBound).ids.lowerBound)
                AND \(SpanSegment(segments.upperBound).ids.upperBound)
            """
        }
        for segment in segments {
            try connection.execute(
                """
                DELETE FROM span_segment_signatures
                WHERE segment = \(segment) AND NOT EXISTS (\(spanIDs(segment...segment)))
                """)
        }
        for group in Set(segments.map(Self.group)) {
            try connection.execute(
                """
                DELETE FROM span_signature_slices
                WHERE group_id = \(group) AND NOT EXISTS (\(spanIDs(Self.segments(of: group))))
                """)
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
        for (segment, signature) in try Self.looseSignatures(in: segments, on: connection) {
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

    /// Those of some sealed segments that may have what the query asks for, in their order.
    ///
    /// - Parameter segments: Segments below ``nextSegment(on:)``; the others have no signature and
    ///   must be looked at in any case.
    /// - Complexity: One small row for each position of the query and 128 segments.
    package static func candidates(
        for query: SignatureQuery, among segments: [Int64], on connection: any SQLConnection
    ) throws -> [Int64] {
        guard let first = segments.min(), let last = segments.max() else { return [] }
        let groups = Set(segments.map(group)).sorted()
        let counts = try sliceCounts(ofGroups: groups, on: connection)
        let slices = try slices(at: query.positions, of: counts, on: connection)
        var masks: [Int64: SegmentMask] = [:]
        for (group, count) in counts {
            let set = slices[group] ?? [:]
            masks[group] = query.candidates { set[Int64($0) & (count - 1)] ?? .all }
        }
        var loose: Set<Int64> = []
        if counts.count < groups.count {
            for (segment, signature) in try looseSignatures(in: first...last, on: connection)
            where signature.mayMatch(query) {
                loose.insert(segment)
            }
        }
        return segments.filter { segment in
            let group = group(of: segment)
            guard let mask = masks[group] else { return loose.contains(segment) }
            return mask.contains(Int(segment - Self.segments(of: group).lowerBound))
        }
    }

    /// The first segment that is not sealed: it and all later ones have no signature.
    package static func nextSegment(on connection: any SQLConnection) throws -> Int64 {
        try connection.first("SELECT next_segment FROM span_segment_progress")?.integer(0) ?? 0
    }

    // MARK: Rows

    private static func looseSignatures(
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
    private static func sliceCounts(
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
    private static func slices(
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
