import PhoenixModel
import SQLCore
import Tracing

/// Where a version stands among those of its prompt.
package struct PromptVersionPlace: Hashable, Sendable {
    /// Counted from 1.
    package var number: Int
    package var previous: PromptVersion.ID?
    package var isLatest: Bool
}

extension PromptStore {
    // MARK: Prompts

    /// A part of the prompts, the newest first, and how many there are.
    ///
    /// - Parameters:
    ///   - part: Keeps prompts with this in their name, whatever the case; `%` stands for anything.
    ///   - labels: Keeps prompts with one of these labels; all when it is empty.
    ///   - window: Which part, once the count is known.
    package func prompts(
        nameLike part: String?, labels: [PromptLabel.ID] = [],
        window: @escaping @Sendable (_ count: Int) -> Range<Int>
    ) async throws -> (prompts: [Prompt], count: Int) {
        var conditions: [SQL] = ["1 = 1"]
        if let part, !part.isEmpty {
            let pattern = "%\(part)%"
            conditions.append(
                .dialect(
                    sqlite: "p.name LIKE \(pattern)", postgres: "p.name ILIKE \(pattern) ESCAPE ''"
                ))
        }
        if !labels.isEmpty {
            conditions.append(
                """
                EXISTS (
                    SELECT 1
                    FROM prompts_prompt_labels a
                    WHERE a.prompt_id = p.id AND a.prompt_label_id IN (\(list: labels)))
                """)
        }
        let condition: SQL = "\(conditions, separator: " AND ")"
        return try await database.read { connection in
            let row = try connection.first("SELECT COUNT(*) FROM prompts p WHERE \(condition)")
            let count = Int(row?.integer(0) ?? 0)
            let range = window(count)
            guard !range.isEmpty else { return ([], count) }
            // By position, since the contract's cursors of this list are positions.
            let rows = try connection.query(
                """
                SELECT \(Self.promptColumns)
                FROM prompts p
                WHERE \(condition)
                ORDER BY p.id DESC
                LIMIT \(range.count) OFFSET \(range.lowerBound)
                """)
            return (try rows.map(Self.prompt), count)
        }
    }

    package func promptCount() async throws -> Int {
        let row = try await database.read { try $0.first("SELECT COUNT(*) FROM prompts") }
        return Int(row?.integer(0) ?? 0)
    }

    /// Prompts with a text in their name or description, whatever the case, the last changed first.
    package func searchPrompts(_ text: String, limit: Int) async throws -> [Prompt] {
        func contains(_ column: SQL) -> SQL {
            .dialect(
                sqlite: "INSTR(LOWER(\(column)), LOWER(\(text))) > 0",
                postgres: "STRPOS(LOWER(\(column)), LOWER(\(text))) > 0")
        }
        let query: SQL = """
            SELECT \(Self.promptColumns)
            FROM prompts p
            WHERE \(contains("p.name")) OR \(contains("p.description"))
            ORDER BY p.updated_at / 1000000 DESC, p.id
            LIMIT \(limit)
            """
        return try await database.read { try $0.query(query) }.map(Self.prompt)
    }

    /// Some prompts by their ids. Those that do not exist are not in the answer.
    package func prompts(_ ids: [Prompt.ID]) async throws -> [Prompt.ID: Prompt] {
        try await database.read { connection in
            var found: [Prompt.ID: Prompt] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.promptColumns)
                    FROM prompts p
                    WHERE p.id IN (\(list: chunk))
                    """)
                for prompt in try rows.map(Self.prompt) { found[prompt.id] = prompt }
            }
            return found
        }
    }

    // MARK: Versions

    /// The ids of the versions of prompts, each prompt's newest first.
    package func versionIDs(
        ofPrompts ids: [Prompt.ID]
    ) async throws -> [Prompt.ID: [PromptVersion.ID]] {
        try await database.read { connection in
            var found: [Prompt.ID: [PromptVersion.ID]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT v.prompt_id, v.id
                    FROM prompt_versions v
                    WHERE v.prompt_id IN (\(list: chunk))
                    ORDER BY v.prompt_id, v.id DESC
                    """)
                for row in rows {
                    found[Prompt.ID(row.integer(0)), default: []]
                        .append(PromptVersion.ID(row.integer(1)))
                }
            }
            return found
        }
    }

    /// Where versions stand among those of their prompts.
    package func places(
        ofVersions ids: [PromptVersion.ID]
    ) async throws -> [PromptVersion.ID: PromptVersionPlace] {
        @Sendable func others(_ what: SQL, _ condition: SQL) -> SQL {
            """
            (SELECT \(what)
            FROM prompt_versions o
            WHERE o.prompt_id = v.prompt_id AND \(condition))
            """
        }
        return try await database.read { connection in
            var found: [PromptVersion.ID: PromptVersionPlace] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT
                        v.id, \(others("COUNT(*)", "o.id <= v.id")),
                        \(others("MAX(o.id)", "o.id < v.id")),
                        \(others("MAX(o.id)", "1 = 1"))
                    FROM prompt_versions v
                    WHERE v.id IN (\(list: chunk))
                    """)
                for row in rows {
                    found[PromptVersion.ID(row.integer(0))] = PromptVersionPlace(
                        number: Int(row.integer(1)),
                        previous: row.optionalInteger(2).map { PromptVersion.ID($0) },
                        isLatest: row.integer(3) == row.integer(0))
                }
            }
            return found
        }
    }

    // MARK: Tags

    /// The tags of prompts, each prompt's in the order in which they were first set.
    package func tags(ofPrompts ids: [Prompt.ID]) async throws -> [Prompt.ID: [PromptVersionTag]] {
        let tags = try await tags(where: "t.prompt_id", ids)
        return Dictionary(grouping: tags, by: \.promptID)
    }

    /// The tags of versions, each version's in the order in which they were first set.
    package func tags(
        ofVersions ids: [PromptVersion.ID]
    ) async throws -> [PromptVersion.ID: [PromptVersionTag]] {
        let tags = try await tags(where: "t.prompt_version_id", ids)
        return Dictionary(grouping: tags, by: \.versionID)
    }

    /// Some tags by their ids. Those that do not exist are not in the answer.
    package func tags(
        _ ids: [PromptVersionTag.ID]
    ) async throws -> [PromptVersionTag.ID: PromptVersionTag] {
        let tags = try await tags(where: "t.id", ids)
        return Dictionary(tags.map { ($0.id, $0) }) { $1 }
    }

    private func tags(
        where column: SQL, _ ids: [some SQLConvertible & Sendable]
    ) async throws -> [PromptVersionTag] {
        try await database.read { connection in
            var found: [PromptVersionTag] = []
            for chunk in ids.chunked() {
                found += try connection.query(
                    """
                    SELECT \(Self.tagColumns)
                    FROM prompt_version_tags t
                    WHERE \(column) IN (\(list: chunk))
                    ORDER BY t.id
                    """
                ).map(Self.tag)
            }
            return found
        }
    }
}
