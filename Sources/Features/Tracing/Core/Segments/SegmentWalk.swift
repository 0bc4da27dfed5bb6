import PhoenixModel
import SQLCore

/// Finds the first spans of a sorted and filtered list by looking at few segments.
///
/// Segments that are not sealed, or are stale, are looked at first. Of the others come those whose
/// bounds promise the first places; the walk ends when no further bound can.
struct SegmentWalk {
    let project: Project.ID
    let filter: SpanFilter
    let sort: SpanSort
    /// The conditions on the spans table called `s`.
    let conditions: [SQL]
    let connection: any SQLConnection
    /// How many segments along the row ids are listed before the rest are.
    var nearMax = 64

    /// How many segments the first statement looks at. Each further one looks at twice as many, unless
    /// what the earlier ones found tells that fewer will do.
    private static let groupSizeMin = 4
    private static let groupSizeMax = 512

    /// A sealed segment and the best value that a span of it can have.
    private struct Candidate {
        var segment: SpanSegment
        var bound: SQLValue
    }

    /// - Returns: At most `limit` places, in their order.
    func places(limit: Int, after place: SpanPlace?) throws -> [SpanPlace] {
        var found = try openPlaces(limit: limit)
        let first = place.map { SpanSegment(of: $0.id.value).number }
        if let bounds = sort.segmentBounds {
            let candidates = try bestCandidates(by: bounds, after: place)
            try walk(mayHaveTexts(candidates), into: &found, limit: limit)
            return found
        }
        guard filter.signatureQuery == nil else {
            let candidates = try nearestCandidates(from: first, limit: nil)
            try walk(mayHaveTexts(candidates), into: &found, limit: limit)
            return found
        }
        // Along the row ids, the first segments hold most pages, and the rest need not be listed.
        let near = try nearestCandidates(from: first, limit: nearMax)
        try walk(near, into: &found, limit: limit)
        guard let last = near.last, near.count == nearMax,
            found.count < limit || mayPrecede(last, found[limit - 1])
        else { return found }
        let next = last.segment.number + (sort.isDescending ? -1 : 1)
        try walk(nearestCandidates(from: next, limit: nil), into: &found, limit: limit)
        return found
    }

    /// Adds the places of candidates, as long as these may have some that come before what is found.
    private func walk(
        _ candidates: [Candidate], into found: inout [SpanPlace], limit: Int
    ) throws {
        var start = 0
        var turnSize = Self.groupSizeMin
        var hits = 0
        while start < candidates.count {
            if found.count >= limit, !mayPrecede(candidates[start], found[limit - 1]) { break }
            var size = turnSize
            if hits > 0, found.count < limit {
                let needed = (limit - found.count) * start / hits
                size = min(size, needed + needed / 4 + 1)
            }
            let group = candidates[start..<min(start + size, candidates.count)]
            let fresh = try places(
                from: SQL.spans(in: group.map(\.segment)), conditions, limit: limit)
            hits += fresh.count
            found += fresh
            found.sort(by: precedes)
            if found.count > limit { found.removeLast(found.count - limit) }
            start += group.count
            turnSize = min(turnSize * 2, Self.groupSizeMax)
        }
    }

    // MARK: Reading

    /// The places of spans in segments that are not sealed or are stale.
    private func openPlaces(limit: Int) throws -> [SpanPlace] {
        let open = try OpenSegments(on: connection)
        var found = try places(from: "spans s", [open.tail] + conditions, limit: limit)
        for chunk in open.stale.chunked(by: Self.groupSizeMax) {
            found += try places(from: SQL.spans(in: chunk), conditions, limit: limit)
        }
        found.sort(by: precedes)
        return Array(found.prefix(limit))
    }

