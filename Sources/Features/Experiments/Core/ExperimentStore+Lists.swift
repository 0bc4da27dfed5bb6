import PhoenixModel
import SQLCore

/// Which experiments of a dataset a list has, and in which order.
package struct ExperimentSelection: Hashable, Sendable {
    package enum Order: Hashable, Sendable {
        case sequenceNumber(isDescending: Bool)
        case createdAt(isDescending: Bool)
    }

    package var includesEphemeral = false
    /// Keeps those with this in their name or description, whatever the case; `%` and `_` are wild.
    package var text: String?
    package var ids: [Experiment.ID]?
    package var sequenceNumbers: [Int64]?
    package var version: DatasetVersion.ID?
    package var order = Order.sequenceNumber(isDescending: true)

    package init() {}
}

extension ExperimentStore {
    private static func list(
        of dataset: Dataset.ID, where selection: ExperimentSelection
    ) -> SQL {
        var conditions: [SQL] = ["1 = 1"]
        if let text = selection.text, !text.isEmpty {
            let pattern = "%\(text)%"
            // SQLite refuses longer patterns.
            conditions.append(
                pattern.utf8.count < 50_000
                    ? .dialect(
                        sqlite: "(e.name LIKE \(pattern) OR e.description LIKE \(pattern))",
                        postgres: """
                            (e.name ILIKE \(pattern) ESCAPE ''
                                OR e.description ILIKE \(pattern) ESCAPE '')
                            """) : "1 = 0")
        }
        if let ids = selection.ids { conditions.append("e.id IN (\(list: ids))") }
        if let numbers = selection.sequenceNumbers {
            conditions.append("e.sequence_number IN (\(list: numbers))")
        }
        if let version = selection.version {
            conditions.append("e.dataset_version_id = \(version)")
        }
        return """
            FROM (
                SELECT \(columns), ROW_NUMBER() OVER (ORDER BY e.id) AS sequence_number
                FROM experiments e
                WHERE e.dataset_id = \(dataset) AND \(isListed(selection.includesEphemeral))
            ) AS e
            WHERE \(conditions, separator: " AND ")
            """
    }

    private static func ordering(_ order: ExperimentSelection.Order) -> SQL {
        switch order {
        case .sequenceNumber(let isDescending): isDescending ? "e.id DESC" : "e.id"
        case .createdAt(let isDescending):
            isDescending ? "e.created_at DESC, e.id DESC" : "e.created_at, e.id"
        }
    }

    /// A part of the experiments of a dataset, each with its place among all that may be listed.
    ///
    /// - Parameter window: Tells which part, given how many there are.
    package func experiments(
        of dataset: Dataset.ID, where selection: ExperimentSelection,
        window: @escaping @Sendable (_ count: Int) -> Range<Int>
    ) async throws -> (experiments: [Experiment], count: Int) {
        try await database.read { connection in
            let list = Self.list(of: dataset, where: selection)
            let count = Int(try connection.first("SELECT COUNT(*) \(list)")?.integer(0) ?? 0)
            let range = window(count)
            guard !range.isEmpty else { return ([], count) }
            let rows = try connection.query(
                """
                SELECT \(Self.columns), e.sequence_number
                \(list)
                ORDER BY \(Self.ordering(selection.order))
                LIMIT \(range.count) OFFSET \(range.lowerBound)
                """)
            let found = rows.map { row in
                var experiment = Self.experiment(row)
                experiment.sequenceNumber = row.integer(11)
                return experiment
            }
            return (found, count)
        }
    }

