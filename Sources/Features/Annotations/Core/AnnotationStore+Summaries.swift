import FilterLanguage
import PhoenixModel
import SQLCore
import Tracing

/// What the annotations of a project say together: by each entity first, that is by each span, trace
/// or session, and then by all of them.
extension AnnotationStore {
    private static let hasValue: SQL = "(a.label IS NOT NULL OR a.score IS NOT NULL)"

    /// The annotations `a` of the targets that some conditions select.
    private static func source(
        _ subject: Annotation.Subject, _ alias: String, _ conditions: [SQL]
    ) -> SQL {
        """
        FROM \(unsafe: subject.table) a
        JOIN \(unsafe: subject.targetTable) \(unsafe: alias)
            ON \(unsafe: alias).id = a.\(unsafe: subject.targetColumn)
        WHERE \(conditions, separator: " AND ")
        """
    }

    /// Conditions on the targets of a project and what their table is called in them.
    private func targets(
        _ subject: Annotation.Subject, _ project: Project.ID, _ selection: ProjectSelection
    ) -> (alias: String, conditions: [SQL]) {
        switch subject {
        case .span, .document:
            return ("s", selection.spanConditions(of: [project], tracing.payloads))
        case .trace:
            // As in the contract a condition on spans does not count here.
            var selection = selection
            if selection.expression?.language == .span { selection.expression = nil }
            return ("t", selection.traceConditions(of: [project], tracing.payloads))
        case .session:
            return ("ps", selection.sessionConditions(of: [project], tracing.payloads))
        }
    }

    /// Targets of a project that began in a range.
    private static func targets(
        _ subject: Annotation.Subject, _ project: Project.ID, startingIn range: TimeRange
    ) -> [SQL] {
        ["t.\(unsafe: subject.targetProject) = \(project)"]
            + range.conditions(on: "t.start_time")
    }

    // MARK: Names

    /// The names of the annotations of a project, sorted, and how many there are of each.
    package func nameCounts(
        about subject: Annotation.Subject, of project: Project.ID
    ) async throws -> [(name: String, count: Int64)] {
        let source = Self.source(
            subject, "t", Self.targets(subject, project, startingIn: .always))
        return try await database.read { connection in
            try connection.query("SELECT a.name, COUNT(*) \(source) GROUP BY a.name")
                .map { ($0.text(0), $0.integer(1)) }
                .sorted { $0.0.comesBefore($1.0) }
        }
    }

    /// The names of those annotations that have a label or a score, sorted.
    ///
    /// - Parameter range: When what they are about began.
    package func metricNames(
        about subject: Annotation.Subject, of project: Project.ID, in range: TimeRange
    ) async throws -> [String] {
        let source = Self.source(
            subject, "t",
            Self.targets(subject, project, startingIn: range) + [Self.hasValue])
        return try await database.read { connection in
            try connection.query("SELECT DISTINCT a.name \(source)").map { $0.text(0) }
                .sorted { $0.comesBefore($1) }
        }
    }

    // MARK: Summaries

    /// A summary of the annotations of one name; nil when none has a label or a score.
    package func summary(
        of name: String, about subject: Annotation.Subject, of project: Project.ID,
        in selection: ProjectSelection
    ) async throws -> AnnotationSummary? {
        let targets = targets(subject, project, selection)
        let source = Self.source(
            subject, targets.alias, targets.conditions + [Self.hasValue, "a.name = \(name)"])
        return try await database.read { connection in
            try Self.summaries(subject, bin: "0", source, on: connection)[0]?.first
        }
    }

    /// Summaries of the annotations of what began in each bin, sorted by name.
    ///
    /// - Parameter name: Keeps one name.
    package func summarySeries(
        about subject: Annotation.Subject, of project: Project.ID, _ bins: TimeBins,
        named name: String? = nil
    ) async throws -> [[AnnotationSummary]] {
        guard !bins.starts.isEmpty else { return [] }
        var conditions = Self.targets(subject, project, startingIn: bins.range)
        conditions.append(Self.hasValue)
        if let name { conditions.append("a.name = \(name)") }
        let source = Self.source(subject, "t", conditions)
        let bin = bins.index(of: "t.start_time")
        let summaries = try await database.read { connection in
            try Self.summaries(subject, bin: bin, source, on: connection)
        }
        return bins.starts.indices.map { summaries[Int64($0)] ?? [] }
    }

