import FilterLanguage
import PhoenixModel
import SQLCore

/// Which sealed segments can hold spans that a filter selects: conditions on `span_segments` called
/// `z`. They let segments through that hold none, but never keep one out that does.
enum SegmentZone {
    /// The necessary conditions of a whole filter, that of the project first.
    static func conditions(for filter: SpanFilter, in project: Project.ID) -> [SQL] {
        var conditions: [SQL] = ["z.project_rowid = \(project)"]
        if let startTime = filter.startTime {
            conditions.append("z.start_time_max >= \(startTime)")
        }
        if let endTime = filter.endTime { conditions.append("z.start_time_min < \(endTime)") }
        if case .none? = filter.parent { conditions.append(has(.root)) }
        if let kinds = filter.kinds {
            conditions.append(has(union(kinds.map { SegmentTraits(kind: $0) })))
        }
        if let codes = filter.statusCodes {
            conditions.append(has(union(codes.map { SegmentTraits(statusCode: $0) })))
        }
        for expression in filter.expressions where expression.language == .span {
            if let term = expression.condition, let condition = necessary(for: term) {
                conditions.append(condition)
            }
        }
        return conditions
    }

    /// The condition for what is known of a segment being true.
    static let isSealed: SQL = """
        z.segment < (SELECT next_segment FROM span_segment_progress)
            AND z.segment NOT IN (SELECT segment FROM stale_span_segments)
        """

    private static func union(_ traits: [SegmentTraits]) -> SegmentTraits {
        traits.reduce(into: SegmentTraits()) { $0.formUnion($1) }
    }

    private static func has(_ traits: SegmentTraits) -> SQL {
        traits.isEmpty ? "FALSE" : "(z.traits & \(traits.rawValue)) <> 0"
    }

    // MARK: Expressions

    /// What a segment must fulfil to hold a span of which a term is true; nil when nothing is known.
    static func necessary(for term: FilterTerm) -> SQL? {
        switch term {
        case .bool(false): return "FALSE"
        case .all(let terms):
            let known = terms.compactMap(necessary(for:))
            return known.isEmpty ? nil : "(\(known, separator: " AND "))"
        case .any(let terms):
            let known = terms.compactMap(necessary(for:))
            return known.count < terms.count ? nil : "(\(known, separator: " OR "))"
        case .isNull(.field(.parentID, of: 0)): return has(.root)
        case .membership(.field(let field, of: 0), let items):
            let texts = items.compactMap(Self.text)
            guard texts.count == items.count else { return nil }
            return traits(field, texts).map(has)
        case .comparison(let left, let comparison, let right):
            return self.comparison(left, comparison, right)
                ?? self.comparison(right, comparison.mirrored, left)
        default: return nil
        }
    }

    private static func text(_ term: FilterTerm) -> String? {
        if case .text(let text) = term { text } else { nil }
    }

    private static func traits(_ field: FilterField, _ texts: [String]) -> SegmentTraits? {
        switch field {
        case .spanKind: union(texts.map { SegmentTraits(kind: $0) })
        case .statusCode: union(texts.map { SegmentTraits(statusCode: $0) })
        default: nil
        }
    }

    private static func comparison(
        _ left: FilterTerm, _ comparison: FilterComparison, _ right: FilterTerm
    ) -> SQL? {
        guard case .field(let field, of: 0) = left else { return nil }
        switch right {
        case .text(let text) where comparison == .equal: return traits(field, [text]).map(has)
        case .number(let number):
            return columns(of: field).flatMap {
                bounds(
                    $0, comparison, SQL.dialect(sqlite: "\(number)", postgres: "\(number)::float8"))
            }
        case .timestamp(let time):
            return columns(of: field).flatMap { bounds($0, comparison, "\(time)") }
        default: return nil
        }
    }

    /// The expressions of the bounds of a field, computed as the field itself is.
    private static func columns(of field: FilterField) -> (minimum: SQL, maximum: SQL)? {
        switch field {
        case .startTime: ("z.start_time_min", "z.start_time_max")
        case .endTime: ("z.end_time_min", "z.end_time_max")
        case .latencyMs: ("(z.latency_min / 1000.0)", "(z.latency_max / 1000.0)")
        case .cumulativeTokenCountPrompt:
            ("z.cumulative_prompt_tokens_min", "z.cumulative_prompt_tokens_max")
        case .cumulativeTokenCountCompletion:
            ("z.cumulative_completion_tokens_min", "z.cumulative_completion_tokens_max")
        case .cumulativeTokenCountTotal:
            ("z.cumulative_total_tokens_min", "z.cumulative_total_tokens_max")
        // A span without a cost costs nothing.
        case .totalCost:
            (
                .least("0", "COALESCE(z.total_cost_min, 0)"),
                .greatest("0", "COALESCE(z.total_cost_max, 0)")
            )
        default: nil
        }
    }

    private static func bounds(
        _ columns: (minimum: SQL, maximum: SQL), _ comparison: FilterComparison, _ value: SQL
    ) -> SQL? {
        switch comparison {
        case .greater: "\(columns.maximum) > \(value)"
        case .greaterOrEqual: "\(columns.maximum) >= \(value)"
        case .less: "\(columns.minimum) < \(value)"
        case .lessOrEqual: "\(columns.minimum) <= \(value)"
        case .equal: "(\(columns.minimum) <= \(value) AND \(columns.maximum) >= \(value))"
        case .notEqual: nil
        }
    }
}

extension FilterComparison {
    /// The comparison that holds with the sides exchanged.
    fileprivate var mirrored: FilterComparison {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}
