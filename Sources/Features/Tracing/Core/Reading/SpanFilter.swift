import JSON
import PhoenixModel
import SQLCore

/// Which spans of a project to list. Conditions are joined by AND, the values of one by OR.
package struct SpanFilter: Sendable {
    package enum Parent: Sendable, Hashable {
        /// Spans without a parent id.
        case none
        case id(OTelID)
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

    /// The conditions on the spans table called `s`.
    func conditions(_ payloads: any SpanPayloadStore) -> [SQL] {
        var conditions: [SQL] = []
        if let startTime { conditions.append("s.start_time >= \(startTime)") }
        if let endTime { conditions.append("s.start_time < \(endTime)") }
        if let traceIDs {
            conditions.append(
                "s.trace_rowid IN (SELECT id FROM traces WHERE trace_id IN (\(list: traceIDs)))")
        }
        if let spanIDs { conditions.append("s.span_id IN (\(list: spanIDs))") }
        switch parent {
        case nil: break
        case .none?: conditions.append("s.parent_id IS NULL")
        case .id(let id): conditions.append("s.parent_id = \(id)")
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
