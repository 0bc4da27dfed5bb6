extension Migration {
    /// SQLite builds a table for `IN` with more than two values, and does so anew for each row that it
    /// checks, which was a third of what inserting a span took. The same conditions, spelled out, cost
    /// next to nothing. Tables that many rows are written to get them; they are changed where they
    /// stand, as https://www.sqlite.org/lang_altertable.html (section 7) describes for constraints that
    /// do not touch what is stored. The version of the schema stays, since connections that know the
    /// old text only read. See ADR 010.
    static let spellOutChecks = Migration(
        version: 14,
        name: "spell out checks",
        sqlite: """
            PRAGMA writable_schema = ON;
            \(checksSpelledOut)
            PRAGMA writable_schema = RESET;
            """,
        postgres: "")

    private static var checksSpelledOut: String {
        let annotations = [
            "span_annotations", "trace_annotations", "project_session_annotations",
            "document_annotations", "experiment_run_annotations",
        ]
        var checks = annotations.map { ($0, "annotator_kind", ["LLM", "CODE", "HUMAN"]) }
        checks += [
            ("spans", "status_code", ["OK", "ERROR", "UNSET"]),
            ("waiting_annotations", "subject", ["span", "trace", "session", "document"]),
            ("dataset_example_revisions", "revision_kind", ["CREATE", "PATCH", "DELETE"]),
        ]
        return checks.map(spellingOut).joined(separator: "\n")
    }

    private static func spellingOut(table: String, column: String, values: [String]) -> String {
        // Inside of a text literal a quotation mark is written twice.
        let list = values.map { "''\($0)''" }.joined(separator: ", ")
        let tests = values.map { "\(column) = ''\($0)''" }.joined(separator: " OR ")
        return """
            UPDATE sqlite_schema
            SET sql = REPLACE(sql, '\(column) IN (\(list))', '\(tests)')
            WHERE type = 'table' AND name = '\(table)';
            """
    }
}
