import FilterLanguage
import GraphQLCore
import PhoenixModel

/// What became of checking a text.
package struct ValidationResult: Sendable, Hashable {
    package var errorMessage: String?
    package var warnings: [String] = []

    package init(errorMessage: String? = nil, warnings: [String] = []) {
        self.errorMessage = errorMessage
        self.warnings = warnings
    }
}

/// What a span filter can be said to select without running it.
private struct SpanFilterAnalysis: Sendable {
    var selectsRootSpansOnly = false
    var likelyMisspellings: [FilterMisspelling] = []
}

private struct FilterMisspelling: Sendable {
    let name: String
    let meant: String
}

extension ProjectResolvers {
    func addFilterFields(to fields: inout Fields) {
        let store = store
        let languages: [(String, FilterLanguage)] = [
            ("validateSpanFilterCondition", .span), ("validateTraceFilterCondition", .trace),
            ("validateSessionFilterCondition", .session),
        ]
        for (name, language) in languages {
            fields.field(name) { parent, arguments, _ in
                .object(
                    try await Self.validate(
                        arguments.string("condition") ?? "", in: language, of: parent.id, store))
            }
        }
        fields.computed("analyzeSpanFilterCondition") { _, arguments, _ in
            // A condition that is wrong selects nothing in particular.
            guard let filter = try? Filter(arguments.string("condition") ?? "", in: .span) else {
                return .object(SpanFilterAnalysis())
            }
            let misspellings = filter.likelyMisspellings.map(FilterMisspelling.init)
            return .object(
                SpanFilterAnalysis(
                    selectsRootSpansOnly: filter.selectsRootSpansOnly,
                    likelyMisspellings: misspellings))
        }
        fields.field("sessionFilterVocabulary") { parent, _, _ in
            let keys = try await store.observedAttributeKeys(of: parent.id, owner: .session)
            return .objects(FilterTerms.terms(of: .session, observedAttributes: keys))
        }
        fields.field("traceFilterVocabulary") { parent, arguments, _ in
            let keys = try await store.observedAttributeKeys(
                of: parent.id, owner: .trace, in: arguments.timeRange)
            return .objects(FilterTerms.terms(of: .trace, observedAttributes: keys))
        }
    }

    private static func validate(
        _ condition: String, in language: FilterLanguage, of project: Project.ID,
        _ store: TracingStore
    ) async throws -> ValidationResult {
        let filter: Filter
        do throws(FilterError) {
            filter = try Filter(condition, in: language)
        } catch {
            return ValidationResult(errorMessage: error.message)
        }
        guard !filter.annotationNames.isEmpty, language != .span else { return ValidationResult() }
        let observed = try await store.annotationNames(
            of: project, on: language.annotationSubject)
        return ValidationResult(warnings: filter.warnings(observedAnnotationNames: Set(observed)))
    }

    func addFilterTypes(to table: inout ResolverTable) {
        table.object("ValidationResult", of: ValidationResult.self) { fields in
            fields.property("isValid") { .bool($0.errorMessage == nil) }
            fields.property("errorMessage") { .string($0.errorMessage) }
            fields.property("warnings") { .strings($0.warnings) }
        }
        table.object("SpanFilterConditionAnalysis", of: SpanFilterAnalysis.self) { fields in
            fields.property("selectsRootSpansOnly") { .bool($0.selectsRootSpansOnly) }
            fields.property("likelyMisspellings") { .objects($0.likelyMisspellings) }
        }
        table.object("FilterMisspelling", of: FilterMisspelling.self) { fields in
            fields.property("name") { .string($0.name) }
            fields.property("meant") { .string($0.meant) }
        }
        table.object("FilterVocabularyTerm", of: FilterTerms.Term.self) { fields in
            fields.property("name") { .string($0.name) }
            fields.property("type") { .string($0.type) }
            fields.property("description") { .string($0.description) }
            fields.property("category") { .string($0.category) }
            fields.property("iterableName") { .string($0.iterableName) }
        }
    }
}
