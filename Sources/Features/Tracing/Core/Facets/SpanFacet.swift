import FilterLanguage
import SQLCore

/// The values of one field among spans, the most frequent first.
package struct SpanFacet: Sendable, Hashable {
    package struct Value: Sendable, Hashable {
        /// Nil stands for spans without the field.
        package var value: String?
        package var count: Int64
    }

    /// The field as filter conditions write it.
    package var field: String
    package var values: [Value]
    /// How many spans have a value that is not among ``values``.
    package var otherCount: Int64
    /// How many different values were seen, spans without one not counted.
    package var distinctCount: Int64
}

/// What the spans of a selection have in common.
package struct SpanFacets: Sendable, Hashable {
    package var facets: [SpanFacet]
    /// How many spans the filter selects; an estimate unless ``isComplete``.
    package var spanCount: Int64
    /// How many selected spans were looked at.
    package var countedSpans: Int64
    /// Which part of the spans in question was looked at, from 0 to 1: evenly spread over them, so
    /// that the counts of the part say something of the whole. All counts are scaled up by it.
    package var sampledFraction: Double
    package var isComplete: Bool { sampledFraction >= 1 }
}

/// A field whose values can be counted.
package struct FacetField: Sendable, Hashable {
    /// As filter conditions write it.
    package let name: String
    private let term: FilterTerm

    /// The fields that are counted when nobody asks for others.
    package static let usual = [
        "span_kind", "status_code", "name", "llm.model_name", "llm.provider", "user.id",
        "session.id",
    ]

    /// - Parameter name: A field of text or a path of the attributes, in any way that a filter
    ///   condition may write it.
    /// - Throws: ``TracingError`` when it is neither.
    package init(_ name: String) throws(TracingError) {
        self.name = name
        // The filter language knows every way to write a field.
        let filter: Filter
        do throws(FilterError) {
            filter = try Filter("\(name) is None", in: .span)
        } catch {
            throw TracingError(.malformed, "'\(name)' is no field of spans: \(error.message)")
        }
        guard case .isNull(let term)? = filter.condition, Self.isCountable(term) else {
            throw TracingError(
                .malformed,
                "The values of '\(name)' cannot be counted. Name a text or an attribute.")
        }
        self.term = term
    }

    private static func isCountable(_ term: FilterTerm) -> Bool {
        switch term {
        case .attribute(let path, as: _): !path.isEmpty
        case .field(let field, of: 0): countable.contains(field)
        default: false
        }
    }

    private static let countable: Set<FilterField> = [
        .name, .spanKind, .statusCode, .statusMessage, .traceID, .parentID,
    ]

    private var column: SQL? {
        guard case .attribute(let path, as: _) = term else { return nil }
        return ColumnConditions.columns[path] ?? Self.columns[path]
    }

    /// Whether the value is not in a column of the span.
    var isInPayload: Bool {
        if case .attribute = term { column == nil } else { false }
    }

    /// The value in the spans table called `s`, as text; NULL when there is none.
    func sql(_ payloads: any SpanPayloadStore) -> SQL {
        let value: SQL
        switch term {
        case .attribute(let path, as: _):
            value = column.map { "s.\($0)" } ?? .text(ofJSON: payloads.attribute(at: path))
        case .field(let field, of: _):
            value = TracingFilterColumns(language: .span, payloads: payloads).column(field)
        default: value = "NULL"
        }
        return "SUBSTR(\(value), 1, \(unsafe: "\(Self.valueLengthMax)"))"
    }

    private static let columns: [[FilterPathStep]: SQL] = [
        [.key("llm"), .key("provider")]: "provider"
    ]

    /// Longer values are cut.
    private static let valueLengthMax = 500
}
