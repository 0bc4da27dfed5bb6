import FilterLanguage
import JSON
import PhoenixModel
import SQLCore

/// Which spans of a project to list. Conditions are joined by AND, the values of one by OR.
package struct SpanFilter: Sendable {
    package enum Parent: Sendable, Hashable {
        /// Spans without a parent id.
        case none
        case id(OTelID)
        /// Spans without a parent id, or whose parent is not stored in their trace.
        case missing
        /// A parent id that no span can have.
        case impossible
    }

    /// A value at a path of the attributes.
    package struct AttributeCondition: Sendable, Hashable {
        package var path: [String]
        /// A string, a number or a boolean.
        package var value: JSONValue

        package init(path: [String], value: JSONValue) {
            self.path = path
            self.value = value
        }
    }

    /// Spans that start in `[startTime, endTime)`.
    package var startTime: Timestamp?
    package var endTime: Timestamp?
    package var traceIDs: [OTelID]?
    package var spanIDs: [OTelID]?
    package var parent: Parent?
    package var names: [String]?
    package var kinds: [String]?
    package var statusCodes: [String]?
    package var attributes: [AttributeCondition] = []
    /// Conditions of the three filter languages: on the span, on its trace, on its session.
    package var expressions: [Filter] = []
    /// Spans that have a list at any of these places in their attributes.
    package var listsAtAny: [[FilterPathStep]]?
    /// The last row id, so that spans that come in meanwhile do not change what was seen.
    package var idMax: Span.ID?

    package init() {}

    /// Whether nothing but the time decides which spans of the project are selected.
    var selectsByTimeOnly: Bool {
        expressions.isEmpty && names == nil && kinds == nil && statusCodes == nil && parent == nil
            && attributes.isEmpty && traceIDs == nil && spanIDs == nil && listsAtAny == nil
    }

    /// Whether the spans without a parent are selected, and the time alone decides which of them.
    var selectsRootsByTimeOnly: Bool {
        guard expressions.count == 1, let filter = expressions.first, filter.language == .span,
            case .isNull(.field(.parentID, of: 0))? = filter.condition
        else { return false }
        var rest = self
        rest.expressions = []
        return rest.selectsByTimeOnly
    }

    /// What leads to the spans of a page.
    enum Path: Sendable {
        case rowID
        case startTime
        case segments
    }

    /// How many spans a way to a page may look at besides its own before segments are asked.
    private static let detourMax = 10_000

    /// Finds out which way to a page looks at few spans.
    ///
    /// Along the row ids, the spans outside of the window are passed over that lie at the end where
    /// the list begins; along the start times, all spans of the window are sorted by row id. How many
    /// those are is read from the minutes. Where both are many, segments know which of them reach into
    /// the window.
    func path(
        in project: Project.ID, sort: SpanSort, on connection: any SQLConnection
    ) throws -> Path {
        guard startTime != nil || endTime != nil, sort.column == .id, selectsByTimeOnly else {
            return .rowID
        }
        let first = startTime.map { ProjectRollup.minute(of: $0.microseconds) } ?? .min
        let last = endTime.map { ProjectRollup.minute(of: $0.microseconds) } ?? .max
        // Minutes on the other side of the window are not passed over.
        let outside: SQL = sort.isDescending ? "minute > \(last)" : "minute < \(first)"
        let counted: SQL = sort.isDescending ? "minute >= \(first)" : "minute <= \(last)"
        let row = try connection.first(
            """
            SELECT
                CAST(COALESCE(SUM(CASE WHEN minute >= \(first) AND minute <= \(last)
                    THEN span_count ELSE 0 END), 0) AS BIGINT),
                CAST(COALESCE(SUM(CASE WHEN \(outside) THEN span_count ELSE 0 END), 0) AS BIGINT)
            FROM project_minutes
            WHERE project_rowid = \(project) AND \(counted)
            """)!  // An aggregate has a row.
        if min(row.integer(0), row.integer(1)) > Self.detourMax { return .segments }
        return row.integer(1) < row.integer(0) ? .rowID : .startTime
    }

    // A unary plus in front of a column keeps the databases from using its index where another one
    // leads to fewer rows.

    private func windowConditions(path: Path) -> [SQL] {
        let column: SQL = path == .startTime ? "s.start_time" : "+s.start_time"
        var conditions: [SQL] = []
        if let startTime { conditions.append("\(column) >= \(startTime)") }
        if let endTime { conditions.append("\(column) < \(endTime)") }
        return conditions
    }

    /// The ordering of the spans table called `s` that leaves the path open.
    static func ordering(_ sort: SpanSort, path: Path) -> SQL {
        guard sort.column == .id, path == .startTime else { return sort.ordering }
        return sort.isDescending ? "+s.id DESC" : "+s.id ASC"
    }

    /// The conditions on the spans table called `s`.
    ///
    /// - Parameter path: What leads to the spans; nil when the caller names their row ids or traces.
    func conditions(
        in project: Project.ID, path: Path?, _ payloads: any SpanPayloadStore
    ) -> [SQL] {
        let isByID = path == nil || traceIDs != nil || spanIDs != nil
        return [isByID ? "+s.project_rowid = \(project)" : "s.project_rowid = \(project)"]
            + conditions(path: path, payloads)
    }

    /// The conditions without that of the project, for spans of traces that are of it already.
    func conditions(path: Path?, _ payloads: any SpanPayloadStore) -> [SQL] {
        var conditions = windowConditions(path: path ?? .rowID)
        if let traceIDs {
            conditions.append(
                "s.trace_rowid IN (SELECT id FROM traces WHERE trace_id IN (\(list: traceIDs)))")
        }
        if let spanIDs { conditions.append("s.span_id IN (\(list: spanIDs))") }
        switch parent {
        case nil: break
        case .none?: conditions.append("s.parent_id IS NULL")
        case .id(let id):
            // Alone, the comparison is answered from an index that holds the column.
            conditions.append("s.id IN (SELECT c.id FROM spans c WHERE c.parent_id = \(id))")
        case .missing:
            conditions.append(
                """
                (s.parent_id IS NULL OR NOT EXISTS (
                    SELECT 1
                    FROM spans q
                    WHERE q.span_id = s.parent_id AND q.trace_rowid = s.trace_rowid))
                """)
        case .impossible: conditions.append("1 = 0")
        }
        if let idMax { conditions.append("+s.id <= \(idMax)") }
        if let names { conditions.append("s.name IN (\(list: names))") }
        if let kinds { conditions.append("s.span_kind IN (\(list: kinds))") }
        if let statusCodes { conditions.append("s.status_code IN (\(list: statusCodes))") }
        for expression in expressions where expression.language == .span {
            if let term = expression.condition,
                let condition = ColumnConditions.necessary(for: term)
            {
                conditions.append(condition)
            }
        }
        // Payloads are the dearest to look at, so they come last.
        for attribute in attributes {
            let texts = Self.texts(equalTo: attribute.value)
            let value = payloads.attribute(at: attribute.path.map(FilterPathStep.key))
            conditions.append("\(value) IN (\(list: texts))")
        }
        for expression in expressions {
            if let condition = Self.condition(expression, payloads) {
                conditions.append(condition)
            }
        }
        if let listsAtAny {
            let lists: [SQL] = listsAtAny.map { "\(payloads.attribute(at: $0)) LIKE '[%'" }
            conditions.append(lists.isEmpty ? "1 = 0" : "(\(lists, separator: " OR "))")
        }
        return conditions
    }

    /// An expression as a condition on the spans table called `s`; nil when it selects every span.
    private static func condition(
        _ expression: Filter, _ payloads: any SpanPayloadStore
    ) -> SQL? {
        let columns = TracingFilterColumns(language: expression.language, payloads: payloads)
        guard let condition = expression.sql(over: columns) else { return nil }
        switch expression.language {
        case .span: return condition
        case .trace:
            // Row by row: a page needs few traces, and the condition may be dear.
            return "EXISTS (SELECT 1 FROM traces t WHERE t.id = s.trace_rowid AND \(condition))"
        case .session:
            return """
                EXISTS (
                    SELECT 1
                    FROM traces st
                    JOIN project_sessions ps ON ps.id = st.project_session_rowid
                    WHERE st.id = s.trace_rowid AND \(condition))
                """
        }
    }

    /// The JSON texts that a value may be stored as: an integer may also have a fraction of zero.
    private static func texts(equalTo value: JSONValue) -> [String] {
        switch value {
        case .integer(let number): ["\(number)", "\(number).0"]
        case .double(let number):
            Int64(exactly: number).map { ["\($0).0", "\($0)"] } ?? [value.text]
        default: [value.text]
        }
    }
}
