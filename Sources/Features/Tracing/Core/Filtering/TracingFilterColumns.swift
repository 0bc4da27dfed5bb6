import FilterLanguage
import PhoenixModel
import SQLCore

/// The tables of tracing as filters read them: `spans` called `s`, `traces` called `t`,
/// `project_sessions` called `ps`, by the filter's language.
///
/// Inside of fragments, `fs`, `ft` and `fp` are a span, a trace and a parent span.
struct TracingFilterColumns: FilterColumns {
    let language: FilterLanguage
    let payloads: any SpanPayloadStore

    // MARK: Rows

    func column(_ field: FilterField) -> SQL {
        switch language {
        case .span: span(field)
        case .trace: trace(field)
        case .session: session(field)
        }
    }

    private static func hex(_ column: SQL) -> SQL {
        .dialect(sqlite: "LOWER(HEX(\(column)))", postgres: "ENCODE(\(column), 'hex')")
    }

    private static func milliseconds(_ row: String) -> SQL {
        "((\(unsafe: row).end_time - \(unsafe: row).start_time) / 1000.0)"
    }

    func presence(of field: FilterField) -> SQL? {
        language == .span && field == .parentID ? "s.parent_id" : nil
    }

    func condition(_ field: FilterField, isAnyOf values: [String]) -> SQL? {
        let column: SQL
        switch (language, field) {
        case (.span, .spanID): column = "s.span_id"
        case (.span, .parentID): column = "s.parent_id"
        case (.span, .traceID):
            return """
                (s.trace_rowid IN (
                    SELECT ft.id FROM traces AS ft
                    WHERE ft.trace_id IN (\(list: values.compactMap { OTelID(shownAs: $0) }))))
                """
        case (.trace, .traceID): column = "t.trace_id"
        default: return nil
        }
        return "(\(column) IN (\(list: values.compactMap { OTelID(shownAs: $0) })))"
    }

    private func span(_ field: FilterField) -> SQL {
        switch field {
        case .traceID:
            let id = Self.hex("ft.trace_id")
            return "(SELECT \(id) FROM traces AS ft WHERE ft.id = s.trace_rowid)"
        case .parentSpan:
            return """
                (SELECT fp.id FROM spans AS fp \
                WHERE fp.span_id = s.parent_id)
                """
        case .llmTokenCountPrompt, .llmTokenCountCompletion, .llmTokenCountTotal:
            let kind = String(field.rawValue.dropFirst("llm_token_count_".count))
            return .number(
                ofJSON: payloads.attribute(at: [.key("llm"), .key("token_count"), .key(kind)]))
        case .totalCost, .promptCost, .completionCost:
            return """
                COALESCE((SELECT \(Self.sum(of: field, "fc")) FROM span_costs AS fc \
                WHERE fc.span_rowid = s.id), 0.0)
                """
        default: return spanColumn(field, "s")
        }
    }

    /// What one row of costs says about a field, 0 where nothing is charged.
    private static func sum(of field: FilterField, _ row: String) -> SQL {
        let prompt: SQL = "COALESCE(\(unsafe: row).prompt_cost, 0.0)"
        let completion: SQL = "COALESCE(\(unsafe: row).completion_cost, 0.0)"
        return switch field {
        case .promptCost: prompt
        case .completionCost: completion
        default: "(\(prompt) + \(completion))"
        }
    }

    private func spanColumn(_ field: FilterField, _ row: String) -> SQL {
        switch field {
        case .spanID: return Self.hex("\(unsafe: row).span_id")
        case .parentID:
            // SQLite's HEX of NULL is empty.
            let id = Self.hex("\(unsafe: row).parent_id")
            return "(CASE WHEN \(unsafe: row).parent_id IS NOT NULL THEN \(id) END)"
        case .latencyMs: return Self.milliseconds(row)
        case .cumulativeTokenCountTotal:
            return """
                (\(unsafe: row).cumulative_llm_token_count_prompt \
                + \(unsafe: row).cumulative_llm_token_count_completion)
                """
        case .llmTokenCountTotal:
            return """
                (COALESCE(\(unsafe: row).llm_token_count_prompt, 0) \
                + COALESCE(\(unsafe: row).llm_token_count_completion, 0))
                """
        case .parentSpan:
            return """
                (SELECT fp.id FROM spans AS fp WHERE fp.span_id = \(unsafe: row).parent_id \
                AND fp.trace_rowid = \(unsafe: row).trace_rowid)
                """
        default: return "\(unsafe: row).\(unsafe: field.rawValue)"
        }
    }

