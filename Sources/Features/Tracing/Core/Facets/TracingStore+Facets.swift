import PhoenixModel
import SQLCore

extension TracingStore {
    /// Counts the values of some fields among the spans that a filter selects.
    ///
    /// Segments are read in an order that spreads evenly over the spans in question, until all were
    /// read or the time is up; what was counted is then scaled up, which ``SpanFacets`` tells.
    ///
    /// - Parameters:
    ///   - limit: How many values a field has at most.
    ///   - budget: When it is spent counting ends, but not before some spans were read.
    package func spanFacets(
        _ fields: [FacetField], of project: Project.ID, where filter: SpanFilter, limit: Int,
        budget: SearchBudget
    ) async throws -> SpanFacets {
        let payloads = payloads
        var walk = try await database.read { connection in
            FacetWalk(
                fields: fields, payloads: payloads,
                conditions: filter.conditions(in: project, path: nil, payloads),
                candidates: try FacetWalk.candidates(for: filter, in: project, on: connection))
        }
        while !walk.isDone {
            try Task.checkCancellation()
            let before = walk
            walk = try await database.read { connection in
                var walk = before
                try walk.advance(on: connection)
                return walk
            }
            if budget.isSpent() { break }
        }
        return walk.facets(limit: limit)
    }
}

enum FacetOrder {
    /// The numbers below `count` such that each prefix is spread evenly: in steps of the golden
    /// section, around and around.
    static func spread(_ count: Int) -> [Int] {
        guard count > 2 else { return Array(0..<max(count, 0)) }
        var step = Int(Double(count) * 0.618_033_988_75)
        while !isCoprime(step, count) { step += 1 }
        return (0..<count).map { $0 * step % count }
    }

    private static func isCoprime(_ left: Int, _ right: Int) -> Bool {
        var (left, right) = (left, right)
        while right != 0 { (left, right) = (right, left % right) }
        return left == 1
    }
}

/// Counting on its way through the segments that can hold selected spans.
private struct FacetWalk: Sendable {
    struct Candidate: Sendable {
        var segment: SpanSegment
        /// About how many spans it has.
        var weight: Int64
    }

    private let fields: [FacetField]
    private let payloads: any SpanPayloadStore
    private let conditions: [SQL]
    /// Runs of neighbouring segments, evenly spread: each prefix covers the whole.
    private let runs: [ArraySlice<Candidate>]
    private let weight: Int64

    private var next = 0
    private var turn = 0
    private var weightRead: Int64 = 0
    private var spansCounted: Int64 = 0
    private var counts: [[String?: Int64]]
    private var overflow: [Int64]

    /// How many neighbouring segments are read together: their payloads are stored together too.
    private static let runLength = 4
    /// How many runs one statement reads, from the first statement on.
    private static let groupSizes = [4, 16, 32]
    /// The same where payloads must be opened, which takes far longer.
    private static let payloadGroupSizes = [1, 2, 4]
    /// How many different values of a field are told apart.
    private static let valuesMax = 10_000

    init(
        fields: [FacetField], payloads: any SpanPayloadStore, conditions: [SQL],
        candidates: [Candidate]
    ) {
        self.fields = fields
        self.payloads = payloads
        self.conditions = conditions
        let slices = stride(from: 0, to: candidates.count, by: Self.runLength).map {
            candidates[$0..<min($0 + Self.runLength, candidates.count)]
        }
        runs = FacetOrder.spread(slices.count).map { slices[$0] }
        weight = candidates.reduce(0) { $0 + $1.weight }
        counts = Array(repeating: [:], count: fields.count)
        overflow = Array(repeating: 0, count: fields.count)
    }

    var isDone: Bool { next >= runs.count }

