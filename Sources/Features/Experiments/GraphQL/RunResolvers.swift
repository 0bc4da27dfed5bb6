import BinaryText
import Costs
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// Runs, what was said about them, and the groups of repetitions.
struct RunResolvers: Sendable {
    let store: ExperimentStore

    func add(to table: inout ResolverTable) {
        let store = store
        table.addConnection("ExperimentRun")
        table.addConnection("ExperimentRunAnnotation")
        table.object("ExperimentRun", of: NodeValue<ExperimentRun>.self) { fields in
            addColumns(to: &fields)
            addRelated(to: &fields)
        }
        table.object("ExperimentRunAnnotation", of: NodeValue<ExperimentRunAnnotation>.self) {
            fields in
            fields.property("id") { .id($0.id) }
            fields.row("name") { .string($0.name) }
            fields.row("annotatorKind") { .string($0.annotatorKind.rawValue) }
            fields.row("label") { .string($0.label) }
            fields.row("score") { .double($0.score) }
            fields.row("explanation") { .string($0.explanation) }
            fields.row("error") { .string($0.error) }
            fields.row("metadata") { .json(try JSON.parse($0.metadata)) }
            fields.row("startTime") { .timestamp($0.startTime) }
            fields.row("endTime") { .timestamp($0.endTime) }
            // The contract writes the id that the client gave in the form of a global one.
            fields.row("traceId") {
                .string($0.traceID.map { Base64.encode(Array("Trace:\($0)".utf8)) })
            }
            fields.field("trace") { parent, _, context in
                try await Self.trace(parent.required().traceID, store, context)
            }
        }
        addGroups(to: &table)
    }

    private static func trace(
        _ text: String?, _ store: ExperimentStore, _ context: ResolverContext
    ) async throws -> ResolvedValue {
        guard let text else { return .null }
        let trace = try await ExperimentLoaders(store, context).traces.load(text)
        return .object(optional: trace.map { NodeValue($0) })
    }

    private typealias Fields = ResolverTable.Fields<NodeValue<ExperimentRun>>

    private func addColumns(to fields: inout Fields) {
        fields.property("id") { .id($0.id) }
        fields.row("experimentId") { .id($0.experiment) }
        fields.row("repetitionNumber") { .integer($0.repetition) }
        fields.row("traceId") { .string($0.traceID) }
        fields.row("output", missing: .null) { .json(try $0.output.map { try JSON.parse($0) }) }
        fields.row("startTime") { .timestamp($0.startTime) }
        fields.row("endTime") { .timestamp($0.endTime) }
        fields.row("error") { .string($0.error) }
        fields.row("latencyMs") { .double($0.latencyMs) }
    }

    private func addRelated(to fields: inout Fields) {
        let store = store
        fields.field("annotations") { parent, arguments, context in
            let page = try OffsetPage(arguments)
            let found = try await ExperimentLoaders(store, context).annotations.load(parent.id)
            // The newest first.
            return .connection(
                page.connection((found ?? []).reversed()) { .object(NodeValue($0)) })
        }
        fields.field("trace") { parent, _, context in
            try await Self.trace(parent.required().traceID, store, context)
        }
        fields.field("example") { parent, _, context in
            let run = try parent.required()
            return try await Self.example(run.example, of: run.experiment, store, context)
        }
        fields.field("costSummary") { parent, _, context in
            guard let trace = parent.row?.traceID else { return .object(CostSummary()) }
            let costs = ExperimentLoaders(store, context).traceCosts
            return .object(try await costs.load(trace) ?? CostSummary())
        }
        fields.field("costDetailSummaryEntries") { parent, _, context in
            guard let trace = parent.row?.traceID else { return .list([]) }
            let details = ExperimentLoaders(store, context).traceCostDetails
            return .objects(try await details.load(trace) ?? [])
        }
    }

    /// An example as it is at the version of an experiment; one that came later as it is now.
    static func example(
        _ id: DatasetExample.ID, of experiment: Experiment.ID, _ store: ExperimentStore,
        _ context: ResolverContext
    ) async throws -> ResolvedValue {
        let loaders = ExperimentLoaders(store, context)
        var row: DatasetExample?
        if let version = try await loaders.experiments.load(experiment)?.datasetVersion {
            row = try await loaders.examples(at: version).load(id)
        }
        if row == nil { row = try await loaders.datasets.examples.load(id) }
        return .object(row.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
    }

    // MARK: Groups

    /// The mean score of the annotations of one name.
    struct MeanScore: Sendable {
        var name: String
        var mean: Double?
    }

    private func addGroups(to table: inout ResolverTable) {
        let store = store
        table.object("ExperimentRepeatedRunGroup", of: ExperimentStore.Group.self) { fields in
            fields.property("id") { group in
                let id =
                    "ExperimentRepeatedRunGroup:experiment_id=\(group.experiment)"
                    + ":dataset_example_id=\(group.example)"
                return .string(Base64.encode(Array(id.utf8)))
            }
            fields.property("experimentId") { .id($0.experiment) }
            fields.field("runs") { group, _, context in
                .objects(try await Self.runs(group, store, context).map { NodeValue($0) })
            }
            fields.field("averageLatencyMs") { group, _, context in
                let runs = try await Self.runs(group, store, context)
                guard !runs.isEmpty else { return .null }
                return .double(runs.reduce(0) { $0 + $1.latencyMs } / Double(runs.count))
            }
            fields.field("costSummary") { group, _, context in
                let traces = try await Self.runs(group, store, context).compactMap(\.traceID)
                let found = try await ExperimentLoaders(store, context).traceCosts.load(traces)
                return .object(found.compactMap { $0 }.reduce(CostSummary(), +))
            }
            fields.field("costDetailSummaryEntries") { group, _, context in
                let traces = try await Self.runs(group, store, context).compactMap(\.traceID)
                let loader = ExperimentLoaders(store, context).traceCostDetails
                let found = try await loader.load(traces)
                return .objects(CostDetail.summedUp(found.flatMap { $0 ?? [] }))
            }
            fields.field("annotationSummaries") { group, _, context in
                let runs = try await Self.runs(group, store, context)
                let said = try await ExperimentLoaders(store, context).annotations
                    .load(runs.map(\.id))
                let byName = Dictionary(grouping: said.flatMap { $0 ?? [] }, by: \.name)
                return .objects(
                    byName.sorted { $0.key < $1.key }.map { name, annotations in
                        let scores = annotations.compactMap(\.score)
                        return MeanScore(
                            name: name,
                            mean: scores.isEmpty
                                ? nil : scores.reduce(0, +) / Double(scores.count))
                    })
            }
        }
        table.object("ExperimentRepeatedRunGroupAnnotationSummary", of: MeanScore.self) { fields in
            fields.property("annotationName") { .string($0.name) }
            fields.property("meanScore") { .double($0.mean) }
        }
    }

    private static func runs(
        _ group: ExperimentStore.Group, _ store: ExperimentStore, _ context: ResolverContext
    ) async throws -> [ExperimentRun] {
        try await ExperimentLoaders(store, context).groups.load(group) ?? []
    }
}
