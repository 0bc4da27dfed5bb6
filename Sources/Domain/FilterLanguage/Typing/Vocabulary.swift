/// The names that each language knows.
struct Vocabulary: Sendable {
    var language: FilterLanguage

    /// Fields of the filtered row by the name that a condition uses.
    var fields: [String: FilterField] {
        switch language {
        case .span: Self.spanFields
        case .trace: Self.traceFields
        case .session: Self.sessionFields
        }
    }

    private static func named(_ fields: [FilterField]) -> [String: FilterField] {
        Dictionary(uniqueKeysWithValues: fields.map { ($0.rawValue, $0) })
    }

    private static let spanFields: [String: FilterField] = {
        var fields = named([
            .spanID, .traceID, .parentID, .spanKind, .name, .statusCode, .statusMessage,
            .latencyMs, .cumulativeTokenCountPrompt, .cumulativeTokenCountCompletion,
            .cumulativeTokenCountTotal, .totalCost, .promptCost, .completionCost, .startTime,
            .endTime, .attributes, .events,
        ])
        fields["context.span_id"] = .spanID
        fields["context.trace_id"] = .traceID
        fields["cumulative_token_count.prompt"] = .cumulativeTokenCountPrompt
        fields["cumulative_token_count.completion"] = .cumulativeTokenCountCompletion
        fields["cumulative_token_count.total"] = .cumulativeTokenCountTotal
        return fields
    }()

    private static let traceFields = named([
        .traceID, .startTime, .endTime, .latencyMs, .spanCount, .errorCount, .tokenCountPrompt,
        .tokenCountCompletion, .tokenCountTotal, .promptCost, .completionCost, .totalCost,
        .toolSpanCount, .llmSpanCount, .input, .output,
    ])

    private static let sessionFields = named([
        .sessionID, .startTime, .endTime, .durationMs, .firstInput, .lastOutput, .anyInput,
        .anyOutput, .traceCount, .tracesWithErrorCount, .tokenCountPrompt, .tokenCountCompletion,
        .tokenCountTotal, .promptCost, .completionCost, .totalCost, .toolSpanCount, .llmSpanCount,
    ])

    /// What can be iterated at the top, sorted.
    var collections: [FilterCollection] {
        switch language {
        case .span: [.costDetails]
        case .trace: [.spanAnnotations, .spanCostDetails, .spans, .traceAnnotations]
        case .session:
            [.sessionAnnotations, .spanAnnotations, .spanCostDetails, .spans, .traces]
        }
    }

    /// The fields of an element, sorted by name.
    func fields(of collection: FilterCollection) -> [FilterField] {
        let fields: [FilterField]
        switch collection {
        case .spans where language == .session:
            fields = [
                .name, .spanKind, .statusCode, .latencyMs, .llmTokenCountPrompt,
                .llmTokenCountCompletion, .llmTokenCountTotal,
            ]
        case .spans, .children, .siblings:
            fields = [
                .name, .parentID, .spanKind, .statusCode, .startTime, .endTime, .latencyMs,
                .cumulativeErrorCount, .cumulativeTokenCountPrompt,
                .cumulativeTokenCountCompletion, .cumulativeTokenCountTotal, .llmTokenCountPrompt,
                .llmTokenCountCompletion, .llmTokenCountTotal,
            ]
        case .traces: fields = [.startTime, .endTime, .latencyMs]
        case .annotations, .spanAnnotations, .traceAnnotations, .sessionAnnotations:
            fields = [.name, .label, .score, .identifier]
        case .costDetails, .spanCostDetails:
            fields = [.tokenType, .isPrompt, .cost, .tokens, .costPerToken]
        }
        return fields.sorted { $0.rawValue < $1.rawValue }
    }

    /// What can be iterated of an element, sorted.
    func collections(of collection: FilterCollection) -> [FilterCollection] {
        switch collection {
        case .spans, .children, .siblings:
            language == .trace ? [.annotations, .children, .costDetails, .siblings] : []
        case .traces: [.spans]
        default: []
        }
    }

    func hasParent(_ collection: FilterCollection) -> Bool {
        language == .trace && [.spans, .children, .siblings].contains(collection)
    }

    /// What messages call the elements.
    func noun(_ collection: FilterCollection) -> String {
        switch collection {
        case .children, .siblings: "spans"
        default: collection.rawValue
        }
    }
}

/// Words for messages.
enum Phrase {
    /// `a, b, or c`; `a or b`; `a`.
    static func either(_ names: [String]) -> String {
        switch names.count {
        case 0: ""
        case 1: names[0]
        case 2: "\(names[0]) or \(names[1])"
        default: names.dropLast().joined(separator: ", ") + ", or " + names[names.count - 1]
        }
    }

    /// `one of a, b, or c`, or just the one.
    static func oneOf(_ names: [String]) -> String {
        names.count == 1 ? names[0] : "one of " + either(names)
    }

    /// The name most like `word`, when it is likely meant.
    static func nearest(_ word: String, among names: some Sequence<String>) -> String? {
        var best: (name: String, ratio: Double)?
        for name in names.sorted() {
            let ratio = similarity(Array(word.unicodeScalars), Array(name.unicodeScalars))
            if ratio > 0.75, ratio >= best?.ratio ?? 0 { best = (name, ratio) }
        }
        return best?.name
    }

    /// Up to `count` names most like `word`, the nearest first; of equally near ones the later in
    /// the alphabet.
    static func nearest(_ count: Int, to word: String, among names: some Sequence<String>)
        -> [String]
    {
        let scalars = Array(word.unicodeScalars)
        let rated = names.map { ($0, similarity(scalars, Array($0.unicodeScalars))) }
        return rated.sorted { $0.1 == $1.1 ? $0.0 > $1.0 : $0.1 > $1.1 }.prefix(count).map(\.0)
    }

    /// The Ratcliff and Obershelp similarity: twice the characters in common over all of them,
    /// where the longest common run counts first, then those on both sides of it.
    static func similarity(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Double {
        guard !left.isEmpty || !right.isEmpty else { return 1 }
        // No name is this long, so neither is what somebody meant.
        guard left.count <= 100, right.count <= 100 else { return 0 }
        return Double(2 * matching(left[...], right[...])) / Double(left.count + right.count)
    }

    private static func matching(
        _ left: ArraySlice<Unicode.Scalar>, _ right: ArraySlice<Unicode.Scalar>
    ) -> Int {
        var best = (left: left.startIndex, right: right.startIndex, count: 0)
        var runs: [Int: Int] = [:]
        for i in left.indices {
            var next: [Int: Int] = [:]
            for j in right.indices where left[i] == right[j] {
                let run = (runs[j - 1] ?? 0) + 1
                next[j] = run
                if run > best.count { best = (i - run + 1, j - run + 1, run) }
            }
            runs = next
        }
        guard best.count > 0 else { return 0 }
        return best.count + matching(left[..<best.left], right[..<best.right])
            + matching(
                left[(best.left + best.count)...], right[(best.right + best.count)...])
    }
}
