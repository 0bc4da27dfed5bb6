/// How many latencies lie in each of some thousand buckets.
///
/// The buckets grow with the latencies, 64 for each power of two.
struct LatencyHistogram: Sendable {
    private static let stepBits = 6
    static let bucketCount = 65 << stepBits
    static let bytes = bucketCount * MemoryLayout<Int>.stride

    private(set) var counts = [Int](repeating: 0, count: bucketCount)

    init() {}

    init(of runs: some Sequence<PackedLatencies>) {
        add(runs)
    }

    mutating func add(_ runs: some Sequence<PackedLatencies>) {
        counts.withUnsafeMutableBufferPointer { counts in
            for run in runs {
                run.visit {
                    counts[Self.bucket(of: $0)] += 1
                    return true
                }
            }
        }
    }

    mutating func add(_ other: LatencyHistogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
    }

    /// The bucket of a latency in microseconds; all that are not positive share the first.
    @inline(__always)
    static func bucket(of latency: Int64) -> Int {
        guard latency > 0 else { return 0 }
        let exponent = 63 - latency.leadingZeroBitCount
        let shift = exponent - stepBits
        let fraction = shift >= 0 ? latency >> Int64(shift) : latency << Int64(-shift)
        return (exponent + 1) << stepBits + Int(fraction) & (1 << stepBits - 1)
    }

    /// How many latencies a bucket is for, of one microsecond each.
    static func width(ofBucket bucket: Int) -> Int {
        1 << max(0, bucket >> stepBits - 1 - stepBits)
    }
}
