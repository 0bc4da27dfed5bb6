import FilterLanguage

/// The names that a filter may use, in words, for an editor that suggests them.
enum FilterTerms {
    struct Term: Sendable, Hashable {
        var name: String
        var type: String
        var description: String
        /// What kind of name it is: `session`, `trace`, `aggregate`, `attribute`, `iterable` or
        /// `element`.
        var category: String
        /// The collection whose elements have the name.
        var iterableName: String?
    }

    /// All names of the trace or session language, and the attributes that a project is known to have.
    static func terms(
        of language: FilterLanguage, observedAttributes keys: [String]
    ) -> [Term] {
        let row = language == .session ? "session" : "trace"
        let vocabulary = FilterVocabulary(language)
        let own: [FilterField] =
            language == .session
            ? [.sessionID, .firstInput, .lastOutput, .startTime, .endTime, .durationMs]
            : [.traceID, .input, .output, .startTime, .endTime, .latencyMs]
        let searched: [FilterField] = language == .session ? [.anyInput, .anyOutput] : []
        let sums = vocabulary.fields.filter { !own.contains($0) && !searched.contains($0) }
        var terms = own.map { term($0, of: row, category: row) }
        terms += sums.map { term($0, of: row, category: "aggregate") }
        terms += searched.map { field in
            var term = term(field, of: row, category: row)
            term.type = "containment"
            return term
        }
        terms += attributes(of: row)
        for collection in vocabulary.collections {
            terms += elements(of: collection, vocabulary, row)
        }
        terms += keys.map { key in
            Term(
                name: "attributes[\"\(escaped(key))\"]", type: "string",
                description: "An attribute that root spans of this project carry.",
                category: "attribute")
        }
        return terms
    }

    private static func escaped(_ key: String) -> String {
        var text = ""
        for character in key {
            if character == "\"" || character == "\\" { text.append("\\") }
            text.append(character)
        }
        return text
    }

    private static func attributes(of row: String) -> [Term] {
        let root = row == "session" ? "the first root span" : "the root span"
        return [
            Term(
                name: "attributes[...]", type: "string",
                description: "Any attribute of \(root) of the \(row), by its dotted name. It is"
                    + " text unless it is converted by float(...).",
                category: "attribute"),
            Term(
                name: "user.id", type: "string",
                description: "The user of the \(row): the attribute user.id of \(root).",
                category: "attribute"),
            Term(
                name: "metadata[\"key\"]", type: "string",
                description: "A key of the metadata of \(root).", category: "attribute"),
        ]
    }

    private static func elements(
        of collection: FilterCollection, _ vocabulary: FilterVocabulary, _ row: String
    ) -> [Term] {
        let name = collection.rawValue
        let noun = noun(of: collection)
        var terms = [
            Term(
                name: name, type: "iterable",
                description: "The \(noun.many) of the \(row), for any, all, len, sum, min and max.",
                category: "iterable")
        ]
        func element(_ name: String, _ type: String, _ description: String) {
            terms.append(
                Term(
                    name: name, type: type, description: description, category: "element",
                    iterableName: collection.rawValue))
        }
        let fields = vocabulary.fields(of: collection)
        for field in fields {
            let term = term(field, of: noun.one, category: "element")
            element(term.name, term.type, term.description)
        }
        guard vocabulary.hasParent(collection) else { return terms }
        for inner in vocabulary.collections(of: collection) {
            element(
                inner.rawValue, "iterable", "The \(self.noun(of: inner).many) of the \(noun.one).")
        }
        element(
            "parent_span", "relation",
            "The parent of the span; None when there is none or it is not stored.")
        for field in fields {
            let term = term(field, of: "parent span", category: "element")
            element("parent_span.\(term.name)", term.type, term.description)
        }
        return terms
    }

    private static func noun(of collection: FilterCollection) -> (one: String, many: String) {
        switch collection {
        case .spans: ("span", "spans")
        case .traces: ("trace", "traces")
        case .children: ("span", "spans directly below it")
        case .siblings: ("span", "other spans below its parent")
        case .annotations: ("annotation", "annotations")
        case .spanAnnotations: ("annotation", "annotations of all spans")
        case .traceAnnotations, .sessionAnnotations: ("annotation", "annotations")
        case .costDetails, .spanCostDetails: ("cost entry", "costs by kind of token")
        }
    }

