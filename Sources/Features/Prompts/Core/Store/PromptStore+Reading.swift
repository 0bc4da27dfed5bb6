import APISupport
import PhoenixModel
import SQLCore
import Tracing

extension PromptStore {
    // MARK: Prompts

    /// Prompts, the newest first.
    ///
    /// - Parameter first: The prompt to begin with; it need not exist any more.
    package func prompts(from first: Prompt.ID? = nil, limit: Int) async throws -> Page<Prompt> {
        let condition: SQL = if let first { "p.id <= \(first)" } else { "1 = 1" }
        let query: SQL = """
            SELECT \(Self.promptColumns)
            FROM prompts p
            WHERE \(condition)
            ORDER BY p.id DESC
            LIMIT \(Page<Prompt>.rowsToQuery(limit: limit))
            """
        let rows = try await database.read { try $0.query(query) }
        return Page(try rows.map(Self.prompt), limit: limit)
    }

    // MARK: Versions

    /// The versions of a prompt, the newest first; none of a prompt that does not exist.
    ///
    /// - Parameter first: The version to begin with; it need not exist any more.
    package func versions(
        of identifier: Identifier<Prompt>, from first: PromptVersion.ID? = nil, limit: Int
    ) async throws -> Page<PromptVersion> {
        try await database.read { connection in
            guard let prompt = try Self.promptIfAny(identifier, on: connection) else {
                return Page([], limit: limit)
            }
            let condition: SQL = if let first { "v.id <= \(first)" } else { "1 = 1" }
            let rows = try connection.query(
                """
                SELECT \(Self.versionColumns)
                FROM prompt_versions v
                WHERE v.prompt_id = \(prompt) AND \(condition)
                ORDER BY v.id DESC
                LIMIT \(Page<PromptVersion>.rowsToQuery(limit: limit))
                """)
            return Page(try rows.map(Self.version), limit: limit)
        }
    }

    /// - Throws: ``PromptError`` when there is none.
    package func version(_ id: PromptVersion.ID) async throws -> PromptVersion {
        guard let version = try await versions([id])[id] else {
            throw PromptError.somethingNotFound
        }
        return version
    }

    /// Some versions by their ids. Those that do not exist are not in the answer.
    package func versions(
        _ ids: [PromptVersion.ID]
    ) async throws -> [PromptVersion.ID: PromptVersion] {
        try await database.read { connection in
            var found: [PromptVersion.ID: PromptVersion] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.versionColumns)
                    FROM prompt_versions v
                    WHERE v.id IN (\(list: chunk))
                    """)
                for version in try rows.map(Self.version) { found[version.id] = version }
            }
            return found
        }
    }

    /// The version of a prompt with the highest id.
    ///
    /// - Throws: ``PromptError`` when there is no such prompt, or it has no version.
    package func latestVersion(of identifier: Identifier<Prompt>) async throws -> PromptVersion {
        try await database.read { connection in
            let row = try connection.first(
                """
                SELECT \(Self.versionColumns)
                FROM prompt_versions v
                JOIN prompts p ON p.id = v.prompt_id
                WHERE \(Self.isPrompt(identifier))
                ORDER BY v.id DESC
                LIMIT 1
                """)
            guard let row else { throw PromptError.somethingNotFound }
            return try Self.version(row)
        }
    }

    /// The version of a prompt that has a tag.
    ///
    /// - Throws: ``PromptError`` when there is no such prompt or tag.
    package func version(
        of identifier: Identifier<Prompt>, tagged tag: String
    ) async throws -> PromptVersion {
        try await database.read { connection in
            let row = try connection.first(
                """
                SELECT \(Self.versionColumns)
                FROM prompt_versions v
                JOIN prompt_version_tags t ON t.prompt_version_id = v.id
                JOIN prompts p ON p.id = t.prompt_id
                WHERE \(Self.isPrompt(identifier)) AND t.name = \(tag)
                """)
            guard let row else { throw PromptError.somethingNotFound }
            return try Self.version(row)
        }
    }

    static func isPrompt(_ identifier: Identifier<Prompt>) -> SQL {
        if let id = identifier.rowID { "p.id = \(id)" } else { "p.name = \(identifier.text)" }
    }

    /// The id of a prompt, for a transaction that only reads.
    private static func promptIfAny(
        _ identifier: Identifier<Prompt>, on connection: any SQLConnection
    ) throws -> Prompt.ID? {
        try connection.first("SELECT p.id FROM prompts p WHERE \(isPrompt(identifier))")
            .map { Prompt.ID($0.integer(0)) }
    }

    // MARK: Tags

    /// The tags of a version, the newest first.
    ///
    /// - Parameter first: The tag to begin with; it need not exist any more.
    /// - Throws: ``PromptError`` when there is no such version.
    package func tags(
        of version: PromptVersion.ID, from first: PromptVersionTag.ID? = nil, limit: Int
    ) async throws -> Page<PromptVersionTag> {
        try await database.read { connection in
            guard
                try connection.first("SELECT 1 FROM prompt_versions v WHERE v.id = \(version)")
                    != nil
            else { throw PromptError.versionNotFound }
            let condition: SQL = if let first { "t.id <= \(first)" } else { "1 = 1" }
            let rows = try connection.query(
                """
                SELECT \(Self.tagColumns)
                FROM prompt_version_tags t
                WHERE t.prompt_version_id = \(version) AND \(condition)
                ORDER BY t.id DESC
                LIMIT \(Page<PromptVersionTag>.rowsToQuery(limit: limit))
                """)
            return Page(rows.map(Self.tag), limit: limit)
        }
    }
}