    /// The segments that can hold selected spans: of the sealed ones those whose statistics and
    /// signatures allow it, and all about which nothing is known.
    static func candidates(
        for filter: SpanFilter, in project: Project.ID, on connection: any SQLConnection
    ) throws -> [Candidate] {
        let open = try OpenSegments(on: connection)
        var zone = SegmentZone.conditions(for: filter, in: project)
        zone.append(SegmentZone.isSealed)
        var sealed = try connection.query(
            """
            SELECT z.segment, z.span_count
            FROM span_segments z
            WHERE \(zone, separator: " AND ")
            """
        ).map { Candidate(segment: SpanSegment($0.integer(0)), weight: $0.integer(1)) }
        if let query = filter.signatureQuery {
            let left = Set(
                try SegmentSignatures.candidates(
                    for: query, among: sealed.map(\.segment.number), on: connection))
            sealed = sealed.filter { left.contains($0.segment.number) }
        }
        let last = try connection.first("SELECT MAX(s.id) FROM spans s")?.optionalInteger(0) ?? 0
        let newest = SpanSegment(of: last).number
        let unknown =
            open.stale
            + (open.next.number <= newest
                ? (open.next.number...newest).map { SpanSegment($0) } : [])
        return (sealed + unknown.map { Candidate(segment: $0, weight: SpanSegment.size) })
            .sorted { $0.segment < $1.segment }
    }

    mutating func advance(on connection: any SQLConnection) throws {
        let sizes =
            fields.contains(where: \.isInPayload) ? Self.payloadGroupSizes : Self.groupSizes
        let size = sizes[min(turn, sizes.count - 1)]
        turn += 1
        let group = runs[next..<min(next + size, runs.count)]
        next += group.count
        let segments = group.flatMap { $0.map(\.segment) }
        weightRead += group.reduce(0) { $0 + $1.reduce(0) { $0 + $1.weight } }
        let columns = fields.enumerated().map { index, field -> SQL in
            ", \(field.sql(payloads)) AS f\(unsafe: "\(index)")"
        }
        let sums = fields.indices.map { index -> SQL in
            let name: SQL = "f\(unsafe: "\(index)")"
            return """
                UNION ALL
                SELECT \(unsafe: "\(index)"), m.\(name), COUNT(*)
                FROM selected m
                GROUP BY m.\(name)
                """
        }
        let rows = try connection.query(
            """
            WITH selected AS MATERIALIZED (
                SELECT s.id\(columns, separator: "")
                FROM \(SQL.spans(in: segments))
                WHERE \(conditions, separator: " AND ")
            )
            SELECT -1, CAST(NULL AS TEXT), COUNT(*)
            FROM selected
            \(sums, separator: "\n")
            """)
        for row in rows {
            let (field, count) = (Int(row.integer(0)), row.integer(2))
            guard field >= 0 else {
                spansCounted += count
                continue
            }
            let value = row.optionalText(1)
            if counts[field].count < Self.valuesMax || counts[field][value] != nil {
                counts[field][value, default: 0] += count
            } else {
                overflow[field] += count
            }
        }
    }

    func facets(limit: Int) -> SpanFacets {
        let fraction = isDone || weight == 0 ? 1 : Double(weightRead) / Double(weight)
        func scaled(_ count: Int64) -> Int64 { Int64((Double(count) / fraction).rounded()) }
        let facets = fields.indices.map { index -> SpanFacet in
            let sorted = counts[index].sorted { left, right in
                (right.value, left.key ?? "") < (left.value, right.key ?? "")
            }
            let rest = sorted.dropFirst(limit).reduce(overflow[index]) { $0 + $1.value }
            return SpanFacet(
                field: fields[index].name,
                values: sorted.prefix(limit).map {
                    SpanFacet.Value(value: $0.key, count: scaled($0.value))
                },
                otherCount: scaled(rest),
                distinctCount: Int64(counts[index].count { $0.key != nil }))
        }
        return SpanFacets(
            facets: facets, spanCount: scaled(spansCounted), countedSpans: spansCounted,
            sampledFraction: fraction)
    }
}
