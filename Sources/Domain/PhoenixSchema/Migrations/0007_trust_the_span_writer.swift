extension Migration {
    /// PostgreSQL checks a foreign key with a query and a lock for every row, which is a fifth of what
    /// storing a span costs. The writer makes or locks the rows that its spans refer to in the same
    /// transaction, so those checks find nothing. What belongs to deleted rows is deleted by one
    /// statement instead of one a row. SQLite keeps its foreign keys, which cost little there.
    static let trustTheSpanWriter = Migration(
        version: 7,
        name: "trust the span writer",
        sqlite: "",
        postgres: """
            ALTER TABLE spans
                DROP CONSTRAINT spans_trace_rowid_fkey,
                DROP CONSTRAINT spans_project_rowid_fkey,
                DROP CONSTRAINT spans_origin_id_fkey;
            ALTER TABLE span_costs DROP CONSTRAINT span_costs_span_rowid_fkey;
            ALTER TABLE span_cost_details DROP CONSTRAINT span_cost_details_span_rowid_fkey;

            CREATE FUNCTION delete_spans_of_traces() RETURNS trigger
                LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                DELETE FROM spans s USING deleted d WHERE s.trace_rowid = d.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER traces_deleted
                AFTER DELETE ON traces REFERENCING OLD TABLE AS deleted
                FOR EACH STATEMENT EXECUTE FUNCTION delete_spans_of_traces();

            CREATE FUNCTION delete_costs_of_spans() RETURNS trigger
                LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
            BEGIN
                DELETE FROM span_costs c USING deleted d WHERE c.span_rowid = d.id;
                DELETE FROM span_cost_details c USING deleted d WHERE c.span_rowid = d.id;
                RETURN NULL;
            END $$;
            CREATE TRIGGER spans_deleted
                AFTER DELETE ON spans REFERENCING OLD TABLE AS deleted
                FOR EACH STATEMENT EXECUTE FUNCTION delete_costs_of_spans();
            """)
}