    private func trace(_ field: FilterField) -> SQL {
        switch field {
        case .traceID: return Self.hex("t.trace_id")
        case .latencyMs: return Self.milliseconds("t")
        case .spanCount: return "t.span_count"
        case .errorCount: return "t.error_count"
        case .tokenCountPrompt: return "t.llm_token_count_prompt"
        case .tokenCountCompletion: return "t.llm_token_count_completion"
        case .tokenCountTotal:
            return "(t.llm_token_count_prompt + t.llm_token_count_completion)"
        case .toolSpanCount, .llmSpanCount:
            let kind = field == .toolSpanCount ? "TOOL" : "LLM"
            return """
                (SELECT COUNT(*) FROM spans AS fs \
                WHERE fs.trace_rowid = t.id AND fs.span_kind = \(kind))
                """
        case .promptCost, .completionCost, .totalCost: return Self.sum(of: field, "t")
        default: return "t.\(unsafe: field.rawValue)"
        }
    }

    private func session(_ field: FilterField) -> SQL {
        switch field {
        case .durationMs: return Self.milliseconds("ps")
        case .traceCount: return sum("COUNT(*)")
        case .tracesWithErrorCount:
            return sum("COALESCE(SUM(CASE WHEN ft.error_count > 0 THEN 1 ELSE 0 END), 0)")
        case .tokenCountPrompt: return sum("COALESCE(SUM(ft.llm_token_count_prompt), 0)")
        case .tokenCountCompletion: return sum("COALESCE(SUM(ft.llm_token_count_completion), 0)")
        case .tokenCountTotal:
            return sum(
                "COALESCE(SUM(ft.llm_token_count_prompt + ft.llm_token_count_completion), 0)")
        case .toolSpanCount, .llmSpanCount:
            let kind = field == .toolSpanCount ? "TOOL" : "LLM"
            return """
                (SELECT COUNT(*) FROM traces AS ft JOIN spans AS fs ON fs.trace_rowid = ft.id \
                WHERE \(Self.isOfSession) AND fs.span_kind = \(kind))
                """
        case .promptCost, .completionCost, .totalCost:
            return sum("COALESCE(SUM(\(Self.sum(of: field, "ft"))), 0.0)")
        case .firstInput:
            return root(.text(ofJSON: payloads.attribute(at: [.key("input"), .key("value")])))
        case .lastOutput:
            return root(
                .text(ofJSON: payloads.attribute(at: [.key("output"), .key("value")])), last: true)
        default: return "ps.\(unsafe: field.rawValue)"
        }
    }

    /// Traces that were moved to another project no longer count in their session.
    private static let isOfSession: SQL = """
        ft.project_session_rowid = ps.id AND ft.project_rowid = ps.project_id
        """

    private func sum(_ expression: SQL) -> SQL {
        "(SELECT \(expression) FROM traces AS ft WHERE \(Self.isOfSession))"
    }

    /// An expression of the root span that stands for a trace or session.
    private func root(_ expression: SQL, last: Bool = false) -> SQL {
        switch language {
        case .span: return expression
        case .trace:
            return """
                (SELECT \(expression) FROM spans AS s WHERE s.trace_rowid = t.id \
                AND NOT EXISTS (SELECT 1 FROM spans AS fp \
                WHERE fp.span_id = s.parent_id AND fp.trace_rowid = s.trace_rowid) \
                ORDER BY s.start_time, s.id DESC LIMIT 1)
                """
        case .session:
            let order: SQL =
                last
                ? "ft.start_time DESC, ft.id DESC, s.id DESC" : "ft.start_time, ft.id, s.id"
            return """
                (SELECT \(expression) FROM traces AS ft JOIN spans AS s ON s.trace_rowid = ft.id \
                WHERE ft.project_session_rowid = ps.id AND s.parent_id IS NULL \
                ORDER BY \(order) LIMIT 1)
                """
        }
    }

    func attribute(at path: [FilterPathStep]) -> SQL { root(payloads.attribute(at: path)) }

    // MARK: Annotations

    func annotations(of subject: FilterAnnotationSubject, named name: String) -> SQL? {
        let rows: SQL
        switch (subject, language) {
        case (.span, .span): rows = "span_annotations AS fn WHERE fn.span_rowid = s.id"
        case (.trace, .span):
            rows = "trace_annotations AS fn WHERE fn.trace_rowid = s.trace_rowid"
        case (.trace, .trace): rows = "trace_annotations AS fn WHERE fn.trace_rowid = t.id"
        case (.session, .session):
            rows = "project_session_annotations AS fn WHERE fn.project_session_id = ps.id"
        default: return nil
        }
        return """
            SELECT fn.score, fn.label, fn.explanation, fn.identifier \
            FROM \(rows) AND fn.name = \(name)
            """
    }

