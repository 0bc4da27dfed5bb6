import PhoenixModel
import SQLCore

/// What a list of spans is sorted by. Spans without a value come last in either direction, and ties
/// are broken by the row id in the same direction.
package struct SpanSort: Sendable, Hashable {
    package enum Column: Sendable, Hashable, CaseIterable {
        case id, startTime, endTime, latencyMs
        case tokenCountTotal, tokenCountPrompt, tokenCountCompletion
        case cumulativeTokenCountTotal, cumulativeTokenCountPrompt
        case cumulativeTokenCountCompletion
        /// What the span cost; spans without a cost drop out of the list.
        case tokenCostTotal
        /// What the span's trace cost; spans of traces without a cost drop out of the list.
        case cumulativeTokenCostTotal
    }

    package var column: Column
    package var isDescending: Bool

    package init(_ column: Column, isDescending: Bool) {
        self.column = column
        self.isDescending = isDescending
    }

    /// The value that the spans table called `s` is sorted by: an integer, in microseconds for times
    /// and durations.
    var key: SQL {
        switch column {
        case .id: "s.id"
        case .startTime: "s.start_time"
        case .endTime: "s.end_time"
        case .latencyMs: "(s.end_time - s.start_time)"
        case .tokenCountTotal:
            "(COALESCE(s.llm_token_count_prompt, 0) + COALESCE(s.llm_token_count_completion, 0))"
        case .tokenCountPrompt: "s.llm_token_count_prompt"
        case .tokenCountCompletion: "s.llm_token_count_completion"
        case .cumulativeTokenCountTotal:
            """
            (s.cumulative_llm_token_count_prompt + s.cumulative_llm_token_count_completion)
            """
        case .cumulativeTokenCountPrompt: "s.cumulative_llm_token_count_prompt"
        case .cumulativeTokenCountCompletion: "s.cumulative_llm_token_count_completion"
        case .tokenCostTotal:
            """
            (SELECT \(Self.cost) FROM span_costs sc WHERE sc.span_rowid = s.id)
            """
        case .cumulativeTokenCostTotal:
            """
            (SELECT NULLIF(ct.prompt_cost + ct.completion_cost, 0) FROM traces ct
            WHERE ct.id = s.trace_rowid AND ct.cost_count > 0)
            """
        }
    }

    /// The total of a row of the table `span_costs` called `sc`; NULL when nothing is charged.
    static let cost: SQL = """
        (CASE WHEN sc.prompt_cost IS NOT NULL OR sc.completion_cost IS NOT NULL
            THEN COALESCE(sc.prompt_cost, 0) + COALESCE(sc.completion_cost, 0) END)
        """

    /// Which spans of the table called `s` the list has, besides those that the filter selects.
    var membership: SQL? {
        switch column {
        case .tokenCostTotal:
            "EXISTS (SELECT 1 FROM span_costs sc WHERE sc.span_rowid = s.id)"
        case .cumulativeTokenCostTotal:
            "EXISTS (SELECT 1 FROM traces ct WHERE ct.id = s.trace_rowid AND ct.cost_count > 0)"
        default: nil
        }
    }

    /// Whether a span can be without a value.
    var isNullable: Bool {
        switch column {
        case .tokenCountPrompt, .tokenCountCompletion, .tokenCostTotal,
            .cumulativeTokenCostTotal:
            true
        default: false
        }
    }

    private var direction: SQL { isDescending ? "DESC" : "ASC" }

    var ordering: SQL {
        guard column != .id else { return "s.id \(direction)" }
        return isNullable
            ? "\(key) \(direction) NULLS LAST, s.id \(direction)"
            : "\(key) \(direction), s.id \(direction)"
    }

    /// The condition for a span of the table called `s` being behind a place of the list, or at it.
    func isBehind(_ place: SpanPlace, orAtIt: Bool = false) -> SQL {
        let comparison: SQL =
            isDescending ? (orAtIt ? "<=" : "<") : (orAtIt ? ">=" : ">")
        guard column != .id else { return "s.id \(comparison) \(place.id)" }
        guard !place.value.isNull else {
            return "(\(key) IS NULL AND s.id \(comparison) \(place.id))"
        }
        let behind: SQL = "(\(key), s.id) \(comparison) (\(place.value), \(place.id))"
        return isNullable ? "(\(behind) OR \(key) IS NULL)" : behind
    }
}

/// A place in a sorted list of spans: that of a span, which need not exist any more.
package struct SpanPlace: Sendable, Hashable {
    /// The value of ``SpanSort/Column``: an integer, a double or null.
    package var value: SQLValue
    package var id: Span.ID

    package init(_ value: SQLValue, _ id: Span.ID) {
        self.value = value
        self.id = id
    }
}

/// A span of a sorted list.
package struct SortedSpan: Sendable {
    package var span: Span
    package var place: SpanPlace
}
