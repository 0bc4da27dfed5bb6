import Datasets
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// What datasets and their examples tell about experiments.
struct DatasetExperimentResolvers: Sendable {
    let store: ExperimentStore

    func add(to table: inout ResolverTable) {
        table.object("Dataset", of: NodeValue<Dataset>.self) { fields in addDataset(to: &fields) }
        table.object("DatasetExample", of: NodeValue<DatasetExample>.self) { fields in
            addExample(to: &fields)
        }
        table.object("DatasetExperimentAnnotationSummary", of: AnnotationScoreRange.self) {
            fields in
            fields.property("annotationName") { .string($0.name) }
            fields.property("minScore") { .double($0.minScore) }
            fields.property("maxScore") { .double($0.maxScore) }
        }
    }

    private func addDataset(to fields: inout ResolverTable.Fields<NodeValue<Dataset>>) {
        let store = store
        fields.batch("experimentCount") { parents, arguments, _ in
            let version = try arguments.string("datasetVersionId").map {
                try rowID($0, as: DatasetVersion.self)
            }
            let counts = try await store.counts(
                ofDatasets: parents.map(\.id), version: version,
                includingEphemeral: Self.includesEphemeral(arguments))
            return parents.map { .integer(counts[$0.id] ?? 0) }
        }
        fields.field("experiments") { parent, arguments, _ in
            let page = try OffsetPage(arguments)
            let (found, count) = try await store.experiments(
                of: parent.id, where: try Self.selection(arguments)
            ) { page.window(count: $0).range }
            return .connection(
                page.connection(of: page.window(count: count), elements: found[...]) {
                    .object(NodeValue($0))
                })
        }
        fields.field("baselineExperiment") { parent, _, context in
            let found = try await ExperimentLoaders(store, context).baselines.load(parent.id)
            // One that was dismissed is no baseline until it is reinstated.
            let shown = found.flatMap { $0.isEphemeral ? nil : $0 }
            return .object(optional: shown.map { NodeValue($0) })
        }
        fields.batch("experimentAnnotationSummaries") { parents, arguments, _ in
            let ranges = try await store.scoreRanges(
                ofDatasets: parents.map(\.id),
                includingEphemeral: Self.includesEphemeral(arguments))
            return parents.map { .objects(ranges[$0.id] ?? []) }
        }
    }

    private static func includesEphemeral(_ arguments: FieldArguments) -> Bool {
        arguments["includeEphemeral"]?.boolValue ?? false
    }

    private static func selection(_ arguments: FieldArguments) throws -> ExperimentSelection {
        var selection = ExperimentSelection()
        selection.includesEphemeral = includesEphemeral(arguments)
        selection.text = arguments.string("filterCondition")
        let ids: [Experiment.ID] = try arguments.rowIDs("filterIds", called: "filter ID")
        selection.ids = ids.isEmpty ? nil : ids
        selection.sequenceNumbers = arguments["sequenceNumbers"]?.arrayValue.map {
            $0.compactMap(\.integerValue)
        }
        if let sort = arguments.object("sort") {
            let isDescending = sort["dir"]?.stringValue == "desc"
            selection.order =
                sort["col"]?.stringValue == "createdAt"
                ? .createdAt(isDescending: isDescending)
                : .sequenceNumber(isDescending: isDescending)
        }
        return selection
    }

    private func addExample(to fields: inout ResolverTable.Fields<NodeValue<DatasetExample>>) {
        let store = store
        fields.batch("experimentRuns") { parents, arguments, _ in
            let page = try OffsetPage(arguments)
            let ids: [Experiment.ID] = try arguments.rowIDs(
                "experimentIds", called: "experiment ID")
            let found = try await store.runs(
                ofExamples: parents.map(\.id), in: ids.isEmpty ? nil : ids)
            return parents.map { parent in
                .connection(
                    page.connection(found[parent.id] ?? []) { .object(NodeValue($0)) })
            }
        }
        fields.computed("experimentRepeatedRunGroups") { parent, arguments, _ in
            let ids: [Experiment.ID] = try arguments.rowIDs(
                "experimentIds", called: "experiment ID")
            return .objects(
                ids.map { ExperimentStore.Group(experiment: $0, example: parent.id) })
        }
    }
}
