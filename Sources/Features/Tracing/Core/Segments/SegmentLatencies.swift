import PhoenixModel
import SQLCore

/// The latencies of all spans of a project in a time window, for exact quantiles.
///
/// Segments that lie within the window bring theirs packed; only the spans of the others are read.
struct SegmentLatencies {
    private var packed: [PackedLatencies]

    init(
        of project: Project.ID, where filter: SpanFilter, _ payloads: any SpanPayloadStore,
        on connection: any SQLConnection
    ) throws {
        var inside: [SQL] = ["TRUE"]
        if let startTime = filter.startTime { inside.append("z.start_time_min >= \(startTime)") }
        if let endTime = filter.endTime { inside.append("z.start_time_max < \(endTime)") }
        let zone =
            SegmentZone.conditions(for: filter, in: project) + [SegmentZone.isSealed]
        packed = []
        var edges: [SpanSegment] = []
        let rows = try connection.query(
            """
            SELECT z.segment, CASE WHEN \(inside, separator: " AND ") THEN z.latencies END
            FROM span_segments z
            WHERE \(zone, separator: " AND ")
            """)
        for row in rows {
            if let bytes = row.optionalBlob(1) {
                packed.append(PackedLatencies(bytes: bytes))
            } else {
                edges.append(SpanSegment(row.integer(0)))
            }
        }
        let conditions = filter.conditions(in: project, path: nil, payloads)
        let open = try OpenSegments(on: connection)
        var sources: [(source: SQL, conditions: [SQL])] = [("spans s", [open.tail] + conditions)]
        sources += (edges + open.stale).chunked().map { (SQL.spans(in: $0), conditions) }
        var rest: [Int64] = []
        for (source, conditions) in sources {
            rest += try connection.integers(
                """
                SELECT s.end_time - s.start_time
                FROM \(source)
                WHERE \(conditions, separator: " AND ")
                """)
        }
        packed.append(PackedLatencies(rest))
    }

    // MARK: Quantiles

    /// Continuous percentiles in milliseconds; nil when there are no latencies.
    func quantilesMs(_ probabilities: [Double]) -> [Double?] {
        let counts = histogram()
        let total = counts.reduce(0, +)
        guard total > 0 else { return probabilities.map { _ in nil } }
        // The ranks asked for, and those beside them that they are interpolated with.
        let ranks = probabilities.flatMap { probability in
            let below = Int(Quantiles.place(of: probability, count: Int64(total)))
            return [below, min(below + 1, total - 1)]
        }
        let values = values(atRanks: Set(ranks), counts)
        return probabilities.map { probability in
            Quantiles.interpolated(probability, count: Int64(total)) {
                Double(values[Int($0)]!)
            } / 1000
        }
    }

    /// The buckets of latencies grow with them, 64 for each power of two.
    private static let stepBits = 6
    private static let bucketCount = 65 << stepBits

    @inline(__always)
    private static func bucket(of latency: Int64) -> Int {
        guard latency > 0 else { return 0 }
        let exponent = 63 - latency.leadingZeroBitCount
        let shift = exponent - stepBits
        let fraction = shift >= 0 ? latency >> Int64(shift) : latency << Int64(-shift)
        return (exponent + 1) << stepBits + Int(fraction) & (1 << stepBits - 1)
    }

    private func histogram() -> [Int] {
        var counts = [Int](repeating: 0, count: Self.bucketCount)
        counts.withUnsafeMutableBufferPointer { counts in
            for run in packed { run.visit { counts[Self.bucket(of: $0)] += 1 } }
        }
        return counts
    }

    /// The latencies at some ranks: those of the buckets that hold the ranks are sorted.
    private func values(atRanks ranks: Set<Int>, _ counts: [Int]) -> [Int: Int64] {
        var starts: [(bucket: Int, rank: Int)] = []
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            if ranks.contains(where: { seen <= $0 && $0 < seen + count }) {
                starts.append((bucket, seen))
            }
            seen += count
        }
        var numbers = [Int](repeating: -1, count: counts.count)
        for (number, start) in starts.enumerated() { numbers[start.bucket] = number }
        var wanted = [[Int64]](repeating: [], count: starts.count)
        numbers.withUnsafeBufferPointer { numbers in
            for run in packed {
                run.visit { latency in
                    let number = numbers[Self.bucket(of: latency)]
                    if number >= 0 { wanted[number].append(latency) }
                }
            }
        }
        var values: [Int: Int64] = [:]
        for (start, latencies) in zip(starts, wanted) {
            // The runs are sorted, but the bucket gathers parts of many.
            let sorted = latencies.sorted()
            for rank in ranks where start.rank <= rank && rank < start.rank + sorted.count {
                values[rank] = sorted[rank - start.rank]
            }
        }
        return values
    }
}