    /// The row ids of all spans of a trace or session.
    private var spansOfRow: SQL {
        let traces: SQL =
            language == .trace
            ? "t.id" : "SELECT ft.id FROM traces AS ft WHERE ft.project_session_rowid = ps.id"
        return "SELECT fs.id FROM spans AS fs WHERE fs.trace_rowid IN (\(traces))"
    }

    // MARK: Collections

    func rows(of collection: FilterCollection, ownedBy owner: String?, as alias: String) -> SQL? {
        let row: SQL = "\(unsafe: alias)"
        let of: SQL = "\(unsafe: owner ?? "")"
        switch (collection, owner) {
        case (.spans, nil):
            return language == .trace
                ? "FROM spans AS \(row) WHERE \(row).trace_rowid = t.id"
                : """
                FROM spans AS \(row) WHERE \(row).trace_rowid IN \
                (SELECT ft.id FROM traces AS ft WHERE ft.project_session_rowid = ps.id)
                """
        case (.spans, _): return "FROM spans AS \(row) WHERE \(row).trace_rowid = \(of).id"
        case (.traces, _):
            return "FROM traces AS \(row) WHERE \(row).project_session_rowid = ps.id"
        case (.children, _):
            return """
                FROM spans AS \(row) WHERE \(row).trace_rowid = \(of).trace_rowid \
                AND \(row).parent_id = \(of).span_id
                """
        case (.siblings, _):
            return """
                FROM spans AS \(row) WHERE \(row).trace_rowid = \(of).trace_rowid \
                AND \(row).parent_id = \(of).parent_id AND \(row).id <> \(of).id
                """
        case (.costDetails, nil):
            return "FROM span_cost_entries AS \(row) WHERE \(row).span_rowid = s.id"
        case (.costDetails, _):
            return "FROM span_cost_entries AS \(row) WHERE \(row).span_rowid = \(of).id"
        case (.spanCostDetails, _):
            return """
                FROM span_cost_entries AS \(row) WHERE \(row).span_rowid IN (\(spansOfRow))
                """
        case (.annotations, nil):
            return "FROM span_annotations AS \(row) WHERE \(row).span_rowid = s.id"
        case (.annotations, _):
            return "FROM span_annotations AS \(row) WHERE \(row).span_rowid = \(of).id"
        case (.spanAnnotations, _):
            return """
                FROM span_annotations AS \(row) WHERE \(row).span_rowid IN (\(spansOfRow))
                """
        case (.traceAnnotations, _):
            return "FROM trace_annotations AS \(row) WHERE \(row).trace_rowid = t.id"
        case (.sessionAnnotations, _):
            return """
                FROM project_session_annotations AS \(row) \
                WHERE \(row).project_session_id = ps.id
                """
        }
    }

    private static func costColumn(_ field: FilterField, _ row: String) -> SQL {
        switch field {
        case .isPrompt: "(\(unsafe: row).is_prompt = 1)"
        case .costPerToken: "(\(unsafe: row).cost / NULLIF(\(unsafe: row).tokens, 0.0))"
        default: "\(unsafe: row).\(unsafe: field.rawValue)"
        }
    }

    func column(_ field: FilterField, of collection: FilterCollection, as alias: String) -> SQL {
        switch collection {
        case .traces where field == .latencyMs: Self.milliseconds(alias)
        case .costDetails, .spanCostDetails: Self.costColumn(field, alias)
        default: spanColumn(field, alias)
        }
    }

    func parentColumn(
        _ field: FilterField, of collection: FilterCollection, as alias: String
    ) -> SQL {
        let column = spanColumn(field, "fp")
        return
            """
            (SELECT \(column) FROM spans AS fp WHERE fp.span_id = \(unsafe: alias).parent_id \
            AND fp.trace_rowid = \(unsafe: alias).trace_rowid)
            """
    }

    func texts(contain needle: String) -> SQL {
        language == .span ? payloads.texts(contain: needle) : "FALSE"
    }

    func anyText(_ field: FilterField, contains needle: String) -> SQL {
        let path: [FilterPathStep] = [.key(field == .anyInput ? "input" : "output"), .key("value")]
        let found = SQL.containment(
            of: "\(needle)", in: .text(ofJSON: payloads.attribute(at: path)))
        return """
            EXISTS (SELECT 1 FROM traces AS ft JOIN spans AS s ON s.trace_rowid = ft.id \
            WHERE ft.project_session_rowid = ps.id AND s.parent_id IS NULL AND \(found))
            """
    }
}