    /// Experiments with a text in their name or description, whatever the case of ASCII letters, the
    /// last changed first. Ephemeral ones are not among them.
    package func search(_ text: String, limit: Int) async throws -> [Experiment] {
        func contains(_ column: SQL) -> SQL {
            .dialect(
                sqlite: "INSTR(LOWER(\(column)), LOWER(\(text))) > 0",
                postgres: "STRPOS(LOWER(\(column)), LOWER(\(text))) > 0")
        }
        let query: SQL = """
            SELECT \(Self.columns)
            FROM experiments e
            WHERE e.is_ephemeral = 0 AND (\(contains("e.name")) OR \(contains("e.description")))
            ORDER BY e.updated_at DESC, e.id DESC
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query).map(Self.experiment) }
    }

    /// How many experiments datasets have.
    package func counts(
        ofDatasets ids: [Dataset.ID], version: DatasetVersion.ID?, includingEphemeral: Bool
    ) async throws -> [Dataset.ID: Int64] {
        let isOfVersion: SQL =
            if let version { "e.dataset_version_id = \(version)" } else { "1 = 1" }
        return try await database.read { connection in
            var found: [Dataset.ID: Int64] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT e.dataset_id, COUNT(*)
                    FROM experiments e
                    WHERE e.dataset_id IN (\(list: chunk))
                        AND \(Self.isListed(includingEphemeral)) AND \(isOfVersion)
                    GROUP BY e.dataset_id
                    """)
                for row in rows { found[Dataset.ID(row.integer(0))] = row.integer(1) }
            }
            return found
        }
    }

    /// The places of experiments among all of their dataset, counted from 1.
    package func sequenceNumbers(
        of ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: Int64] {
        try await database.read { connection in
            var found: [Experiment.ID: Int64] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT e.id, COUNT(*)
                    FROM experiments e
                    JOIN experiments o ON o.dataset_id = e.dataset_id AND o.id <= e.id
                    WHERE e.id IN (\(list: chunk))
                    GROUP BY e.id
                    """)
                for row in rows { found[Experiment.ID(row.integer(0))] = row.integer(1) }
            }
            return found
        }
    }

    /// The splits that experiments were limited to.
    package func splits(
        of ids: [Experiment.ID]
    ) async throws -> [Experiment.ID: [DatasetSplit.ID]] {
        try await database.read { connection in
            var found: [Experiment.ID: [DatasetSplit.ID]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT s.experiment_id, s.dataset_split_id
                    FROM experiments_dataset_splits s
                    WHERE s.experiment_id IN (\(list: chunk))
                    ORDER BY s.experiment_id, s.dataset_split_id
                    """)
                for row in rows {
                    found[Experiment.ID(row.integer(0)), default: []].append(
                        DatasetSplit.ID(row.integer(1)))
                }
            }
            return found
        }
    }

    // MARK: Runs

    /// The order of a list of runs.
    package enum RunOrder: Hashable, Sendable {
        case id
        case latencyMs(isDescending: Bool)
        /// By the score of the annotation of this name. Runs without one come last.
        case score(annotation: String, isDescending: Bool)
    }

    /// A run with the value that its list is sorted by.
    package struct SortedRun: Hashable, Sendable {
        package var run: ExperimentRun
        package var value: Double?
    }

    /// Runs of an experiment in an order.
    ///
    /// - Parameter place: The row id and the value of the run behind which to begin.
    package func runs(
        of experiment: Experiment.ID, by order: RunOrder,
        behind place: (id: Int64, value: Double?)? = nil, limit: Int
    ) async throws -> [SortedRun] {
        let latency: SQL = "CAST(r.end_time - r.start_time AS DOUBLE PRECISION) / 1000"
        let (value, join, isDescending): (SQL, SQL, Bool) =
            switch order {
            case .id: ("NULL", "", false)
            case .latencyMs(let isDescending): (latency, "", isDescending)
            case .score(let name, let isDescending):
                (
                    "a.score",
                    """
                    LEFT JOIN experiment_run_annotations a ON a.experiment_run_id = r.id
                        AND a.name = \(name)
                    """, isDescending
                )
            }
        let direction: SQL = isDescending ? "DESC" : "ASC"
        let behind: SQL = isDescending ? "<" : ">"
        var condition: SQL = "1 = 1"
        if let place {
            if case .id = order {
                condition = "r.id > \(place.id)"
            } else if let sorted = place.value {
                condition = """
                    (\(value) \(behind) \(sorted) OR \(value) = \(sorted) AND r.id \(behind) \(place.id)
                        OR \(value) IS NULL)
                    """
            } else {
                condition = "\(value) IS NULL AND r.id \(behind) \(place.id)"
            }
        }
        let ordering: SQL =
            order == .id ? "r.id" : "\(value) \(direction) NULLS LAST, r.id \(direction)"
        let query: SQL = """
            SELECT \(Self.runColumns), \(value)
            FROM experiment_runs r
            \(join)
            WHERE r.experiment_id = \(experiment) AND \(condition)
            ORDER BY \(ordering)
            LIMIT \(limit)
            """
        return try await database.read { connection in
            try connection.query(query).map {
                SortedRun(run: Self.run($0), value: $0.optionalDouble(9))
            }
        }
    }

    /// The runs of an example in an experiment.
    package struct Group: Hashable, Sendable {
        package var experiment: Experiment.ID
        package var example: DatasetExample.ID

        package init(experiment: Experiment.ID, example: DatasetExample.ID) {
            self.experiment = experiment
            self.example = example
        }
    }

    /// The runs of groups, by repetition. Groups without runs are absent.
    package func runs(ofGroups groups: [Group]) async throws -> [Group: [ExperimentRun]] {
        let wanted = Set(groups)
        let experiments = Set(groups.map(\.experiment)).sorted()
        let examples = Set(groups.map(\.example)).sorted()
        return try await database.read { connection in
            var found: [Group: [ExperimentRun]] = [:]
            for chunk in examples.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.runColumns)
                    FROM experiment_runs r
                    WHERE r.dataset_example_id IN (\(list: chunk))
                        AND r.experiment_id IN (\(list: experiments))
                    ORDER BY r.dataset_example_id, r.experiment_id, r.repetition_number
                    """)
                for row in rows {
                    let run = Self.run(row)
                    let group = Group(experiment: run.experiment, example: run.example)
                    if wanted.contains(group) { found[group, default: []].append(run) }
                }
            }
            return found
        }
    }

    /// The runs of examples, by experiment and repetition.
    ///
    /// - Parameter experiments: Keeps the runs of these; nil for all.
    package func runs(
        ofExamples ids: [DatasetExample.ID], in experiments: [Experiment.ID]?
    ) async throws -> [DatasetExample.ID: [ExperimentRun]] {
        let isOne: SQL =
            if let experiments { "r.experiment_id IN (\(list: experiments))" } else { "1 = 1" }
        return try await database.read { connection in
            var found: [DatasetExample.ID: [ExperimentRun]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.runColumns)
                    FROM experiment_runs r
                    WHERE r.dataset_example_id IN (\(list: chunk)) AND \(isOne)
                    ORDER BY r.dataset_example_id, r.experiment_id, r.repetition_number, r.id
                    """)
                for row in rows {
                    let run = Self.run(row)
                    found[run.example, default: []].append(run)
                }
            }
            return found
        }
    }
}
