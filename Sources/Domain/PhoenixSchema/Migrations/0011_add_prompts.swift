extension Migration {
    /// Prompts, their immutable versions, tags that point at versions, and labels.
    ///
    /// The latest version of a prompt is the one with the highest id.
    static let addPrompts = Migration(
        version: 11,
        name: "add prompts",
        sqlite: promptTables(id: "INTEGER PRIMARY KEY", integer: "INTEGER", json: "TEXT"),
        postgres: promptTables(id: "BIGSERIAL PRIMARY KEY", integer: "BIGINT", json: "JSON"))

    private static func promptTables(id: String, integer: String, json: String) -> String {
        """
        CREATE TABLE prompts (
            id \(id),
            source_prompt_id \(integer) REFERENCES prompts (id) ON DELETE SET NULL,
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            metadata \(json) NOT NULL,
            created_at \(integer) NOT NULL,
            updated_at \(integer) NOT NULL
        );
        CREATE INDEX prompts_source_prompt_id ON prompts (source_prompt_id);

        CREATE TABLE prompt_versions (
            id \(id),
            prompt_id \(integer) NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
            description TEXT,
            template_type TEXT NOT NULL CHECK (template_type IN ('CHAT', 'STR')),
            template_format TEXT NOT NULL
                CHECK (template_format IN ('F_STRING', 'MUSTACHE', 'NONE')),
            template \(json) NOT NULL,
            invocation_parameters \(json) NOT NULL,
            tools \(json),
            response_format \(json),
            model_provider TEXT NOT NULL,
            model_name TEXT NOT NULL,
            metadata \(json) NOT NULL,
            created_at \(integer) NOT NULL
        );
        CREATE INDEX prompt_versions_prompt_id ON prompt_versions (prompt_id, id);

        CREATE TABLE prompt_version_tags (
            id \(id),
            prompt_id \(integer) NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
            prompt_version_id \(integer) NOT NULL
                REFERENCES prompt_versions (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            description TEXT,
            UNIQUE (prompt_id, name)
        );
        CREATE INDEX prompt_version_tags_version ON prompt_version_tags (prompt_version_id);

        CREATE TABLE prompt_labels (
            id \(id),
            name TEXT NOT NULL UNIQUE,
            description TEXT,
            color TEXT
        );
        CREATE TABLE prompts_prompt_labels (
            id \(id),
            prompt_id \(integer) NOT NULL REFERENCES prompts (id) ON DELETE CASCADE,
            prompt_label_id \(integer) NOT NULL REFERENCES prompt_labels (id) ON DELETE CASCADE,
            UNIQUE (prompt_id, prompt_label_id)
        );
        CREATE INDEX prompts_prompt_labels_label ON prompts_prompt_labels (prompt_label_id);

        """
    }
}
