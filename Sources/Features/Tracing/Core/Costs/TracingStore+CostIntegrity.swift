import SQLCore

extension TracingStore {
    /// Sums of costs are compared with this much room, as a share of the sum and in dollars or tokens:
    /// adding floating point numbers in another order gives another last digit.
    private static let tolerance: SQL = "1e-9"

    /// Whether two numbers differ by more than the order of adding up explains.
    private static func differ(_ left: SQL, _ right: SQL) -> SQL {
        """
        ABS(COALESCE(\(left), 0.0) - COALESCE(\(right), 0.0))
            > \(tolerance) * (1 + ABS(COALESCE(\(right), 0.0)))
        """
    }

    /// Compares the sums of costs with the spans' costs.
    static func costFindings(_ connection: any SQLConnection) throws -> [String] {
        let traces = try connection.query(
            """
            SELECT t.id
            FROM traces t
            LEFT JOIN spans s ON s.trace_rowid = t.id
            LEFT JOIN span_costs c ON c.span_rowid = s.id
            GROUP BY t.id, t.cost_count, t.prompt_cost_tokens, t.completion_cost_tokens,
                t.prompt_cost, t.completion_cost
            HAVING t.cost_count <> COUNT(c.span_rowid)
                OR \(differ("t.prompt_cost_tokens", "SUM(c.prompt_tokens)"))
                OR \(differ("t.completion_cost_tokens", "SUM(c.completion_tokens)"))
                OR \(differ("t.prompt_cost", "SUM(c.prompt_cost)"))
                OR \(differ("t.completion_cost", "SUM(c.completion_cost)"))
            ORDER BY t.id
            LIMIT 100
            """)
        var findings = traces.map {
            "The costs of trace row \($0.integer(0)) do not match its spans."
        }
        findings += try minuteFindings(
            connection, table: "trace_cost_minutes",
            condition: "1 = 1")
        findings += try minuteFindings(
            connection, table: "model_cost_minutes", condition: "e.model_id IS NOT NULL")
        return findings
    }

    /// Compares one table of minutes with the spans that it sums up, project by project.
    private static func minuteFindings(
        _ connection: any SQLConnection, table: String, condition: SQL
    ) throws -> [String] {
        try connection.query(
            """
            WITH stored (project_rowid, entry_count, tokens, cost) AS (
                SELECT m.project_rowid, SUM(m.entry_count), SUM(m.tokens), SUM(m.cost)
                FROM \(unsafe: table) m
                GROUP BY m.project_rowid
            ),
            counted (project_rowid, entry_count, tokens, cost) AS (
                SELECT s.project_rowid, COUNT(*), SUM(e.tokens), SUM(e.cost)
                FROM spans s
                JOIN span_cost_entries e ON e.span_rowid = s.id
                WHERE \(condition)
                GROUP BY s.project_rowid
            )
            SELECT p.id
            FROM projects p
            LEFT JOIN stored m ON m.project_rowid = p.id
            LEFT JOIN counted c ON c.project_rowid = p.id
            WHERE COALESCE(m.entry_count, 0) <> COALESCE(c.entry_count, 0)
                OR \(differ("m.tokens", "c.tokens"))
                OR \(differ("m.cost", "c.cost"))
            ORDER BY p.id
            LIMIT 100
            """
        ).map { "The sums in \(table) of project row \($0.integer(0)) do not match its spans." }
    }
}
