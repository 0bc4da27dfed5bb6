import PhoenixModel
import SQLCore
import Tracing

/// What calls of models cost, by the start of their spans.
extension CostStore {
    /// Which calls count: those of one project, or of all, that start in a range.
    package struct Scope: Sendable, Hashable {
        package var project: Project.ID?
        package var range: TimeRange

        package init(project: Project.ID? = nil, range: TimeRange = .always) {
            self.project = project
            self.range = range
        }

        /// Selections of model, side, type and sums: the whole minutes from the rollup, the rest of
        /// the range from spans.
        ///
        /// - Parameter models: The models that count; nil for all.
        func sources(of models: [Int64]?) -> [SQL] {
            let minutes = range.minutes
            var sources: [SQL] = []
            if let whole = minutes.whole {
                var conditions: [SQL] = ["1 = 1"]
                if let project { conditions.append("m.project_rowid = \(project)") }
                if let models { conditions.append("m.model_id IN (\(list: models))") }
                if whole.lowerBound != .min { conditions.append("m.minute >= \(whole.lowerBound)") }
                if whole.upperBound != .max { conditions.append("m.minute < \(whole.upperBound)") }
                sources.append(
                    """
                    SELECT m.model_id, m.is_prompt, m.token_type, m.tokens, m.cost
                    FROM model_cost_minutes m
                    WHERE \(conditions, separator: " AND ")
                    """)
            }
            for edge in minutes.rest {
                var conditions = edge.conditions(on: "s.start_time")
                conditions.append("e.model_id IS NOT NULL")
                // Spans are found by project and start, so that without a project all are named.
                conditions.append(
                    project.map { "s.project_rowid = \($0)" }
                        ?? "s.project_rowid IN (SELECT p.id FROM projects p)")
                if let models { conditions.append("e.model_id IN (\(list: models))") }
                sources.append(
                    """
                    SELECT e.model_id, e.is_prompt, e.token_type, e.tokens,
                        COALESCE(e.cost, 0.0) AS cost
                    FROM spans s
                    JOIN span_cost_entries e ON e.span_rowid = s.id
                    WHERE \(conditions, separator: " AND ")
                    """)
            }
            if sources.isEmpty {
                sources.append(
                    """
                    SELECT m.model_id, m.is_prompt, m.token_type, m.tokens, m.cost
                    FROM model_cost_minutes m
                    WHERE 1 = 0
                    """)
            }
            return sources
        }
    }

    /// The sums over both sides, from sources of ``Scope/sources(of:)``.
    private static func summaryQuery(_ sources: [SQL]) -> SQL {
        """
        SELECT x.model_id,
            SUM(CASE WHEN x.is_prompt = 1 THEN x.tokens ELSE 0.0 END),
            SUM(CASE WHEN x.is_prompt = 0 THEN x.tokens ELSE 0.0 END),
            SUM(CASE WHEN x.is_prompt = 1 THEN x.cost ELSE 0.0 END),
            SUM(CASE WHEN x.is_prompt = 0 THEN x.cost ELSE 0.0 END)
        FROM (\(sources, separator: " UNION ALL ")) x
        GROUP BY x.model_id
        """
    }

    /// Models that were not called are absent.
    package func summaries(
        ofModels ids: [GenerativeModel.ID], in scope: Scope
    ) async throws -> [GenerativeModel.ID: CostSummary] {
        try await read(ids) { ids in
            Self.summaryQuery(scope.sources(of: ids))
        } _: {
            CostSummary($0, from: 1).withoutZeros
        }
    }

    /// The kinds of tokens of models, by type.
    package func details(
        ofModels ids: [GenerativeModel.ID], in scope: Scope
    ) async throws -> [GenerativeModel.ID: [CostDetail]] {
        try await readLists(ids) { ids in
            """
            SELECT x.model_id, x.is_prompt, x.token_type, SUM(x.tokens), SUM(x.cost)
            FROM (\(scope.sources(of: ids), separator: " UNION ALL ")) x
            GROUP BY x.model_id, x.token_type, x.is_prompt
            ORDER BY x.model_id, x.token_type, x.is_prompt
            """
        }
    }

    package enum Rank: Sendable, Hashable {
        case cost, tokens
    }

    /// The models that were called, those that cost or used most first.
    package func topModels(
        in scope: Scope, by rank: Rank
    ) async throws -> [(model: GenerativeModel, summary: CostSummary)] {
        let found = try await database.read { connection in
            try connection.query(Self.summaryQuery(scope.sources(of: nil))).map { row in
                (GenerativeModel.ID(row.integer(0)), CostSummary(row, from: 1).withoutZeros)
            }
        }
        let models = try await self.models(found.map(\.0))
        func size(_ summary: CostSummary) -> Double {
            switch rank {
            case .cost: summary.total.cost ?? -.infinity
            case .tokens: summary.total.tokens ?? -.infinity
            }
        }
        return found.compactMap { id, summary in models[id].map { ($0, summary) } }
            .sorted { (-size($0.1), $0.0.id.value) < (-size($1.1), $1.0.id.value) }
    }

    /// When the last span started that called a model. Models that were not called are absent.
    package func lastUses(
        ofModels ids: [GenerativeModel.ID]
    ) async throws -> [GenerativeModel.ID: Timestamp] {
        try await read(ids) { ids in
            """
            WITH latest (model_id, minute) AS (
                SELECT g.id, (
                    SELECT m.minute
                    FROM model_cost_minutes m
                    WHERE m.model_id = g.id
                    ORDER BY m.minute DESC
                    LIMIT 1)
                FROM generative_models g
                WHERE g.id IN (\(list: ids))
            )
            SELECT l.model_id, MAX(s.start_time)
            FROM latest l
            JOIN model_cost_minutes m ON m.model_id = l.model_id AND m.minute = l.minute
            JOIN spans s ON s.project_rowid = m.project_rowid
                AND s.start_time >= l.minute * 60000000
                AND s.start_time < (l.minute + 1) * 60000000
            JOIN span_costs c ON c.span_rowid = s.id AND c.model_id = l.model_id
            GROUP BY l.model_id
            """
        } _: {
            Timestamp(microseconds: $0.integer(1))
        }
    }
}
