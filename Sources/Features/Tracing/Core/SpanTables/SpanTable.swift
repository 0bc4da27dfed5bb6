import FilterLanguage
import JSON
import PhoenixModel

/// A table that a client asked for: which spans, and what of them.
///
/// The clients call it a span query. Without `select`, `explode` and `concat` it is whole spans.
package struct SpanTable: Sendable {
    struct Column: Sendable {
        var name: String
        var value: Projection
    }

    /// A list of the attributes whose elements become rows or text.
    struct List: Sendable {
        /// As it was written, which is what the clients go by.
        var key: String
        var value: Projection
        /// A column for a path into each element that is an object; empty for the elements as they
        /// are.
        var columns: [(name: String, path: [String])]

        /// The path of the list in the attributes; nil when it is at no place where one can be.
        var path: [FilterPathStep]? {
            if case .attribute(let path) = value.target { path } else { nil }
        }

        /// The name of the index that counts the elements.
        var positionName: String {
            key == "retrieval.documents" ? "document_position" : "position"
        }
    }

    var columns: [Column] = []
    var filter: Filter?
    /// Its elements become rows.
    var explode: List?
    /// Its elements become one text.
    var concat: List?
    var separator = SpanTable.separatorDefault
    var renames: [String: String] = [:]
    var index = Column(name: SpanTable.spanID, value: SpanTable.spanIDProjection)

    static let separatorDefault = "\n\n"
    static let spanID = "context.span_id"
    static let traceID = "context.trace_id"
    private static let spanIDProjection = Projection(.field(.spanID))

    var isWholeSpans: Bool { columns.isEmpty && explode == nil && concat == nil }
}

// MARK: Reading the request

extension SpanTable {
    /// How many tables one request can ask for.
    package static let countMax = 1000

    /// - Parameter query: The members `select`, `filter`, `explode`, `concat`, `rename` and `index`,
    ///   each an object, or absent.
    /// - Throws: ``TracingError`` that says what is wrong with the query.
    package init(_ query: [String: JSONObject]) throws(TracingError) {
        do throws(FilterError) {
            if let select = query["select"] { columns = try Self.columns(select) }
            if let condition = query["filter"]?["condition"], !condition.isFalsy {
                filter = try Filter(Self.text(condition, "condition of filter"), in: .span)
            }
            if let explode = query["explode"], explode["key"]?.isFalsy == false {
                self.explode = try Self.list(explode, "explode")
                if let key = explode["primary_index_key"], !key.isFalsy {
                    index = try Self.index(Self.text(key, "primary_index_key of explode"))
                }
            }
            if let concat = query["concat"], concat["key"]?.isFalsy == false {
                self.concat = try Self.list(concat, "concat")
                if let separator = concat["separator"], !separator.isFalsy {
                    self.separator = try Self.text(separator, "separator of concat")
                }
            }
            if let index = query["index"], !index.isEmpty {
                let key = index["key"] ?? .null
                self.index = try Self.index(key.isFalsy ? "" : Self.text(key, "key of index"))
            }
        } catch {
            throw TracingError(.invalid, "Invalid query: \(error.message)")
        }
        for (name, other) in query["rename"] ?? [:] {
            switch other {
            case .null, .array, .object: break
            default: renames[name] = PythonValueText.of(other)
            }
        }
    }

    private static func columns(_ select: JSONObject) throws(FilterError) -> [Column] {
        var columns: [Column] = []
        for (name, selector) in select {
            guard case .object(let selector) = selector else {
                throw FilterError("the column `\(name)` of select is not an object with a key")
            }
            let key = selector["key"] ?? .null
            let projection = try Projection(
                key.isFalsy ? "" : text(key, "key of the column `\(name)` of select"))
            columns.append(Column(name: name, value: projection))
        }
        return columns
    }

    private static func list(_ object: JSONObject, _ name: String) throws(FilterError) -> List {
        let key = try text(object["key"] ?? .null, "key of \(name)")
        var list = List(key: key, value: try Projection(key), columns: [])
        switch object["kwargs"] ?? .null {
        case .object(let columns):
            for (name, path) in columns {
                // What is no text names nothing, and so no element has it.
                let path = path.stringValue ?? ""
                let keys = path.split(separator: ".", omittingEmptySubsequences: false)
                list.columns.append((name, keys.map(String.init)))
            }
        case let other where other.isFalsy: break
        default: throw FilterError("the kwargs of \(name) are not an object")
        }
        return list
    }

    private static func index(_ key: String) throws(FilterError) -> Column {
        Column(name: shown(key), value: try Projection(key))
    }

    private static func text(_ value: JSONValue, _ what: String) throws(FilterError) -> String {
        guard case .string(let text) = value else {
            throw FilterError("the \(what) is not a string")
        }
        return text
    }

    /// The name that a column is shown under: the two ids have one name, however they were called.
    static func shown(_ name: String) -> String {
        switch name {
        case "span_id": spanID
        case "trace_id": traceID
        default: name
        }
    }
}

extension JSONValue {
    /// Whether Python takes the value for false; the clients send null and empty alike.
    fileprivate var isFalsy: Bool {
        switch self {
        case .null, .bool(false), .integer(0), .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let object): object.isEmpty
        case .double(let number): number == 0
        default: false
        }
    }
}
