import PhoenixModel
import SQLCore

/// The latencies of all spans of a project in a time window, for exact quantiles.
///
/// Segments that lie within the window bring theirs packed; only the spans of the others are read.
struct SegmentLatencies: Sendable {
    private var packed: [PackedLatencies]
    /// Of all that is packed, where the cache knew most of it.
    private var histogram: LatencyHistogram?

    /// - Parameter cache: What is known from earlier questions, with its generation before the
    ///   connection's transaction began.
    init(
        of project: Project.ID, where filter: SpanFilter, _ payloads: any SpanPayloadStore,
        cache: (LatencyCache, generation: Int)?, on connection: any SQLConnection
    ) throws {
        let open = try OpenSegments(on: connection)
        var inside: [SQL] = ["TRUE"]
        if let startTime = filter.startTime { inside.append("z.start_time_min >= \(startTime)") }
        if let endTime = filter.endTime { inside.append("z.start_time_max < \(endTime)") }
        var zone =
            SegmentZone.conditions(for: filter, in: project) + [SegmentZone.isSealed]
        packed = []
        let isWhole = filter.startTime == nil && filter.endTime == nil && open.stale.isEmpty
        let cache = isWhole ? cache : nil
        var counted = LatencyHistogram()
        if let known = cache?.0.entry(of: project), known.next <= open.next {
            packed = known.packed
            counted = known.histogram
            zone.append("z.segment >= \(known.next.number)")
        }
        var edges: [SpanSegment] = []
        let knownCount = packed.count
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
        if let (cache, generation) = cache {
            counted.add(packed[knownCount...])
            let entry = LatencyCache.Entry(
                next: open.next, packed: packed, histogram: counted)
            cache.keep(entry, of: project, generation: generation)
        }
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
        if cache != nil {
            counted.add(packed.suffix(1))
            histogram = counted
        }
    }

    // MARK: Quantiles

    /// Continuous percentiles in milliseconds; nil when there are no latencies.
    func quantilesMs(_ probabilities: [Double]) async -> [Double?] {
        let counts = await histogram().counts
        let total = counts.reduce(0, +)
        guard total > 0 else { return probabilities.map { _ in nil } }
        // The ranks asked for, and those beside them that they are interpolated with.
        let ranks = probabilities.flatMap { probability in
            let below = Int(Quantiles.place(of: probability, count: Int64(total)))
            return [below, min(below + 1, total - 1)]
        }
        let values = await values(atRanks: Set(ranks), counts)
        return probabilities.map { probability in
            Quantiles.interpolated(probability, count: Int64(total)) {
                Double(values[Int($0)]!)
            } / 1000
        }
    }

    /// The parts that are looked at beside each other: most machines have a core to spare.
    private var halves: [ArraySlice<PackedLatencies>] {
        [packed[..<(packed.count / 2)], packed[(packed.count / 2)...]]
    }

    private func histogram() async -> LatencyHistogram {
        if let histogram { return histogram }
        return await withTaskGroup(of: LatencyHistogram.self) { group in
            for half in halves { group.addTask { LatencyHistogram(of: half) } }
            var sum = LatencyHistogram()
            for await part in group { sum.add(part) }
            return sum
        }
    }

    /// The latencies at some ranks: those of the buckets that hold the ranks are counted one by one.
    private func values(atRanks ranks: Set<Int>, _ counts: [Int]) async -> [Int: Int64] {
        var starts: [(bucket: Int, rank: Int)] = []
        var seen = 0
        for (bucket, count) in counts.enumerated() {
            if ranks.contains(where: { seen <= $0 && $0 < seen + count }) {
                starts.append((bucket, seen))
            }
            seen += count
        }
        let buckets = starts.map(\.bucket)
        let wanted = await withTaskGroup(of: [BucketContent].self) { group in
            for half in halves { group.addTask { Self.contents(of: buckets, in: half) } }
            var sums = buckets.map { BucketContent(width: LatencyHistogram.width(ofBucket: $0)) }
            for await contents in group {
                for (number, content) in contents.enumerated() { sums[number].add(content) }
            }
            return sums
        }
        var values: [Int: Int64] = [:]
        for (start, content) in zip(starts, wanted) {
            let own = ranks.filter { start.rank <= $0 && $0 < start.rank + content.count }
            for (rank, value) in content.values(atRanks: own.map { $0 - start.rank }) {
                values[start.rank + rank] = value
            }
        }
        return values
    }

    /// What some buckets, ascending, hold of the runs.
    private static func contents(
        of buckets: [Int], in runs: ArraySlice<PackedLatencies>
    ) -> [BucketContent] {
        var numbers = [Int](repeating: -1, count: LatencyHistogram.bucketCount)
        for (number, bucket) in buckets.enumerated() { numbers[bucket] = number }
        let last = buckets.last ?? 0
        var contents = buckets.map { BucketContent(width: LatencyHistogram.width(ofBucket: $0)) }
        numbers.withUnsafeBufferPointer { numbers in
            for run in runs {
                run.visit { latency in
                    let bucket = LatencyHistogram.bucket(of: latency)
                    let number = numbers[bucket]
                    if number >= 0 { contents[number].add(latency) }
                    return bucket <= last
                }
            }
        }
        return contents
    }

    /// The latencies of one bucket.
    private struct BucketContent: Sendable {
        /// Narrow buckets are counted by place, wide ones collected: there latencies differ.
        private static let widthMax = 1 << 16

        private(set) var count = 0
        private var counts: [Int32]
        private var base: Int64?
        private var others: [Int64] = []

        init(width: Int) {
            counts = width <= Self.widthMax ? Array(repeating: 0, count: width) : []
        }

        @inline(__always)
        mutating func add(_ latency: Int64) {
            count += 1
            if counts.isEmpty || latency <= 0 { return others.append(latency) }
            let base = self.base ?? latency & ~Int64(counts.count - 1)
            self.base = base
            counts[Int(latency - base)] += 1
        }

        /// Adds what was found elsewhere for the same bucket.
        mutating func add(_ other: BucketContent) {
            count += other.count
            base = base ?? other.base
            for place in counts.indices { counts[place] += other.counts[place] }
            others += other.others
        }

        /// - Parameter ranks: From 0 on within the bucket.
        func values(atRanks ranks: [Int]) -> [(rank: Int, value: Int64)] {
            // What is not positive comes before all that is counted by place.
            let sorted = others.sorted()
            return ranks.map { rank in
                if rank < sorted.count { return (rank, sorted[rank]) }
                var left = rank - sorted.count
                for (place, count) in counts.enumerated() {
                    if left < count { return (rank, (base ?? 0) + Int64(place)) }
                    left -= Int(count)
                }
                preconditionFailure("A bucket has fewer latencies than were counted.")
            }
        }
    }
}
