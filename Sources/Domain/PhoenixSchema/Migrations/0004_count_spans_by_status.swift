extension Migration {
    /// `project_minutes.ok_count`, and an index of the traces with errors, so that the two series of
    /// counts by status look at no span and trace that they do not count; the end of traces in the
    /// index of their starts, so that latencies over a time range are read from it alone.
    static let countSpansByStatus = Migration(
        version: 4,
        name: "count spans by status",
        sqlite: """
            ALTER TABLE project_minutes ADD COLUMN ok_count INTEGER NOT NULL DEFAULT 0;
            UPDATE project_minutes
            SET ok_count = (
                SELECT COUNT(*)
                FROM spans s
                WHERE s.project_rowid = project_minutes.project_rowid
                    AND s.start_time >= project_minutes.minute * 60000000
                    AND s.start_time < (project_minutes.minute + 1) * 60000000
                    AND s.status_code = 'OK')
            WHERE span_count > 0;
            CREATE INDEX traces_project_error ON traces (project_rowid, start_time)
                WHERE error_count > 0;
            DROP INDEX traces_project_start;
            CREATE INDEX traces_project_start ON traces (project_rowid, start_time, end_time);
            """,
        postgres: """
            ALTER TABLE project_minutes ADD COLUMN ok_count BIGINT NOT NULL DEFAULT 0;
            UPDATE project_minutes
            SET ok_count = (
                SELECT COUNT(*)
                FROM spans s
                WHERE s.project_rowid = project_minutes.project_rowid
                    AND s.start_time >= project_minutes.minute * 60000000
                    AND s.start_time < (project_minutes.minute + 1) * 60000000
                    AND s.status_code = 'OK')
            WHERE span_count > 0;
            CREATE INDEX traces_project_error ON traces (project_rowid, start_time)
                WHERE error_count > 0;
            DROP INDEX traces_project_start;
            CREATE INDEX traces_project_start ON traces (project_rowid, start_time, end_time);
            """)
}
