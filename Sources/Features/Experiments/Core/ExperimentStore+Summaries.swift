import PhoenixModel
import SQLCore

/// What the annotations of one name say about an experiment.
package struct ExperimentAnnotationSummary: Hashable, Sendable {
    package var name: String
    package var minScore: Double?
    package var maxScore: Double?
    /// The mean over examples of the mean over their repetitions.
    package var meanScore: Double?
    package var count: Int64
    package var errorCount: Int64
    package var scoreCount: Int64
    package var labelCount: Int64
    /// By label: the mean share over examples that have a score or a label.
    package var labelFractions: [LabelFraction] = []
}

/// What the runs of an experiment are like: means over examples of the mean over repetitions.
package struct ExperimentRunFigures: Hashable, Sendable {
    package var errorRate: Double?
    package var averageLatencyMs: Double?
}

/// The lowest and the highest score of annotations of one name.
package struct AnnotationScoreRange: Hashable, Sendable {
    package var name: String
    package var minScore: Double?
    package var maxScore: Double?
}

extension ExperimentStore {
    /// What was said about experiments, sorted by name.
    package func annotationSummaries(
        of ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: [ExperimentAnnotationSummary]] {
        try await database.read { connection in
            var found: [Experiment.ID: [ExperimentAnnotationSummary]] = [:]
            for chunk in ids.chunked() {
                let shares = try Self.labelShares(of: Array(chunk), on: connection)
                let rows = try connection.query(
                    """
                    SELECT g.experiment_id, g.name, MIN(g.low), MAX(g.high), AVG(g.mean),
                        CAST(SUM(g.total) AS BIGINT), CAST(SUM(g.errors) AS BIGINT),
                        CAST(SUM(g.scores) AS BIGINT), CAST(SUM(g.labels) AS BIGINT)
                    FROM (
                        SELECT r.experiment_id, a.name, MIN(a.score) AS low,
                            MAX(a.score) AS high, AVG(a.score) AS mean, COUNT(*) AS total,
                            COUNT(a.error) AS errors, COUNT(a.score) AS scores,
                            COUNT(a.label) AS labels
                        FROM experiment_runs r
                        JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
                        WHERE r.experiment_id IN (\(list: chunk))
                        GROUP BY r.experiment_id, r.dataset_example_id, a.name
                    ) AS g
                    GROUP BY g.experiment_id, g.name
                    ORDER BY g.experiment_id, g.name
                    """)
                for row in rows {
                    let id = Experiment.ID(row.integer(0))
                    let name = row.text(1)
                    found[id, default: []].append(
                        ExperimentAnnotationSummary(
                            name: name, minScore: row.optionalDouble(2),
                            maxScore: row.optionalDouble(3), meanScore: row.optionalDouble(4),
                            count: row.integer(5), errorCount: row.integer(6),
                            scoreCount: row.integer(7), labelCount: row.integer(8),
                            labelFractions: shares[ShareKey(experiment: id, name: name)] ?? []))
                }
            }
            // The databases may sort texts in different ways.
            return found.mapValues { $0.sorted { $0.name < $1.name } }
        }
    }

    private struct ShareKey: Hashable {
        var experiment: Experiment.ID
        var name: String
    }

    private static func labelShares(
        of ids: [Experiment.ID], on connection: any SQLConnection
    ) throws -> [ShareKey: [LabelFraction]] {
        let rows = try connection.query(
            """
            SELECT r.experiment_id, r.dataset_example_id, a.name, a.label, COUNT(*)
            FROM experiment_runs r
            JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
            WHERE r.experiment_id IN (\(list: ids))
                AND (a.label IS NOT NULL OR a.score IS NOT NULL)
            GROUP BY r.experiment_id, r.dataset_example_id, a.name, a.label
            """)
        var counts: [ShareKey: [Int64: [String?: Double]]] = [:]
        for row in rows {
            let key = ShareKey(experiment: Experiment.ID(row.integer(0)), name: row.text(2))
            counts[key, default: [:]][row.integer(1), default: [:]][row.optionalText(3)] =
                row.double(4)
        }
        return counts.mapValues { examples in
            var sums: [String: Double] = [:]
            for labels in examples.values {
                let total = labels.values.reduce(0, +)
                for case (let label?, let count) in labels {
                    sums[label, default: 0] += count / total
                }
            }
            return sums.sorted { $0.key < $1.key }.map {
                .init(label: $0.key, fraction: $0.value / Double(examples.count))
            }
        }
    }

    /// Experiments without runs are absent.
    package func runFigures(
        of ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: ExperimentRunFigures] {
        try await database.read { connection in
            var found: [Experiment.ID: ExperimentRunFigures] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT g.experiment_id, AVG(g.errors), AVG(g.latency) / 1000
                    FROM (
                        SELECT r.experiment_id,
                            CAST(COUNT(r.error) AS DOUBLE PRECISION) / COUNT(*) AS errors,
                            AVG(CAST(r.end_time - r.start_time AS DOUBLE PRECISION)) AS latency
                        FROM experiment_runs r
                        WHERE r.experiment_id IN (\(list: chunk))
                        GROUP BY r.experiment_id, r.dataset_example_id
                    ) AS g
                    GROUP BY g.experiment_id
                    """)
                for row in rows {
                    found[Experiment.ID(row.integer(0))] = ExperimentRunFigures(
                        errorRate: row.optionalDouble(1), averageLatencyMs: row.optionalDouble(2))
                }
            }
            return found
        }
    }

    /// The range of the scores of each name, over the experiments of datasets.
    package func scoreRanges(
        ofDatasets ids: [Dataset.ID], includingEphemeral: Bool
    ) async throws -> [Dataset.ID: [AnnotationScoreRange]] {
        try await database.read { connection in
            var found: [Dataset.ID: [AnnotationScoreRange]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT e.dataset_id, a.name, MIN(a.score), MAX(a.score)
                    FROM experiments e
                    JOIN experiment_runs r ON r.experiment_id = e.id
                    JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
                    WHERE e.dataset_id IN (\(list: chunk))
                        AND \(Self.isListed(includingEphemeral))
                    GROUP BY e.dataset_id, a.name
                    """)
                for row in rows {
                    found[Dataset.ID(row.integer(0)), default: []].append(
                        AnnotationScoreRange(
                            name: row.text(1), minScore: row.optionalDouble(2),
                            maxScore: row.optionalDouble(3)))
                }
            }
            return found.mapValues { $0.sorted { $0.name < $1.name } }
        }
    }

    static func isListed(_ includingEphemeral: Bool) -> SQL {
        includingEphemeral ? "1 = 1" : "e.is_ephemeral = 0"
    }
}
