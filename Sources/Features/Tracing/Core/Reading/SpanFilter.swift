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

    package init() {}

    /// Which index leads to the spans of a page.
    enum Path: Sendable {
        case rowID
        case startTime
    }

    /// Windows with fewer spans than this are sorted by row id on the spot.
    private static let smallWindow = 20_000

    /// Finds out which way to a page looks at fewer spans.
    ///
    /// A small window is read whole. A large one that reaches to the end at which the list begins
    /// has a page of spans right there, so the row ids find it at once.
    func path(
        in project: Project.ID, order: SpanOrder, on connection: any SQLConnection
    ) throws -> Path {
        guard startTime != nil || endTime != nil, order.key == .id else { return .rowID }
        let window = windowConditions(path: .startTime)
        let count = try connection.first(
            """
            SELECT COUNT(*)
            FROM (
                SELECT 1
                FROM spans s
                WHERE s.project_rowid = \(project) AND \(window, separator: " AND ")
                LIMIT \(Self.smallWindow)
            ) part
            """)
        guard let count, count.integer(0) >= Self.smallWindow else { return .startTime }
        let beyond: SQL? =
            order.isDescending
            ? endTime.map { "s.start_time >= \($0)" } : startTime.map { "s.start_time < \($0)" }
        guard let beyond else { return .rowID }
        let outside = try connection.first(
            "SELECT 1 FROM spans s WHERE s.project_rowid = \(project) AND \(beyond) LIMIT 1")
        return outside == nil ? .rowID : .startTime
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
    static func ordering(_ order: SpanOrder, path: Path) -> SQL {
        let direction: SQL = order.isDescending ? "DESC" : "ASC"
        switch (order.key, path) {
        case (.id, .rowID): return "s.id \(direction)"
        case (.id, .startTime): return "+s.id \(direction)"
        case (.startTime, _): return "s.start_time \(direction), s.id \(direction)"
        }
    }

    /// The conditions on the spans table called `s`, that of the project first.
    func conditions(
        in project: Project.ID, order: SpanOrder, path: Path, _ payloads: any SpanPayloadStore
    ) -> [SQL] {
        let isByID = traceIDs != nil || spanIDs != nil
        var conditions: [SQL] = [
            isByID ? "+s.project_rowid = \(project)" : "s.project_rowid = \(project)"
        ]
        conditions += windowConditions(path: order.key == .startTime ? .startTime : path)
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
        if let names { conditions.append("s.name IN (\(list: names))") }
        if let kinds { conditions.append("s.span_kind IN (\(list: kinds))") }
        if let statusCodes { conditions.append("s.status_code IN (\(list: statusCodes))") }
        // Payloads are the dearest to look at, so they come last.
        for attribute in attributes {
            let texts = Self.texts(equalTo: attribute.value)
            conditions.append("\(payloads.attribute(at: attribute.path)) IN (\(list: texts))")
        }
        return conditions
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
