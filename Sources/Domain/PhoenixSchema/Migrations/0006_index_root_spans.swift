extension Migration {
    /// An index of the spans without a parent that holds what is counted of them, since most lists
    /// and charts begin with those. The row id follows the start, so that it has the order of the
    /// lists; the parent's id is in it because SQLite would look for it in the table otherwise.
    static let indexRootSpans: Migration = {
        let script = """
            CREATE INDEX spans_roots ON spans (
                project_rowid, start_time, id, status_code, wraps_model_call, llm_token_count_prompt,
                llm_token_count_completion, parent_id
            ) WHERE parent_id IS NULL;
            """
        return Migration(version: 6, name: "index root spans", sqlite: script, postgres: script)
    }()
}
