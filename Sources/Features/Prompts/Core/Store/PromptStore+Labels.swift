import PhoenixModel
import SQLCore
import Tracing

extension PromptStore {
    private static let labelColumns: SQL = "l.id, l.name, l.description, l.color"

    private static func label(_ row: SQLRow, from column: Int = 0) -> PromptLabel {
        PromptLabel(
            id: PromptLabel.ID(row.integer(column)), name: row.text(column + 1),
            description: row.optionalText(column + 2), color: row.optionalText(column + 3))
    }

    // MARK: Reading

    /// All labels in the order in which they were made.
    package func labels() async throws -> [PromptLabel] {
        try await database.read { connection in
            try connection.query(
                "SELECT \(Self.labelColumns) FROM prompt_labels l ORDER BY l.id"
            ).map { Self.label($0) }
        }
    }

    /// Some labels by their ids. Those that do not exist are not in the answer.
    package func labels(_ ids: [PromptLabel.ID]) async throws -> [PromptLabel.ID: PromptLabel] {
        try await database.read { connection in
            var found: [PromptLabel.ID: PromptLabel] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT \(Self.labelColumns)
                    FROM prompt_labels l
                    WHERE l.id IN (\(list: chunk))
                    """)
                for label in rows.map({ Self.label($0) }) { found[label.id] = label }
            }
            return found
        }
    }

    /// The labels of prompts, each prompt's in the order in which they were made.
    package func labels(ofPrompts ids: [Prompt.ID]) async throws -> [Prompt.ID: [PromptLabel]] {
        try await database.read { connection in
            var found: [Prompt.ID: [PromptLabel]] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT a.prompt_id, \(Self.labelColumns)
                    FROM prompts_prompt_labels a
                    JOIN prompt_labels l ON l.id = a.prompt_label_id
                    WHERE a.prompt_id IN (\(list: chunk))
                    ORDER BY a.prompt_id, l.id
                    """)
                for row in rows {
                    found[Prompt.ID(row.integer(0)), default: []].append(Self.label(row, from: 1))
                }
            }
            return found
        }
    }

    /// How many prompts have each of some labels; labels that none has are not in the answer.
    package func usageCounts(ofLabels ids: [PromptLabel.ID]) async throws -> [PromptLabel.ID: Int] {
        try await database.read { connection in
            var found: [PromptLabel.ID: Int] = [:]
            for chunk in ids.chunked() {
                let rows = try connection.query(
                    """
                    SELECT a.prompt_label_id, COUNT(*)
                    FROM prompts_prompt_labels a
                    WHERE a.prompt_label_id IN (\(list: chunk))
                    GROUP BY a.prompt_label_id
                    """)
                for row in rows {
                    found[PromptLabel.ID(row.integer(0))] = Int(row.integer(1))
                }
            }
            return found
        }
    }

    // MARK: Writing

    /// - Throws: ``PromptError`` when the name is taken.
    package func createLabel(
        name: String, description: String?, color: String?
    ) async throws -> PromptLabel {
        do {
            return try await database.write { connection in
                let id = try connection.allocateIDs(1, for: "prompt_labels")[0]
                try connection.execute(
                    """
                    INSERT INTO prompt_labels (id, name, description, color)
                    VALUES (\(id), \(name), \(description.sqlValue), \(color.sqlValue))
                    """)
                return PromptLabel(
                    id: PromptLabel.ID(id), name: name, description: description, color: color)
            }
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw PromptError(.conflict, "A prompt label named '\(name)' already exists.")
        }
    }

    /// Changes the name and description of a label; what is nil stays as it is.
    ///
    /// - Throws: ``PromptError`` when there is no such label or the name is taken.
    package func patchLabel(
        _ id: PromptLabel.ID, name: String?, description: String?
    ) async throws -> PromptLabel {
        do {
            return try await database.write { connection in
                try connection.execute(
                    """
                    UPDATE prompt_labels
                    SET name = COALESCE(\(name.sqlValue), name),
                        description = COALESCE(\(description.sqlValue), description)
                    WHERE id = \(id)
                    """)
                let row = try connection.first(
                    "SELECT \(Self.labelColumns) FROM prompt_labels l WHERE l.id = \(id)")
                guard let row else {
                    throw PromptError(.notFound, "PromptLabel with ID \(id.nodeID) not found")
                }
                return Self.label(row)
            }
        } catch let error as DatabaseError where error.code == .uniqueViolation {
            throw PromptError(
                .conflict, "Error patching PromptLabel. Possibly a name conflict?")
        }
    }

    /// Deletes labels, also from the prompts that have them. Those that do not exist do not matter.
    package func deleteLabels(_ ids: [PromptLabel.ID]) async throws {
        try await database.write { connection in
            for chunk in ids.chunked() {
                try connection.execute("DELETE FROM prompt_labels WHERE id IN (\(list: chunk))")
            }
        }
    }

    /// Adds labels to a prompt, all or none.
    ///
    /// - Throws: ``PromptError`` when the prompt or a label does not exist, the prompt has one of them
    ///   already, or one is named twice.
    package func addLabels(_ ids: [PromptLabel.ID], to prompt: Prompt.ID) async throws {
        do {
            try await database.write { connection in
                let rowIDs = try connection.allocateIDs(ids.count, for: "prompts_prompt_labels")
                for chunk in Array(zip(rowIDs, ids)).chunked() {
                    let rows: [[SQLValue]] = chunk.map {
                        [.integer($0), prompt.sqlValue, $1.sqlValue]
                    }
                    try connection.execute(
                        """
                        INSERT INTO prompts_prompt_labels (id, prompt_id, prompt_label_id)
                        VALUES \(rows: rows, padded: false)
                        """)
                }
            }
        } catch let error as DatabaseError
            where error.code == .uniqueViolation || error.code == .foreignKeyViolation
        {
            throw PromptError(.conflict, "Failed to associate PromptLabel with Prompt.")
        }
    }

    /// Takes labels from a prompt, all or none.
    ///
    /// - Throws: ``PromptError`` when the prompt does not have one of them.
    package func removeLabels(_ ids: [PromptLabel.ID], from prompt: Prompt.ID) async throws {
        let distinct = Array(Set(ids))
        try await database.write { connection in
            var count = 0
            for chunk in distinct.chunked() {
                count += try connection.execute(
                    """
                    DELETE FROM prompts_prompt_labels
                    WHERE prompt_id = \(prompt) AND prompt_label_id IN (\(list: chunk))
                    """)
            }
            guard count == distinct.count else {
                let listed = ids.map(\.description).joined(separator: ", ")
                throw PromptError(
                    .notFound, "No association between prompt=\(prompt) and labels=\(listed).")
            }
        }
    }
}
