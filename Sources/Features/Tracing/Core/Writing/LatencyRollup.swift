import SQLCore

/// Changes to `project_trace_latencies`, summed up until they are written: how many traces of a
/// project took about how long. Negative amounts take back what was counted.
///
/// Buckets are decimal, unlike those of ``LatencyHistogram``, so that SQL can tell them as well. One
/// that was emptied stays, with no traces: a project has 1,624 at most.
struct LatencyRollup {
    struct Key: Hashable, Comparable {
        var project: Int64
        var bucket: Int64

        static func < (left: Key, right: Key) -> Bool {
            (left.project, left.bucket) < (right.project, right.bucket)
        }
    }

    private(set) var counts: [Key: Int64] = [:]

    /// The bucket of a latency in microseconds: those with as many digits and the same first two share
    /// one, below 100 each has its own, and longer ones have higher numbers. See migration 15.
    static func bucket(of latency: Int64) -> Int64 {
        guard latency >= 0 else { return -1 }
        var leading = latency
        var number: Int64 = 0
        while leading >= 100 {
            leading /= 10
            number += 90
        }
        return number + leading
    }

    /// The shortest latency of a bucket, in microseconds.
    static func shortest(in bucket: Int64) -> Int64 {
        guard bucket >= 0 else { return .min }
        let digits = max(0, bucket - 10) / 90
        return (0..<digits).reduce(bucket - 90 * digits) { latency, _ in latency * 10 }
    }

    mutating func countTraces(_ count: Int64, project: Int64, latency: Int64) {
        counts[Key(project: project, bucket: Self.bucket(of: latency)), default: 0] += count
    }

    /// Adds the changes to the table, in the order of its key, so that concurrent writers cannot
    /// deadlock.
    func apply(on connection: any SQLConnection) throws {
        var rows = BulkRows([
            .init("project_rowid", .bigint), .init("bucket", .bigint),
            .init("trace_count", .bigint),
        ])
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) where count != 0 {
            rows.append(key.project)
            rows.append(key.bucket)
            rows.append(count)
        }
        try connection.add(rows, into: "project_trace_latencies", keyColumns: 2)
    }
}
