import Glibc

/// How good a ranking of documents is, by the scores of the documents in their order.
///
/// A document without a score is NaN, and makes whatever depends on it NaN.
package struct RetrievalMetrics: Hashable, Sendable {
    package var scores: [Double]

    package init(scores: [Double]) { self.scores = scores }

    private var isIncomplete: Bool { scores.contains(where: \.isNaN) }

    /// The normalised discounted cumulative gain of the first `k` documents (all when it is nil): the
    /// gain is the score, and discounted by the binary logarithm of the rank plus one. 0 when nothing
    /// could be gained.
    package func ndcg(_ k: Int?) -> Double {
        guard !isIncomplete else { return .nan }
        let count = min(max(k ?? scores.count, 0), scores.count)
        let ideal = Self.gain(scores.sorted(by: >).prefix(count))
        return ideal == 0 ? 0 : Self.gain(scores.prefix(count)) / ideal
    }

    private static func gain(_ scores: some Sequence<Double>) -> Double {
        scores.enumerated().reduce(0) { $0 + $1.element / log2(Double($1.offset + 2)) }
    }

    /// The share of hits among the first `k` ranks, whether they have a document or not.
    package func precision(_ k: Int?) -> Double {
        guard !isIncomplete else { return .nan }
        let count = k ?? scores.count
        guard count > 0 else { return 0 }
        return Double(scores.prefix(count).count { $0 != 0 }) / Double(count)
    }

    /// One divided by the rank of the first hit; 0 when there is none.
    package var reciprocalRank: Double {
        for (index, score) in scores.enumerated() where score != 0 {
            return score.isNaN ? .nan : 1 / Double(index + 1)
        }
        return 0
    }

    /// 1 when there is a hit, else 0.
    package var hit: Double {
        if scores.contains(where: { $0 != 0 && !$0.isNaN }) { return 1 }
        return isIncomplete ? .nan : 0
    }
}

/// The mean of those of many numbers that are numbers.
package struct MetricMean: Hashable, Sendable {
    package var count = 0
    package var mean: Double?

    package init(_ values: some Sequence<Double>) {
        var sum = 0.0
        for value in values where value.isFinite {
            sum += value
            count += 1
        }
        mean = count > 0 ? sum / Double(count) : nil
    }
}

/// The metrics of many rankings.
package struct RetrievalSummary: Hashable, Sendable {
    package var name: String
    package var rankings: [RetrievalMetrics]

    package func ndcg(_ k: Int?) -> MetricMean { MetricMean(rankings.lazy.map { $0.ndcg(k) }) }
    package func precision(_ k: Int?) -> MetricMean {
        MetricMean(rankings.lazy.map { $0.precision(k) })
    }
    package var reciprocalRank: MetricMean { MetricMean(rankings.lazy.map(\.reciprocalRank)) }
    package var hit: MetricMean { MetricMean(rankings.lazy.map(\.hit)) }
}
