/// What a value is.
package enum FilterType: Sendable, Hashable {
    case text, number, timestamp, condition
    /// A value out of the attributes, whose type is known per row only.
    case attribute
    case null
    /// `parent_span`, which is there or not.
    case relation
}

/// A named value of a span, trace, session or an element of a collection.
package enum FilterField: String, Sendable, Hashable, CaseIterable {
    case spanID = "span_id"
    case traceID = "trace_id"
    case sessionID = "session_id"
    case parentID = "parent_id"
    case spanKind = "span_kind"
    case name
    case statusCode = "status_code"
    case statusMessage = "status_message"
    case startTime = "start_time"
    case endTime = "end_time"
    case latencyMs = "latency_ms"
    case durationMs = "duration_ms"
    case cumulativeErrorCount = "cumulative_error_count"
    case cumulativeTokenCountPrompt = "cumulative_llm_token_count_prompt"
    case cumulativeTokenCountCompletion = "cumulative_llm_token_count_completion"
    case cumulativeTokenCountTotal = "cumulative_llm_token_count_total"
    case llmTokenCountPrompt = "llm_token_count_prompt"
    case llmTokenCountCompletion = "llm_token_count_completion"
    case llmTokenCountTotal = "llm_token_count_total"
    case tokenCountPrompt = "token_count_prompt"
    case tokenCountCompletion = "token_count_completion"
    case tokenCountTotal = "token_count_total"
    case promptCost = "prompt_cost"
    case completionCost = "completion_cost"
    case totalCost = "total_cost"
    case spanCount = "num_spans"
    case errorCount = "error_count"
    case toolSpanCount = "tool_span_count"
    case llmSpanCount = "llm_span_count"
    case traceCount = "num_traces"
    case tracesWithErrorCount = "num_traces_with_error"
    case input, output
    case firstInput = "first_input"
    case lastOutput = "last_output"
    /// Any input or output of the session's root spans; can only be searched.
    case anyInput = "any_input"
    case anyOutput = "any_output"
    /// The whole JSON documents as text.
    case attributes, events
    /// The stored parent; `IS NULL` when there is no parent or it is not stored.
    case parentSpan = "parent_span"
    case label, score, identifier, explanation
    case tokenType = "token_type"
    case isPrompt = "is_prompt"
    case cost, tokens
    case costPerToken = "cost_per_token"

    package var type: FilterType {
        switch self {
        case .spanID, .traceID, .sessionID, .parentID, .spanKind, .name, .statusCode,
            .statusMessage, .input, .output, .firstInput, .lastOutput, .anyInput, .anyOutput,
            .attributes, .events, .label, .identifier, .explanation, .tokenType:
            .text
        case .startTime, .endTime: .timestamp
        case .isPrompt: .condition
        case .parentSpan: .relation
        default: .number
        }
    }
}

/// What a comprehension iterates.
package enum FilterCollection: String, Sendable, Hashable {
    case spans, traces, children, siblings, annotations
    case spanAnnotations = "span_annotations"
    case traceAnnotations = "trace_annotations"
    case sessionAnnotations = "session_annotations"
    case costDetails = "cost_details"
    case spanCostDetails = "span_cost_details"
}

/// Whose annotation `annotations["name"]` and its kin read.
package enum FilterAnnotationSubject: Sendable, Hashable {
    case span, trace, session
}

/// A step into nested attributes.
package enum FilterPathStep: Sendable, Hashable {
    case key(String)
    case index(Int)
}

/// The three languages that share the grammar.
package enum FilterLanguage: Sendable, Hashable, CaseIterable {
    case span, trace, session
}
