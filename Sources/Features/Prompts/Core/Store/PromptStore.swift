import APISupport
import JSON
import PhoenixModel
import SQLCore
import Tracing

/// Prompts with their versions, tags and labels in the database.
package struct PromptStore: Sendable {
    package let database: any SQLDatabase

    package init(_ database: any SQLDatabase) { self.database = database }

    // MARK: Rows

    static let promptColumns: SQL = """
        p.id, p.source_prompt_id, p.name, p.description, p.metadata, p.created_at
        """

    static func prompt(_ row: SQLRow) throws -> Prompt {
        Prompt(
            id: Prompt.ID(row.integer(0)), sourceID: row.optionalInteger(1).map { Prompt.ID($0) },
            name: row.text(2), description: row.optionalText(3),
            metadata: try JSON.parse(row.blob(4)),
            createdAt: Timestamp(microseconds: row.integer(5)))
    }

    static let versionColumns: SQL = """
        v.id, v.prompt_id, v.created_at, v.description, v.model_provider, v.model_name,
        v.template_type, v.template_format, v.template, v.invocation_parameters, v.tools,
        v.response_format, v.metadata
        """

    static func version(_ row: SQLRow) throws -> PromptVersion {
        func document(_ column: Int) throws -> JSONValue? {
            try row.optionalBlob(column).map { try JSON.parse($0) }
        }
        func choice<Choice: RawRepresentable<String>>(_ column: Int) throws -> Choice {
            guard let choice = Choice(rawValue: row.text(column)) else {
                throw UnknownValue(version: row.integer(0), value: row.text(column))
            }
            return choice
        }
        return PromptVersion(
            id: PromptVersion.ID(row.integer(0)), promptID: Prompt.ID(row.integer(1)),
            content: PromptContent(
                description: row.optionalText(3), modelProvider: try choice(4),
                modelName: row.text(5), templateType: try choice(6), templateFormat: try choice(7),
                template: try document(8) ?? [:], invocationParameters: try document(9) ?? [:],
                tools: try document(10), responseFormat: try document(11),
                metadata: try document(12) ?? [:]),
            createdAt: Timestamp(microseconds: row.integer(2)))
    }

    /// A row that another program wrote, or a later version of this one.
    private struct UnknownValue: Error, CustomStringConvertible {
        var version: Int64
        var value: String

        var description: String {
            "The prompt version \(version) has the value \(value), which this version of Phoenix "
                + "does not know."
        }
    }

    static let tagColumns: SQL = "t.id, t.prompt_id, t.prompt_version_id, t.name, t.description"

    static func tag(_ row: SQLRow) -> PromptVersionTag {
        PromptVersionTag(
            id: PromptVersionTag.ID(row.integer(0)), promptID: Prompt.ID(row.integer(1)),
            versionID: PromptVersion.ID(row.integer(2)), name: row.text(3),
            description: row.optionalText(4))
    }

    // MARK: Looking up

    /// Keeps what a transaction looked up from being deleted before it ends.
    static let forKeyShare = SQL.dialect(sqlite: "", postgres: "FOR KEY SHARE")

    /// Makes those who add versions to a prompt wait for one another, so that the version with the
    /// highest id is the one that was added last.
    static let forVersions = SQL.dialect(sqlite: "", postgres: "FOR NO KEY UPDATE")

    /// - Parameter lock: What others may not do with the prompt before the transaction ends.
    /// - Throws: ``PromptError`` when there is none.
    static func promptID(
        _ identifier: Identifier<Prompt>, on connection: any SQLConnection,
        locking lock: SQL = forKeyShare
    ) throws -> Prompt.ID {
        let row = try connection.first(
            "SELECT p.id FROM prompts p WHERE \(isPrompt(identifier)) \(lock)")
        guard let row else { throw PromptError.promptNotFound }
        return Prompt.ID(row.integer(0))
    }

    /// The prompt of a version.
    ///
    /// - Throws: ``PromptError`` when there is no such version.
    static func promptID(
        of version: PromptVersion.ID, on connection: any SQLConnection
    ) throws -> Prompt.ID {
        let row = try connection.first(
            "SELECT v.prompt_id FROM prompt_versions v WHERE v.id = \(version) \(forKeyShare)")
        guard let row else { throw PromptError.somethingNotFound }
        return Prompt.ID(row.integer(0))
    }
}
