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
        return try await Self.racing {
            try await database.write { connection in
                let known = try connection.first(
                    "SELECT p.id FROM prompts p WHERE p.name = \(draft.name)")
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
        return try await Self.racing {
            try await database.write { connection in
                let prompt = try Self.promptID(identifier, on: connection)
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
                changes.append("metadata = \(SQLValue.json(metadata.serialized()))")
            }
            try connection.execute(
                "UPDATE prompts SET \(changes, separator: ", ") WHERE id = \(prompt)")
            let row = try connection.first(
                "SELECT \(Self.promptColumns) FROM prompts p WHERE p.id = \(prompt)")
            guard let row else { throw PromptError.promptNotFound }
            return try Self.prompt(row)
        }
    }

    /// Deletes a prompt with its versions and tags. Labels stay, and so do its clones.
    ///
    /// - Throws: ``PromptError`` when there is no such prompt.
    package func delete(_ identifier: Identifier<Prompt>) async throws {
        try await Self.racing {
            try await database.write { connection in
                let prompt = try Self.promptID(identifier, on: connection)
                try connection.execute("DELETE FROM prompts WHERE id = \(prompt)")
            }
        }
    }

    // MARK: Tags

    /// Gives a tag to a version, taking it from the version of the prompt that has it.
    ///
    /// - Throws: ``PromptError`` when there is no such version.
    package func setTag(
        _ draft: PromptTagDraft, of version: PromptVersion.ID
    ) async throws -> PromptVersionTag {
        try await Self.racing {
            try await database.write { connection in
                let prompt = try Self.promptID(of: version, on: connection)
                try Self.setTags([draft], of: version, in: prompt, on: connection)
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
                \(SQLValue.json(draft.metadata.serialized())), \(now), \(now))
            """)
        return id
    }

    private static func insert(
        _ content: PromptContent, into prompt: Prompt.ID, tags: [PromptTagDraft], now: Timestamp,
        on connection: any SQLConnection
    ) throws -> PromptVersion {
        func document(_ json: JSONValue?) -> SQLValue {
            json.map { .json($0.serialized()) } ?? .null
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
        on connection: any SQLConnection
    ) throws {
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
                    description = excluded.description
                """)
        }
    }
}