    private func places(
        from source: SQL, _ conditions: [SQL], limit: Int
    ) throws -> [SpanPlace] {
        try connection.query(
            """
            SELECT s.id, \(sort.key)
            FROM \(source)
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    /// The conditions on `span_segments` called `z` for sealed segments that may hold selected spans.
    private var zone: [SQL] {
        SegmentZone.conditions(for: filter, in: project) + [SegmentZone.isSealed]
    }

    private var direction: SQL { sort.isDescending ? "DESC" : "ASC" }

    /// Sealed segments that may hold selected spans, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - first: The number to begin with; nil for the beginning of the list.
    ///   - limit: How many at most; nil for all.
    private func nearestCandidates(from first: Int64?, limit: Int?) throws -> [Candidate] {
        var zone = zone
        if let first {
            zone.append(sort.isDescending ? "z.segment <= \(first)" : "z.segment >= \(first)")
        }
        let bound: SQL = limit.map { "LIMIT \($0)" } ?? ""
        return try connection.query(
            """
            SELECT z.segment
            FROM span_segments z
            WHERE \(zone, separator: " AND ")
            ORDER BY z.segment \(direction)
            \(bound)
            """
        ).map { Candidate(segment: SpanSegment($0.integer(0)), bound: .null) }
    }

    /// Sealed segments that may hold selected spans behind a place, in the order of the best values
    /// that their spans can have.
    private func bestCandidates(
        by bounds: (minimum: SQL, maximum: SQL), after place: SpanPlace?
    ) throws -> [Candidate] {
        var zone = zone
        let bound = sort.isDescending ? bounds.maximum : bounds.minimum
        // A segment does not tell how many of its spans have no value.
        if let place, !place.value.isNull, !sort.isNullable {
            zone.append(
                sort.isDescending
                    ? "\(bounds.minimum) <= \(place.value)" : "\(bounds.maximum) >= \(place.value)")
        }
        return try connection.query(
            """
            SELECT z.segment, \(bound)
            FROM span_segments z
            WHERE \(zone, separator: " AND ")
            ORDER BY \(bound) \(direction) NULLS LAST, z.segment \(direction)
            """
        ).map { Candidate(segment: SpanSegment($0.integer(0)), bound: $0[1]) }
    }

    /// The candidates that can have the texts which the filter asks for, in their order.
    private func mayHaveTexts(_ candidates: [Candidate]) throws -> [Candidate] {
        guard let query = filter.signatureQuery else { return candidates }
        let left = Set(
            try SegmentSignatures.candidates(
                for: query, among: candidates.map(\.segment.number), on: connection))
        return candidates.filter { left.contains($0.segment.number) }
    }

    // MARK: Order

    private func precedes(_ left: SpanPlace, _ right: SpanPlace) -> Bool {
        switch order(left.value, right.value) {
        case .before: true
        case .after: false
        case .same: sort.isDescending ? left.id > right.id : left.id < right.id
        }
    }

    /// Whether a span of a segment may come before a place.
    private func mayPrecede(_ candidate: Candidate, _ place: SpanPlace) -> Bool {
        if sort.segmentBounds != nil {
            switch order(candidate.bound, place.value) {
            case .before: return true
            case .after: return false
            case .same: break
            }
        }
        return sort.isDescending
            ? candidate.segment.ids.upperBound > place.id.value
            : candidate.segment.ids.lowerBound < place.id.value
    }

    private enum Order { case before, same, after }

    private func order(_ left: SQLValue, _ right: SQLValue) -> Order {
        if left == right { return .same }
        if left.isNull { return .after }
        if right.isNull { return .before }
        let isLess: Bool
        if case .integer(let left) = left, case .integer(let right) = right {
            isLess = left < right
        } else {
            isLess = Self.double(left) < Self.double(right)
        }
        return isLess == sort.isDescending ? .after : .before
    }

    private static func double(_ value: SQLValue) -> Double {
        switch value {
        case .integer(let value): Double(value)
        case .double(let value): value
        default: .nan
        }
    }
}

extension SpanSort {
    /// The columns of `span_segments` called `z` that bound the values; nil for the row id, which the
    /// number of a segment bounds.
    var segmentBounds: (minimum: SQL, maximum: SQL)? {
        let number: SegmentStatistics.Number
        switch column {
        case .id: return nil
        case .tokenCostTotal: return ("z.total_cost_min", "z.total_cost_max")
        // A trace's cost grows with each of its spans.
        case .cumulativeTokenCostTotal: return nil
        case .startTime: number = .startTime
        case .endTime: number = .endTime
        case .latencyMs: number = .latency
        case .tokenCountTotal: number = .totalTokens
        case .tokenCountPrompt: number = .promptTokens
        case .tokenCountCompletion: number = .completionTokens
        case .cumulativeTokenCountTotal: number = .cumulativeTotalTokens
        case .cumulativeTokenCountPrompt: number = .cumulativePromptTokens
        case .cumulativeTokenCountCompletion: number = .cumulativeCompletionTokens
        }
        return ("z.\(unsafe: number.rawValue)_min", "z.\(unsafe: number.rawValue)_max")
    }
}