    private static func term(
        _ field: FilterField, of noun: String, category: String
    ) -> Term {
        Term(
            name: field.rawValue, type: type(of: field),
            description: description(of: field, noun), category: category)
    }

    private static func type(of field: FilterField) -> String {
        switch field.type {
        case .number: "number"
        case .timestamp: "datetime"
        case .condition: "boolean"
        case .relation: "relation"
        case .text, .attribute, .null: "string"
        }
    }

    /// What a field is, as a sentence about the thing that has it.
    private static func description(of field: FilterField, _ noun: String) -> String {
        switch field {
        case .spanID: "The OpenTelemetry id of the \(noun)."
        case .traceID: "The OpenTelemetry id of the trace."
        case .sessionID: "The id that the application gave the session."
        case .parentID: "The OpenTelemetry id of the parent of the \(noun)."
        case .spanKind: "What the \(noun) does, such as LLM or TOOL; capitals do not matter."
        case .name: "The name of the \(noun)."
        case .statusCode: "OK, ERROR or UNSET; capitals do not matter."
        case .statusMessage: "What the \(noun) says about its status."
        case .startTime:
            "When the \(noun) starts. Compare with an ISO 8601 text that has an offset, such as"
                + " '2026-11-21T00:00:00Z'."
        case .endTime:
            "When the \(noun) ends. Compare with an ISO 8601 text that has an offset, such as"
                + " '2026-11-21T00:00:00Z'."
        case .latencyMs, .durationMs: "How long the \(noun) takes, in milliseconds."
        case .cumulativeErrorCount: "How many spans failed, the \(noun) and all below it."
        case .cumulativeTokenCountPrompt:
            "The prompt tokens of the \(noun) and all spans below it."
        case .cumulativeTokenCountCompletion:
            "The completion tokens of the \(noun) and all spans below it."
        case .cumulativeTokenCountTotal: "The tokens of the \(noun) and all spans below it."
        case .llmTokenCountPrompt: "The prompt tokens of the \(noun); None when it has none."
        case .llmTokenCountCompletion:
            "The completion tokens of the \(noun); None when it has none."
        case .llmTokenCountTotal: "The tokens of the \(noun); 0 when it has none."
        case .tokenCountPrompt: "The prompt tokens of all spans; 0 when there are none."
        case .tokenCountCompletion: "The completion tokens of all spans; 0 when there are none."
        case .tokenCountTotal: "The tokens of all spans; 0 when there are none."
        case .promptCost: "What the prompts cost in US dollars; 0 when nothing has a price."
        case .completionCost:
            "What the completions cost in US dollars; 0 when nothing has a price."
        case .totalCost: "What the \(noun) cost in US dollars; 0 when nothing has a price."
        case .spanCount: "How many spans the \(noun) has."
        case .errorCount: "How many spans have the status ERROR."
        case .toolSpanCount: "How many spans are of the kind TOOL."
        case .llmSpanCount: "How many spans are of the kind LLM."
        case .traceCount: "How many traces the \(noun) has."
        case .tracesWithErrorCount: "How many traces have a span that failed."
        case .input: "The input of the root span; `in` ignores capitals."
        case .output: "The output of the root span; `in` ignores capitals."
        case .firstInput: "The input of the first root span; `in` ignores capitals."
        case .lastOutput: "The output of the last root span; `in` ignores capitals."
        case .anyInput: "The inputs of all root spans, to be searched: 'text' in any_input."
        case .anyOutput: "The outputs of all root spans, to be searched: 'text' in any_output."
        case .attributes: "All attributes as text."
        case .events: "All events as text."
        case .parentSpan: "The stored parent."
        case .label: "The label of the \(noun); None when it has none."
        case .score: "The score of the \(noun); None when it has none."
        case .identifier: "What tells annotations of one name apart; empty when not given."
        case .explanation: "Why the \(noun) is as it is."
        case .tokenType: "The kind of token, such as input, output or cache_read."
        case .isPrompt: "Whether the tokens are part of the prompt."
        case .cost: "The cost in US dollars; None without a price."
        case .tokens: "How many tokens."
        case .costPerToken: "The price of one token in US dollars; None without a price."
        }
    }
}
