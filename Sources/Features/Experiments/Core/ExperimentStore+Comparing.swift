import Costs
import PhoenixModel
import SQLCore

/// How the runs of one experiment compare with those of others in one respect, where less is better.
package struct RunMetricComparison: Hashable, Sendable {
    package var improvedCount = 0
    package var regressedCount = 0
    package var equalCount = 0
    package var incomparableCount = 0

    package init() {}

    mutating func add(_ base: Double?, _ best: Double?) {
        guard let base, let best else {
            incomparableCount += 1
            return
        }
        if base < best {
            improvedCount += 1
        } else if base > best {
            regressedCount += 1
        } else {
            equalCount += 1
        }
    }
}

/// The comparisons of runs in every respect.
package struct RunMetricComparisons: Hashable, Sendable {
    package var latency = RunMetricComparison()
    package var totalTokens = RunMetricComparison()
    package var promptTokens = RunMetricComparison()
    package var completionTokens = RunMetricComparison()
    package var totalCost = RunMetricComparison()
    package var promptCost = RunMetricComparison()
    package var completionCost = RunMetricComparison()
}

extension ExperimentStore {
    /// The examples that an experiment began with, in the order of their ids.
    ///
    /// - Parameters:
    ///   - condition: A condition about the example `x.dataset_example_id`.
    ///   - last: The example to begin behind.
    package func comparedExamples(
        of base: Experiment.ID, where condition: SQL? = nil, behind last: Int64? = nil, limit: Int
    ) async throws -> [DatasetExample.ID] {
        let query: SQL = """
            SELECT x.dataset_example_id
            FROM experiments_dataset_examples x
            WHERE x.experiment_id = \(base) AND x.dataset_example_id > \(last ?? 0)
                AND \(condition ?? "1 = 1")
            ORDER BY x.dataset_example_id
            LIMIT \(limit)
            """
        return try await database.read { connection in
            try connection.query(query).map { DatasetExample.ID($0.integer(0)) }
        }
    }

    /// Counts the examples for which the best run of an experiment is better, worse or as good as the
    /// best run of all the others.
    package func compareMetrics(
        of base: Experiment.ID, with others: [Experiment.ID]
    ) async throws -> RunMetricComparisons {
        let rows = try await database.read { connection in
            try connection.query(
                """
                SELECT r.experiment_id, r.dataset_example_id, r.trace_id,
                    CAST(r.end_time - r.start_time AS DOUBLE PRECISION)
                FROM experiment_runs r
                WHERE r.experiment_id IN (\(list: [base] + others))
                """)
        }
        let traces = try await traces(called: rows.compactMap { $0.optionalText(2) })
        let costs = try await CostStore(database).summaries(ofTraces: Array(traces.values))
        var best: [Side: [Int64: Metrics]] = [:]
        for row in rows {
            let side: Side = row.integer(0) == base.value ? .base : .others
            let cost = row.optionalText(2).flatMap { traces[$0] }.flatMap { costs[$0] }
            best[side, default: [:]][row.integer(1), default: Metrics()].keepBest(
                Metrics(latency: row.double(3), cost: cost))
        }
        var comparisons = RunMetricComparisons()
        for (example, metrics) in best[.base] ?? [:] {
            let other = best[.others]?[example] ?? Metrics()
            comparisons.latency.add(metrics.latency, other.latency)
            comparisons.totalTokens.add(metrics.totalTokens, other.totalTokens)
            comparisons.promptTokens.add(metrics.promptTokens, other.promptTokens)
            comparisons.completionTokens.add(metrics.completionTokens, other.completionTokens)
            comparisons.totalCost.add(metrics.totalCost, other.totalCost)
            comparisons.promptCost.add(metrics.promptCost, other.promptCost)
            comparisons.completionCost.add(metrics.completionCost, other.completionCost)
        }
        return comparisons
    }

    private enum Side { case base, others }

    private struct Metrics {
        var latency: Double?
        var totalTokens: Double?
        var promptTokens: Double?
        var completionTokens: Double?
        var totalCost: Double?
        var promptCost: Double?
        var completionCost: Double?

        init(latency: Double? = nil, cost: CostSummary? = nil) {
            self.latency = latency
            totalTokens = cost?.total.tokens
            promptTokens = cost?.prompt.tokens
            completionTokens = cost?.completion.tokens
            totalCost = cost?.total.cost
            promptCost = cost?.prompt.cost
            completionCost = cost?.completion.cost
        }

        mutating func keepBest(_ other: Metrics) {
            func least(_ left: Double?, _ right: Double?) -> Double? {
                guard let left, let right else { return left ?? right }
                return min(left, right)
            }
            latency = least(latency, other.latency)
            totalTokens = least(totalTokens, other.totalTokens)
            promptTokens = least(promptTokens, other.promptTokens)
            completionTokens = least(completionTokens, other.completionTokens)
            totalCost = least(totalCost, other.totalCost)
            promptCost = least(promptCost, other.promptCost)
            completionCost = least(completionCost, other.completionCost)
        }
    }
}
