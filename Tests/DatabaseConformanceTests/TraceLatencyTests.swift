import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

/// Quantiles over all traces of a project, which a rollup leads to, against those of sorted latencies.
@Suite struct TraceLatencyTests {
    /// Shapes of what traces take, in microseconds.
    static let shapes: [(name: String, latency: @Sendable (inout SplitMix64) -> Int64)] = [
        ("all the same", { _ in 5_000 }),
        ("of two kinds", { Bool.random(using: &$0) ? 3 : 7_000_000_000 }),
        ("in one bucket", { Int64.random(in: 1_500_000..<1_600_000, using: &$0) }),
        ("of any length", { Int64(1) << Int64.random(in: 0..<50, using: &$0) }),
        ("shorter than 200", { Int64.random(in: 0..<200, using: &$0) }),
    ]

    private func expectQuantiles(
        of store: TracingStore, _ project: String, _ latencies: [Int64]
    ) async throws {
        let id = try #require(try await store.projectIfAny(named: project)?.id)
        let probabilities = [0, 0.001, 0.25, 0.5, 0.5, 0.75, 0.9, 0.99, 1]
        let found = try await store.traceLatencyMsQuantiles(
            probabilities, of: [id], in: ProjectSelection())
        let sorted = SortedLatencies(latencies)
        let expected = latencies.isEmpty ? nil : probabilities.map { sorted.quantileMs($0)! }
        #expect(found[id] == expected)
    }

    @Test(arguments: TestDatabase.available, shapes.indices)
    func `quantiles are those of the sorted latencies`(
        on kind: TestDatabase, shape: Int
    ) async throws {
        try await kind.withTracingStore { store in
            var random = SplitMix64(seed: UInt64(shape))
            var latencies: [Int64] = []
            for count in [1, 1, 5, 400] {
                let new = (0..<count).map { _ in Self.shapes[shape].latency(&random) }
                let first = latencies.count + 1
                _ = try await store.insert(
                    [
                        zip(first..., new).map { number, latency in
                            .stub(
                                trace: number, span: number, startTime: 1_000,
                                endTime: 1_000 + latency)
                        }
                    ], now: 0)
                latencies += new
                try await expectQuantiles(of: store, "demo", latencies)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `quantiles follow traces that grow, move and go`(on kind: TestDatabase) async throws {
        try await kind.withTracingStore { store in
            var ends = (1...40).map { Int64($0) * 1_111 }
            _ = try await store.insert(
                [
                    zip(1..., ends).map { .stub(trace: $0, span: $0, startTime: 0, endTime: $1) },
                    [.stub(trace: 99, span: 99, project: "other", startTime: 0, endTime: 5)],
                ], now: 0)
            // Later in a new span, and earlier.
            _ = try await store.insert(
                [
                    [
                        .stub(trace: 3, span: 103, startTime: 10, endTime: 9_876_543),
                        .stub(trace: 4, span: 104, startTime: -500, endTime: 0),
                        .stub(trace: 5, span: 105, startTime: 7, endTime: 8),
                    ]
                ], now: 0)
            ends[2] = 9_876_543
            ends[3] += 500
            try await expectQuantiles(of: store, "demo", ends)

            let ids = try await store.database.read {
                try $0.integers("SELECT id FROM traces ORDER BY id").map { Trace.ID($0) }
            }
            try await store.deleteTraces(Array(ids[..<3]))
            let moved = (4...10).map { Identifier<Trace>(OTelID.number($0, byteCount: 16).hex) }
            _ = try await store.moveTraces(moved, to: Identifier("other"))
            try await expectQuantiles(of: store, "demo", Array(ends[10...]))
            try await expectQuantiles(of: store, "other", ends[3..<10] + [5])
            #expect(try await store.integrityFindings() == [])
            try await store.deleteTraces(Array(ids[10..<40]))
            try await expectQuantiles(of: store, "demo", [])
        }
    }
}
