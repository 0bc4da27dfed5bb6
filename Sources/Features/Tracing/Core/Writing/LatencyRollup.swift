import SQLCore

/// Changes to `project_trace_latencies`, summed up until they are written: how many traces of a
/// project took about how long. Negative amounts take back what was counted.
///
/// A bucket that was emptied stays, with no traces: there are fewer than 1,700.
package struct LatencyRollup {
    struct Key: Hashable, Comparable {
        var project: Int64
        var bucket: Int64

        static func < (left: Key, right: Key) -> Bool {
            (left.project, left.bucket) < (right.project, right.bucket)
        }
    }

    private(set) var counts: [Key: Int64] = [:]

    package init() {}

    /// The bucket of a latency in microseconds: those with the same two leading digits share one, and
    /// longer ones have higher numbers. See migration 15.
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

    package mutating func count(_ traces: Int64, project: Int64, startTime: Int64, endTime: Int64) {
        let key = Key(project: project, bucket: Self.bucket(of: endTime - startTime))
        counts[key, default: 0] += traces
    }

    /// Adds the changes to the table, in the order of its key, so that concurrent writers cannot
    /// deadlock.
    package func apply(on connection: any SQLConnection) throws {
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
