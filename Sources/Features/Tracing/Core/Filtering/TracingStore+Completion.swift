import FilterLanguage
import JSON
import OpenInference
import PhoenixModel
import SQLCore

/// The completions at one place of a filter condition.
package struct FilterCompletions: Sendable, Hashable {
    /// Where the word begins that a completion replaces, in Unicode scalars.
    package var start: Int
    package var items: [FilterCompletion]
}

extension TracingStore {
    /// How many of the newest spans tell what a project holds.
    private static let completedSpansMax = 200
    private static let completedPathsMax = 2000
    /// How many values a name has at most, and how long they may be.
    private static let valuesMax = 50
    private static let valueLengthMax = 100

    /// What could stand at a place of a condition, as far as recent spans of the project tell.
    ///
    /// - Parameters:
    ///   - position: In Unicode scalars; nil for the end.
    ///   - limit: How many are wanted; up to ``FilterLanguage/completionsMax`` are told.
    package func filterCompletions(
        of condition: String, at position: Int?, in language: FilterLanguage,
        project: Project.ID, limit: Int
    ) async throws -> FilterCompletions {
        let position = position ?? condition.unicodeScalars.count
        let items = language.completions(
            of: condition, at: position,
            from: try await completionSource(of: project, in: language))
        return FilterCompletions(
            start: FilterLanguage.wordStart(in: condition, at: position),
            items: Array(items.prefix(max(0, limit))))
    }

    private func completionSource(
        of project: Project.ID, in language: FilterLanguage
    ) async throws -> FilterCompletionSource {
        let payloads = payloads
        let (seen, names) = try await database.read { connection in
            let columns = Self.valuedColumns.map { column -> SQL in "s.\(unsafe: column)" }
            let rows = try connection.query(
                """
                SELECT \(columns, separator: ", "), \(payloads.selection)
                FROM spans s
                WHERE s.project_rowid = \(project)
                ORDER BY s.start_time DESC, s.id DESC
                LIMIT \(Self.completedSpansMax)
                """)
            var seen = SeenValues()
            for row in rows {
                for (index, column) in Self.valuedColumns.enumerated() {
                    row.optionalText(index).map { seen.add($0, of: column) }
                }
            }
            let found = try payloads.payloads(
                in: rows, startingAt: Self.valuedColumns.count, on: connection)
            for payload in found {
                // Attributes that cannot be read have nothing to offer.
                guard case .object(let attributes)? = try? JSON.parse(payload.attributes) else {
                    continue
                }
                for (path, value) in AttributeFlattening.flatten(attributes) {
                    seen.add(path: path, value)
                }
            }
            let names = try Self.annotationNames(
                of: project, on: language.annotationSubject, connection)
            return (seen, names.filter(Self.isOffered))
        }
        var source = FilterCompletionSource()
        source.annotationNames = names
        source.attributePaths = seen.paths.sorted()
        source.values = { seen.values(of: $0) }
        return source
    }

    /// What would end a literal, or need another line, is left to the user's own hands.
    private static func isOffered(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= valueLengthMax
            && !text.utf8.contains { $0 < 0x20 || [0x22, 0x27, 0x5C].contains($0) }
    }

    private static let valuedColumns = [
        "name", "span_kind", "status_code", "model_name", "provider", "session_id", "user_id",
    ]

    /// What was seen in spans, within bounds.
    private struct SeenValues: Sendable {
        private(set) var paths: Set<String> = []
        private var values: [String: Set<String>] = [
            "span_kind": Set(SpanKind.allCases.map(\.rawValue)),
            "status_code": ["OK", "ERROR", "UNSET"],
        ]

        func values(of name: String) -> [String] { (values[name] ?? []).sorted() }

        mutating func add(_ value: String, of name: String) {
            guard TracingStore.isOffered(value),
                values[name, default: []].count < TracingStore.valuesMax
            else { return }
            values[name, default: []].insert(value)
        }

        mutating func add(path: String, _ value: JSONValue) {
            // Positions in lists make other paths in each span; the list is what a condition reads.
            guard !path.split(separator: ".").contains(where: { Int($0) != nil }),
                path.utf8.count <= TracingStore.valueLengthMax,
                paths.count < TracingStore.completedPathsMax || paths.contains(path)
            else { return }
            paths.insert(path)
            if case .string(let text) = value { add(text, of: path) }
        }
    }
}
