import APISupport
import JSON
import PhoenixModel
import SQLCore
import Tracing

extension PromptStore {
    /// What becomes of a prompt whose name is taken.
    package enum Existing: Sendable {
        /// The version is added to it; its description and metadata stay.
        case addVersion
        case refuse
    }

    /// Creates a prompt with its first version.
    ///
    /// - Parameter existing: What to do when there is a prompt of this name.
    /// - Throws: ``PromptError`` when the version is not right, or the name is taken and `existing`
    ///   says so.
    package func create(
        _ draft: PromptDraft, version content: PromptContent, tags: [PromptTagDraft] = [],
        existing: Existing, now: Timestamp
    ) async throws -> PromptVersion {
        try content.validate()
        try draft.metadata.requireStorable()
        return try await racing {
            try await database.write { connection in
                let known = try connection.first(
                    """
                    SELECT p.id
                    FROM prompts p
                    WHERE p.name = \(draft.name)
                    \(Self.forVersions)
                    """)
                let prompt: Prompt.ID
                switch (known, existing) {
                case (nil, _): prompt = try Self.insert(draft, now: now, on: connection)
                case (let row?, .addVersion): prompt = Prompt.ID(row.integer(0))
                case (_, .refuse): throw PromptError.nameTaken(draft.name)
                }
                return try Self.insert(
                    content, into: prompt, tags: tags, now: now, on: connection)
            }
        }
    }

    /// Adds a version to a prompt, and tags of it.
    ///
    /// - Throws: ``PromptError`` when the version is not right, its invocation parameters are those
    ///   of another provider, or there is no such prompt.
    package func addVersion(
        _ content: PromptContent, to identifier: Identifier<Prompt>, tags: [PromptTagDraft] = [],
        now: Timestamp
    ) async throws -> PromptVersion {
        try content.validate()
        try content.requireParametersOfProvider()
        return try await racing {
            try await database.write { connection in
                let prompt = try Self.promptID(
                    identifier, on: connection, locking: Self.forVersions)
                return try Self.insert(
                    content, into: prompt, tags: tags, now: now, on: connection)
            }
        }
    }

    /// Changes what a patch names.
    ///
    /// - Throws: ``PromptError`` when there is no such prompt.
    package func patch(
        _ identifier: Identifier<Prompt>, with patch: PromptPatch, now: Timestamp
    ) async throws -> Prompt {
        try patch.metadata?.requireStorable()
        return try await database.write { connection in
            let prompt = try Self.promptID(identifier, on: connection)
            var changes: [SQL] = ["updated_at = \(now)"]
            if let description = patch.description {
                changes.append("description = \(description.sqlValue)")
            }
            if let metadata = patch.metadata {
                changes.append("metadata = \(SQL.document(metadata.serialized()))")
            }
            try connection.execute(
                "UPDATE prompts SET \(changes, separator: ", ") WHERE id = \(prompt)")
            let row = try connection.first(
                "SELECT \(Self.promptColumns) FROM prompts p WHERE p.id = \(prompt)")
            guard let row else { throw PromptError.promptNotFound }
            return try Self.prompt(row)
        }
    }

    /// Copies a prompt with all its versions; tags and labels stay with the source.
    ///
    /// - Parameter patch: What differs from the source.
    /// - Throws: ``PromptError`` when there is no such prompt or the name is taken.
    package func clone(
        _ source: Prompt.ID, as name: String, with patch: PromptPatch, now: Timestamp
    ) async throws -> Prompt {
        try patch.metadata?.requireStorable()
        return try await racing {
            try await database.write { connection in
                let row = try connection.first(
                    "SELECT \(Self.promptColumns) FROM prompts p WHERE p.id = \(source)")
                guard let original = try row.map(Self.prompt) else {
                    throw PromptError.promptNotFound
                }
                guard
                    try connection.first("SELECT 1 FROM prompts p WHERE p.name = \(name)") == nil
                else { throw PromptError.nameTaken(name) }
                let id = try Self.insert(
                    PromptDraft(
                        name: name, description: patch.description ?? original.description,
                        metadata: patch.metadata ?? original.metadata, sourceID: source),
                    now: now, on: connection)
                try Self.copyVersions(of: source, to: id, now: now, on: connection)
                var copy = original
                (copy.id, copy.sourceID, copy.name, copy.createdAt) = (id, source, name, now)
                copy.description = patch.description ?? original.description
                copy.metadata = patch.metadata ?? original.metadata
                return copy
            }
        }
    }

    private static func copyVersions(
        of source: Prompt.ID, to target: Prompt.ID, now: Timestamp,
        on connection: any SQLConnection
    ) throws {
        let versions = try connection.query(
            "SELECT v.id FROM prompt_versions v WHERE v.prompt_id = \(source) ORDER BY v.id"
        ).map { $0.integer(0) }
        let copies = try connection.allocateIDs(versions.count, for: "prompt_versions")
        for chunk in Array(zip(versions, copies)).chunked() {
            let pairs: [[SQLValue]] = chunk.map { [.integer($0), .integer($1)] }
            try connection.execute(
                """
                INSERT INTO prompt_versions (
                    id, prompt_id, description, template_type, template_format, template,
                    invocation_parameters, tools, response_format, model_provider, model_name,
                    metadata, created_at)
                SELECT
                    m.column2, \(target), v.description, v.template_type, v.template_format,
                    v.template, v.invocation_parameters, v.tools, v.response_format,
                    v.model_provider, v.model_name, v.metadata, \(now)
                FROM (VALUES \(rows: pairs, padded: false)) m
                JOIN prompt_versions v ON v.id = m.column1
                """)
        }
    }

