import Costs
import PhoenixModel
import SQLCore
import Tracing

extension ExperimentStore {
    /// How many ids one statement names where they may be very many.
    private static let idsAtOnce = 4096

    /// The stored traces of runs, by the id that clients gave them.
    package func traces(
        called texts: [String]
    ) async throws -> [String: Trace.ID] {
        let ids = Set(texts).compactMap { OTelID(shownAs: $0) }
        return try await database.read { connection in
            var found: [String: Trace.ID] = [:]
            for chunk in ids.chunked(by: Self.idsAtOnce) {
                let rows = try connection.query(
                    "SELECT t.trace_id, t.id FROM traces t WHERE t.trace_id IN (\(list: chunk))")
                for row in rows { found[OTelID(row.blob(0)).hex] = Trace.ID(row.integer(1)) }
            }
            return found
        }
    }

    /// What the traces of runs cost, summed up by key.
    ///
    /// - Parameter runs: The trace of each run, by key.
    package func costs<Key: Hashable & Sendable>(
        of runs: [Key: [String]]
    ) async throws -> [Key: CostSummary] {
        let traces = try await traces(called: runs.values.flatMap { $0 })
        let costs = try await CostStore(database).summaries(ofTraces: Array(traces.values))
        return runs.mapValues { texts in
            texts.compactMap { traces[$0].flatMap { costs[$0] } }.reduce(CostSummary(), +)
        }
    }

    /// What the traces of runs cost by kind of tokens, summed up by key.
    package func costDetails<Key: Hashable & Sendable>(
        of runs: [Key: [String]]
    ) async throws -> [Key: [CostDetail]] {
        let traces = try await traces(called: runs.values.flatMap { $0 })
        let details = try await CostStore(database).details(ofTraces: Array(traces.values))
        return runs.mapValues { texts in
            CostDetail.summedUp(texts.compactMap { traces[$0] }.flatMap { details[$0] ?? [] })
        }
    }

    /// The ids that clients gave to the traces of experiments.
    package func runTraces(of ids: [Experiment.ID]) async throws -> [Experiment.ID: [String]] {
        try await database.read { connection in
            var found: [Experiment.ID: [String]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT r.experiment_id, r.trace_id
                    FROM experiment_runs r
                    WHERE r.experiment_id IN (\(list: chunk)) AND r.trace_id IS NOT NULL
                    """)
                for row in rows {
                    found[Experiment.ID(row.integer(0)), default: []].append(row.text(1))
                }
            }
            return found
        }
    }
}
