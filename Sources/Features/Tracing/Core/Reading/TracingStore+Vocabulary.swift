import JSON
import PhoenixModel
import SQLCore

extension TracingStore {
    /// How many root spans are looked at for the names of their attributes.
    private static let observedSpansMax = 200
    /// How many names are told at most.
    private static let observedKeysMax = 1000

    /// Whose root spans filters read attributes of.
    package enum AttributeOwner: Sendable, Hashable {
        case session
        case trace
    }

    /// The dotted names of the attributes that recent root spans of a project carry, sorted.
    ///
    /// - Parameter range: In which the traces start.
    package func observedAttributeKeys(
        of project: Project.ID, owner: AttributeOwner, in range: TimeRange = .always
    ) async throws -> [String] {
        let payloads = payloads
        return try await database.read { connection in
            var conditions: [SQL] = ["t.project_rowid = \(project)"]
            conditions += range.conditions(on: "t.start_time")
            switch owner {
            case .session:
                conditions += ["t.project_session_rowid IS NOT NULL", "s.parent_id IS NULL"]
            case .trace:
                conditions.append(
                    """
                    NOT EXISTS (
                        SELECT 1
                        FROM spans q
                        WHERE q.span_id = s.parent_id AND q.trace_rowid = s.trace_rowid)
                    """)
            }
            let rows = try connection.query(
                """
                SELECT s.id, \(payloads.selection)
                FROM (
                    SELECT s.id
                    FROM traces t
                    JOIN spans s ON s.trace_rowid = t.id
                    WHERE \(conditions, separator: " AND ")
                    ORDER BY t.start_time DESC, s.id DESC
                    LIMIT \(Self.observedSpansMax)
                ) page
                JOIN spans s ON s.id = page.id
                """)
            var keys: Set<String> = []
            for payload in try payloads.payloads(in: rows, startingAt: 1, on: connection) {
                // Attributes that cannot be read have no names to tell.
                guard case .object(let attributes)? = try? SpanPayload.parsed(payload.attributes)
                else {
                    continue
                }
                Self.collect(attributes, below: "", into: &keys)
            }
            return Array(keys.sorted().prefix(Self.observedKeysMax))
        }
    }

    private static func collect(
        _ object: JSONObject, below prefix: String, into keys: inout Set<String>
    ) {
        for (key, value) in object {
            let name = prefix.isEmpty ? key : "\(prefix).\(key)"
            if case .object(let inner) = value {
                collect(inner, below: name, into: &keys)
            } else {
                keys.insert(name)
            }
        }
    }
}
