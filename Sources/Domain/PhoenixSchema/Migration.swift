import SQLCore

/// One step of the schema, the same for both databases in meaning and side by side in text.
///
/// Steps are only ever appended; a released one is never edited. Each runs in a transaction of its own.
package struct Migration: Sendable {
    /// The position in the history, from 1 on without gaps.
    package let version: Int64
    package let name: String
    package let sqlite: String
    package let postgres: String

    package init(version: Int64, name: String, sqlite: String, postgres: String) {
        self.version = version
        self.name = name
        self.sqlite = sqlite
        self.postgres = postgres
    }

    func script(for dialect: SQLDialect) -> String {
        switch dialect {
        case .sqlite: sqlite
        case .postgres: postgres
        }
    }

    /// The tables that the steps make, as their scripts name them, and the table of the steps themselves.
    static func tableNames(for dialect: SQLDialect) -> Set<String> {
        var names: Set = ["schema_migrations"]
        for script in all.map({ $0.script(for: dialect) }) {
            for match in script.matches(of: /CREATE TABLE (\w+)/) { names.insert(String(match.1)) }
        }
        return names
    }

    /// Every step, oldest first.
    package static let all: [Migration] = [
        .createTracing, .addCosts, .addSpanSegments, .countSpansByStatus, .markWrappedCalls,
        .indexRootSpans, .trustTheSpanWriter, .addAnnotations, .addDatasets, .addExperiments,
        .addPrompts, .addSecrets, .addImports, .spellOutChecks, .countTracesByLatency,
    ]
}