    /// Deletes a prompt with its versions and tags. Labels stay, and so do its clones.
    ///
    /// - Throws: ``PromptError`` when there is no such prompt.
    package func delete(_ identifier: Identifier<Prompt>) async throws {
        try await racing {
            try await database.write { connection in
                let prompt = try Self.promptID(identifier, on: connection)
                try connection.execute("DELETE FROM prompts WHERE id = \(prompt)")
            }
        }
    }

    // MARK: Tags

    /// Gives a tag to a version, taking it from the version of the prompt that has it.
    ///
    /// - Parameter keepsDescription: Whether a tag that is moved keeps its description when the
    ///   draft has none.
    /// - Throws: ``PromptError`` when there is no such version.
    package func setTag(
        _ draft: PromptTagDraft, of version: PromptVersion.ID, keepsDescription: Bool = false
    ) async throws -> PromptVersionTag {
        try await racing {
            try await database.write { connection in
                let prompt = try Self.promptID(of: version, on: connection)
                try Self.setTags(
                    [draft], of: version, in: prompt, keepsDescriptions: keepsDescription,
                    on: connection)
                let row = try connection.first(
                    """
                    SELECT \(Self.tagColumns)
                    FROM prompt_version_tags t
                    WHERE t.prompt_id = \(prompt) AND t.name = \(draft.name)
                    """)
                guard let row else { throw PromptError.somethingNotFound }
                return Self.tag(row)
            }
        }
    }

    /// Deletes a tag of the prompt that a version belongs to, whichever version has it.
    ///
    /// - Throws: ``PromptError`` when there is no such version or tag.
    package func deleteTag(_ name: String, ofPromptWith version: PromptVersion.ID) async throws {
        try await database.write { connection in
            let prompt = try Self.promptID(of: version, on: connection)
            let count = try connection.execute(
                """
                DELETE FROM prompt_version_tags
                WHERE prompt_id = \(prompt) AND name = \(name)
                """)
            guard count > 0 else { throw PromptError.somethingNotFound }
        }
    }

    /// Deletes a tag.
    ///
    /// - Returns: The prompt that had it; nil when there is no such tag.
    package func deleteTag(_ id: PromptVersionTag.ID) async throws -> Prompt.ID? {
        try await database.write { connection in
            let row = try connection.first(
                "SELECT t.prompt_id FROM prompt_version_tags t WHERE t.id = \(id)")
            try connection.execute("DELETE FROM prompt_version_tags WHERE id = \(id)")
            return row.map { Prompt.ID($0.integer(0)) }
        }
    }

    // MARK: Rows

    private static func insert(
        _ draft: PromptDraft, now: Timestamp, on connection: any SQLConnection
    ) throws -> Prompt.ID {
        let id = Prompt.ID(try connection.allocateIDs(1, for: "prompts")[0])
        try connection.execute(
            """
            INSERT INTO prompts (
                id, source_prompt_id, name, description, metadata, created_at, updated_at)
            VALUES (
                \(id), \(draft.sourceID.sqlValue), \(draft.name), \(draft.description.sqlValue),
                \(SQL.document(draft.metadata.serialized())), \(now), \(now))
            """)
        return id
    }

    private static func insert(
        _ content: PromptContent, into prompt: Prompt.ID, tags: [PromptTagDraft], now: Timestamp,
        on connection: any SQLConnection
    ) throws -> PromptVersion {
        func document(_ json: JSONValue?) -> SQL {
            json.map { .document($0.serialized()) } ?? "NULL"
        }
        let id = PromptVersion.ID(try connection.allocateIDs(1, for: "prompt_versions")[0])
        try connection.execute(
            """
            INSERT INTO prompt_versions (
                id, prompt_id, description, template_type, template_format, template,
                invocation_parameters, tools, response_format, model_provider, model_name,
                metadata, created_at)
            VALUES (
                \(id), \(prompt), \(content.description.sqlValue),
                \(content.templateType.rawValue),
                \(content.templateFormat.rawValue), \(document(content.template)),
                \(document(content.invocationParameters)), \(document(content.tools)),
                \(document(content.responseFormat)), \(content.modelProvider.rawValue),
                \(content.modelName), \(document(content.metadata)), \(now))
            """)
        try setTags(tags, of: id, in: prompt, on: connection)
        return PromptVersion(id: id, promptID: prompt, content: content, createdAt: now)
    }

    /// Of several tags with one name the last counts.
    private static func setTags(
        _ drafts: [PromptTagDraft], of version: PromptVersion.ID, in prompt: Prompt.ID,
        keepsDescriptions: Bool = false, on connection: any SQLConnection
    ) throws {
        let kept: SQL =
            keepsDescriptions
            ? "COALESCE(excluded.description, prompt_version_tags.description)"
            : "excluded.description"
        var last: [String: PromptTagDraft] = [:]
        var names: [String] = []
        for draft in drafts {
            if last.updateValue(draft, forKey: draft.name) == nil { names.append(draft.name) }
        }
        let ids = try connection.allocateIDs(names.count, for: "prompt_version_tags")
        for chunk in Array(zip(ids, names)).chunked() {
            let rows: [[SQLValue]] = chunk.map { id, name in
                [
                    .integer(id), prompt.sqlValue, version.sqlValue, .text(name),
                    last[name]?.description.sqlValue ?? .null,
                ]
            }
            try connection.execute(
                """
                INSERT INTO prompt_version_tags (
                    id, prompt_id, prompt_version_id, name, description)
                VALUES \(rows: rows, padded: false)
                ON CONFLICT (prompt_id, name) DO UPDATE SET
                    prompt_version_id = excluded.prompt_version_id,
                    description = \(kept)
                """)
        }
    }
}
