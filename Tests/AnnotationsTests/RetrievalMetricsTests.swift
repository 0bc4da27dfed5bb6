import Annotations
import Testing

@Suite struct RetrievalMetricsTests {
    private static let missing = Double.nan

    @Test(
        arguments: [
            ([], nil, 0.0), ([1], nil, 1), ([0, 0], nil, 0),
            ([0, 3, 2, 0], nil, 0.678_762_229_460_176_1),
            ([0, 3, 2, 0], 2, 0.444_122_866_448_797_9), ([0, 3, 2, 0], 9, 0.678_762_229_460_176_1),
            ([0, 3, 2, 0], 0, 0), ([0, 3, 2, 0], -1, 0), ([1, missing], 1, missing),
            ([1, missing], 0, missing),
        ] as [([Double], Int?, Double)])
    func `the discounted gain is normalised by what could be gained`(
        _ scores: [Double], _ k: Int?, _ expected: Double
    ) {
        let gain = RetrievalMetrics(scores: scores).ndcg(k)
        #expect(gain.isNaN && expected.isNaN || abs(gain - expected) < 1e-12)
    }

    @Test(
        arguments: [
            ([], nil, 0.0), ([0, 3, 2, 0], nil, 0.5), ([0, 3, 2, 0], 1, 0),
            ([0, 3, 2, 0], 8, 0.25),
            ([0, 3, 2, 0], 0, 0), ([0, 3, 2, 0], -1, 0), ([1, missing], 1, missing),
        ] as [([Double], Int?, Double)])
    func `precision counts the hits among the first ranks`(
        _ scores: [Double], _ k: Int?, _ expected: Double
    ) {
        let precision = RetrievalMetrics(scores: scores).precision(k)
        #expect(precision.isNaN && expected.isNaN || precision == expected)
    }

    @Test(
        arguments: [
            ([], 0.0, 0.0), ([0, 0], 0, 0), ([0, 5, 1], 0.5, 1), ([0, missing, 1], missing, 1),
            ([1, missing], 1, 1), ([0, missing], missing, missing),
        ] as [([Double], Double, Double)])
    func `the first hit counts by its rank, unless it is not known to be the first`(
        _ scores: [Double], _ rank: Double, _ hit: Double
    ) {
        let metrics = RetrievalMetrics(scores: scores)
        #expect(metrics.reciprocalRank == rank || metrics.reciprocalRank.isNaN && rank.isNaN)
        #expect(metrics.hit == hit || metrics.hit.isNaN && hit.isNaN)
    }

    @Test func `a mean is over numbers alone`() {
        #expect(MetricMean([1, .nan, 0]).mean == 0.5)
        #expect(MetricMean([1, .nan, 0]).count == 2)
        #expect(MetricMean([.nan]).mean == nil)
    }
}
