import FilterLanguage
import GraphQLCore
import GraphQLSupport
import PhoenixModel
import Tracing

/// How experiments compare.
struct ComparisonResolvers: Sendable {
    let store: ExperimentStore

    /// An example with the experiments whose runs are compared.
    private struct Comparison: Sendable {
        var example: DatasetExample.ID
        var experiments: [Experiment.ID]
    }

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("compareExperiments") { _, arguments, context in
                try await Self.compare(arguments, store, context)
            }
            fields.field("experimentRunMetricComparisons") { _, arguments, _ in
                let (base, others) = try Self.experiments(arguments)
                guard !others.isEmpty else {
                    throw GraphQLFault.badRequest(
                        "At least one compare experiment ID must be provided")
                }
                return .object(try await store.compareMetrics(of: base, with: others))
            }
            fields.computed("validateExperimentRunFilterCondition") { _, arguments, _ in
                let ids = try (arguments["experimentIds"]?.arrayValue ?? []).map {
                    try rowID($0.stringValue ?? "", as: Experiment.self)
                }
                do throws(FilterError) {
                    _ = try ExperimentRunFilter(
                        arguments.string("condition") ?? "", experimentCount: ids.count)
                    return .object(ValidationResult())
                } catch {
                    return .object(ValidationResult(errorMessage: error.message))
                }
            }
        }
        table.addConnection("ExperimentComparison")
        table.object("ExperimentComparison", of: Comparison.self) { fields in
            fields.property("id") {
                .id(NodeID(typeName: "ExperimentComparison", rowID: $0.example.value))
            }
            fields.field("example") { parent, _, context in
                try await RunResolvers.example(
                    parent.example, of: parent.experiments[0], store, context)
            }
            fields.property("repeatedRunGroups") { parent in
                .objects(
                    parent.experiments.map {
                        ExperimentStore.Group(experiment: $0, example: parent.example)
                    })
            }
        }
        addMetrics(to: &table)
    }

    private static func experiments(
        _ arguments: FieldArguments
    ) throws -> (base: Experiment.ID, others: [Experiment.ID]) {
        func id(_ text: String, _ role: String) throws(GraphQLFault) -> Experiment.ID {
            guard let id = Experiment.ID(nodeID: text) else {
                throw .badRequest("Invalid \(role) experiment ID: \(text.prefix(200))")
            }
            return id
        }
        let base = try id(arguments.string("baseExperimentId") ?? "", "base")
        let others = try (arguments["compareExperimentIds"]?.arrayValue ?? []).map {
            try id($0.stringValue ?? "", "compare")
        }
        guard !others.contains(base) else {
            throw GraphQLFault.badRequest(
                "Compare experiment IDs cannot contain the base experiment ID")
        }
        guard Set(others).count == others.count else {
            throw GraphQLFault.badRequest("Compare experiment IDs must be unique")
        }
        guard others.count < Self.experimentsMax else {
            throw GraphQLFault.badRequest(
                "At most \(Self.experimentsMax) experiments can be compared at once.")
        }
        return (base, others)
    }

    /// How many experiments are compared at once.
    private static let experimentsMax = 50

    private static func compare(
        _ arguments: FieldArguments, _ store: ExperimentStore, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let (base, others) = try experiments(arguments)
        let page = try KeysetPage(arguments)
        let found = try await ExperimentLoaders(store, context).experiments.load([base] + others)
        let known = found.compactMap { $0 }
        guard known.count == others.count + 1 else {
            throw GraphQLFault.notFound("Unable to resolve one or more experiment IDs.")
        }
        guard Set(known.map(\.dataset)).count == 1 else {
            throw GraphQLFault.badRequest("Experiments must belong to the same dataset.")
        }
        let ids = [base] + others
        var last: Int64?
        if let after = page.after {
            guard let cursor = RowCursor(after) else { throw page.invalidCursor }
            last = cursor.rowID
        }
        let condition = try arguments.string("filterCondition").flatMap { text in
            text.isEmpty
                ? nil : try ExperimentRunFilter(text, experimentCount: ids.count)
        }
        let examples = try await store.comparedExamples(
            of: base, where: condition?.sql(experiments: ids.map(\.value)), behind: last,
            limit: page.limit)
        return .connection(
            page.connection(examples, cursor: { RowCursor($0.value).description }) {
                .object(Comparison(example: $0, experiments: ids))
            })
    }

    private func addMetrics(to table: inout ResolverTable) {
        table.object("ExperimentRunMetricComparisons", of: RunMetricComparisons.self) { fields in
            fields.property("latency") { .object($0.latency) }
            fields.property("totalTokenCount") { .object($0.totalTokens) }
            fields.property("promptTokenCount") { .object($0.promptTokens) }
            fields.property("completionTokenCount") { .object($0.completionTokens) }
            fields.property("totalCost") { .object($0.totalCost) }
            fields.property("promptCost") { .object($0.promptCost) }
            fields.property("completionCost") { .object($0.completionCost) }
        }
        table.object("ExperimentRunMetricComparison", of: RunMetricComparison.self) { fields in
            fields.property("numRunsImproved") { .integer($0.improvedCount) }
            fields.property("numRunsRegressed") { .integer($0.regressedCount) }
            fields.property("numRunsEqual") { .integer($0.equalCount) }
            fields.property("numRunsWithoutComparison") { .integer($0.incomparableCount) }
        }
    }
}