    /// The mean score, over all annotations with one, of what began in each bin, sorted by name.
    package func scoreSeries(
        about subject: Annotation.Subject, of project: Project.ID, _ bins: TimeBins
    ) async throws -> [[(name: String, score: Double)]] {
        guard !bins.starts.isEmpty else { return [] }
        let source = Self.source(
            subject, "t",
            Self.targets(subject, project, startingIn: bins.range) + ["a.score IS NOT NULL"])
        let query: SQL = """
            SELECT x.bin, x.name, AVG(x.score)
            FROM (SELECT \(bins.index(of: "t.start_time")) AS bin, a.name, a.score \(source)) x
            GROUP BY x.bin, x.name
            """
        var points = [[(name: String, score: Double)]](
            repeating: [], count: bins.starts.count)
        for row in try await database.read({ try $0.query(query) }) {
            points[Int(row.integer(0))].append((row.text(1), row.double(2)))
        }
        return points.map { $0.sorted { $0.name.comesBefore($1.name) } }
    }

    /// Summaries by the number of their bin, sorted by name.
    ///
    /// A score of an entity is the mean of its scores; the fraction of a label is the mean, over all
    /// entities, of its share among the labels of the entity.
    private static func summaries(
        _ subject: Annotation.Subject, bin: SQL, _ source: SQL, on connection: any SQLConnection
    ) throws -> [Int64: [AnnotationSummary]] {
        let rows: SQL = """
            SELECT CAST(\(bin) AS BIGINT) AS bin, a.name, a.label, a.score,
                a.\(unsafe: subject.targetColumn) AS entity
            \(source)
            """
        let totals = try connection.query(
            """
            SELECT e.bin, e.name, COUNT(*), CAST(SUM(e.pairs) AS BIGINT),
                CAST(SUM(e.scores) AS BIGINT), CAST(SUM(e.labels) AS BIGINT), AVG(e.mean_score)
            FROM (
                SELECT x.bin, x.name, x.entity, COUNT(x.score) AS scores, COUNT(x.label) AS labels,
                    COUNT(DISTINCT x.label)
                        + CASE WHEN COUNT(*) > COUNT(x.label) THEN 1 ELSE 0 END AS pairs,
                    AVG(x.score) AS mean_score
                FROM (\(rows)) x
                GROUP BY x.bin, x.name, x.entity
            ) e
            GROUP BY e.bin, e.name
            """)
        struct Key: Hashable {
            var bin: Int64
            var name: String
        }
        var fractions: [Key: [LabelFraction]] = [:]
        let labels = try connection.query(
            """
            SELECT p.bin, p.name, p.label, SUM(p.share)
            FROM (
                SELECT x.bin, x.name, x.entity, x.label,
                    CAST(COUNT(*) AS DOUBLE PRECISION)
                        / SUM(COUNT(*)) OVER (PARTITION BY x.bin, x.name, x.entity) AS share
                FROM (\(rows)) x
                WHERE x.label IS NOT NULL
                GROUP BY x.bin, x.name, x.entity, x.label
            ) p
            GROUP BY p.bin, p.name, p.label
            """)
        for row in labels {
            fractions[Key(bin: row.integer(0), name: row.text(1)), default: []].append(
                .init(label: row.text(2), fraction: row.double(3)))
        }
        var summaries: [Int64: [AnnotationSummary]] = [:]
        for row in totals {
            let key = Key(bin: row.integer(0), name: row.text(1))
            let entities = Double(row.integer(2))
            summaries[key.bin, default: []].append(
                AnnotationSummary(
                    name: key.name, count: row.integer(3), scoreCount: row.integer(4),
                    labelCount: row.integer(5), meanScore: row.optionalDouble(6),
                    labelFractions: (fractions[key] ?? []).map {
                        .init(label: $0.label, fraction: $0.fraction / entities)
                    }.sorted { $0.label.comesBefore($1.label) }))
        }
        return summaries.mapValues { $0.sorted { $0.name.comesBefore($1.name) } }
    }
}
