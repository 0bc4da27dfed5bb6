import JSON
import PhoenixModel

/// The columns of a table of spans, and of which type each is.
struct SpanFrameColumns {
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        static let string = Kinds(rawValue: 1)
        static let integer = Kinds(rawValue: 2)
        static let double = Kinds(rawValue: 4)
        static let bool = Kinds(rawValue: 8)
        static let other = Kinds(rawValue: 16)
    }

    private var order: [String] = []
    private var seen: [String: (kinds: Kinds, count: Int)] = [:]
    private var rowCount = 0
    private var hasParent = false

    private static let fixed = [
        "context.span_id", "name", "span_kind", "parent_id", "start_time", "end_time",
        "status_code", "status_message", "events", "context.span_id", "context.trace_id",
    ]

    /// Takes notice of a row.
    mutating func observe(_ row: SpanFrameRow) {
        rowCount += 1
        if row.stored.span.parentID != nil { hasParent = true }
        for (name, value) in row.attributes {
            let kinds: Kinds
            switch value {
            case .null: continue
            case .string: kinds = .string
            case .integer: kinds = .integer
            case .double: kinds = .double
            case .bool: kinds = .bool
            case .number, .array, .object: kinds = .other
            }
            if seen[name] == nil { order.append(name) }
            seen[name, default: ([], 0)].kinds.formUnion(kinds)
            seen[name]!.count += 1
        }
    }

    // MARK: The form of pandas' `orient="table"`, each name led by its position

    /// Writes everything up to the first row.
    func writeHead(to writer: inout JSONWriter) {
        writer.key("schema")
        writer.beginObject()
        writer.key("fields")
        writer.beginArray()
        for (index, name) in Self.fixed.enumerated() {
            let isTime = name.hasSuffix("_time")
            let isText = name != "events" && (name != "parent_id" || hasParent)
            if rowCount == 0 {
                writeField(index, name, "string", nil, to: &writer)
            } else if isTime {
                writeField(index, name, "datetime", ("tz", "UTC"), to: &writer)
            } else {
                writeField(
                    index, name, "string", isText ? ("extDtype", "str") : nil, to: &writer)
            }
        }
        for (offset, name) in order.enumerated() {
            let type = type(of: name)
            writeField(
                Self.fixed.count + offset, "attributes.\(name)", type,
                isText(name) ? ("extDtype", "str") : nil, to: &writer)
        }
        writer.endArray()
        writer.key("primaryKey")
        writer.beginArray()
        writer.string("0_context.span_id")
        writer.endArray()
        writer.key("pandas_version")
        writer.string("1.4.0")
        writer.endObject()
    }

    private func writeField(
        _ index: Int, _ name: String, _ type: String, _ detail: (String, String)?,
        to writer: inout JSONWriter
    ) {
        writer.beginObject()
        writer.key("name")
        writer.string("\(index)_\(name)")
        writer.key("type")
        writer.string(type)
        if let detail {
            writer.key(detail.0)
            writer.string(detail.1)
        }
        writer.endObject()
    }

    private func isText(_ name: String) -> Bool { seen[name]?.kinds == .string }

    private func type(of name: String) -> String {
        guard let (kinds, count) = seen[name] else { return "string" }
        let isComplete = count == rowCount
        if kinds == .integer, isComplete { return "integer" }
        if kinds.isSubset(of: [.integer, .double]) { return "number" }
        if kinds == .bool, isComplete { return "boolean" }
        return "string"
    }

    /// Writes a row. Columns that were not observed are left out.
    func write(_ row: SpanFrameRow, to writer: inout JSONWriter) {
        let span = row.stored.span
        writer.beginObject()
        for (index, name) in Self.fixed.enumerated() {
            writer.key("\(index)_\(name)")
            switch name {
            case "context.span_id": writer.string(span.otelID.hex)
            case "context.trace_id": writer.string(row.stored.traceID.hex)
            case "name": writer.string(span.name)
            case "span_kind": writer.string(span.kind)
            case "parent_id":
                if let parent = span.parentID { writer.string(parent.hex) } else { writer.null() }
            case "start_time": writer.string(Self.nanosecondForm(span.startTime))
            case "end_time": writer.string(Self.nanosecondForm(span.endTime))
            case "status_code": writer.string(span.statusCode)
            case "status_message": writer.string(span.statusMessage)
            default:
                let events = row.stored.payload.events
                writer.raw(events.isEmpty ? Array("[]".utf8) : events)
            }
        }
        for (offset, name) in order.enumerated() {
            writer.key("\(Self.fixed.count + offset)_attributes.\(name)")
            let value = row.attributes[name] ?? .null
            if case .integer(let number) = value, type(of: name) == "number" {
                writer.double(Double(number))
            } else {
                writer.value(value)
            }
        }
        writer.endObject()
    }

    /// `2026-11-21T07:14:37.495230000Z`.
    private static func nanosecondForm(_ timestamp: Timestamp) -> String {
        let text = timestamp.description.dropLast("+00:00".count)
        return text.contains(".") ? "\(text)000Z" : "\(text).000000000Z"
    }
}
