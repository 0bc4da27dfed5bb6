import APISupport
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// `Experiment` and what is summed up about it.
struct ExperimentResolvers: Sendable {
    let store: ExperimentStore
    let lastUpdatedAt: @Sendable (Project.ID?) -> Timestamp?

    func add(to table: inout ResolverTable) {
        table.object("Experiment", of: NodeValue<Experiment>.self) { fields in
            addColumns(to: &fields)
            addRelated(to: &fields)
            addFigures(to: &fields)
            addRuns(to: &fields)
        }
        table.addConnection("Experiment")
        table.object("ExperimentAnnotationSummary", of: ExperimentAnnotationSummary.self) {
            fields in
            fields.property("annotationName") { .string($0.name) }
            fields.property("minScore") { .double($0.minScore) }
            fields.property("maxScore") { .double($0.maxScore) }
            fields.property("meanScore") { .double($0.meanScore) }
            fields.property("count") { .integer($0.count) }
            fields.property("errorCount") { .integer($0.errorCount) }
            fields.property("scoreCount") { .integer($0.scoreCount) }
            fields.property("labelCount") { .integer($0.labelCount) }
            fields.property("labelFractions") { .objects($0.labelFractions) }
        }
        table.object("ExperimentTag", of: NodeValue<ExperimentTag>.self) { fields in
            fields.property("id") { .id($0.id) }
            fields.row("experimentId") { .id($0.experiment) }
            fields.row("name") { .string($0.name) }
            fields.row("description") { .string($0.description) }
        }
    }

    private typealias Fields = ResolverTable.Fields<NodeValue<Experiment>>

    private func addColumns(to fields: inout Fields) {
        fields.property("id") { .id($0.id) }
        fields.row("name") { .string($0.name) }
        fields.row("projectName") { .string($0.projectName) }
        fields.row("description") { .string($0.description) }
        fields.row("isEphemeral") { .bool($0.isEphemeral) }
        fields.row("repetitions") { .integer($0.repetitions) }
        fields.row("metadata") { .json(try JSON.parse($0.metadata)) }
        fields.row("createdAt") { .timestamp($0.createdAt) }
        fields.row("updatedAt") { .timestamp($0.updatedAt) }
        // Nobody signs in while there are no accounts.
        fields.property("user") { _ in .null }
    }

    private func addRelated(to fields: inout Fields) {
        let store = store
        let lastUpdatedAt = lastUpdatedAt
        fields.field("dataset") { parent, _, context in
            let id = try parent.required().dataset
            let row = try await ExperimentLoaders(store, context).datasets.datasets.load(id)
            return .object(row.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        fields.field("datasetVersion") { parent, _, context in
            let id = try parent.required().datasetVersion
            let row = try await ExperimentLoaders(store, context).datasets.versions.load(id)
            return .object(row.map { NodeValue(id: id, row: $0) } ?? NodeValue(missing: id))
        }
        fields.field("datasetSplits") { parent, _, context in
            let loaders = ExperimentLoaders(store, context)
            let ids = try await loaders.splitIDs.load(parent.id) ?? []
            let rows = try await loaders.datasets.splits.found(ids)
            let splits = ids.compactMap { id in rows[id].map { NodeValue(id: id, row: $0) } }
            return .connection(OffsetPage().connection(splits) { .object($0) })
        }
        fields.field("isBaseline") { parent, _, context in
            let dataset = try parent.required().dataset
            let baseline = try await ExperimentLoaders(store, context).baselines.load(dataset)
            return .bool(baseline?.id == parent.id)
        }
        fields.field("sequenceNumber") { parent, _, context in
            if let number = parent.row?.sequenceNumber { return .integer(number) }
            return .integer(
                try await ExperimentLoaders(store, context).sequenceNumbers.load(parent.id) ?? 0)
        }
        fields.field("project") { parent, _, context in
            let project = try await Self.project(of: parent, store, context)
            return .object(optional: project.map { NodeValue($0) })
        }
        fields.field("lastUpdatedAt") { parent, _, context in
            let project = try await Self.project(of: parent, store, context)
            let change = try parent.required().updatedAt
            return .timestamp(max(change, project.flatMap { lastUpdatedAt($0.id) } ?? change))
        }
    }

    private static func project(
        of parent: NodeValue<Experiment>, _ store: ExperimentStore, _ context: ResolverContext
    ) async throws -> Project? {
        guard let name = try parent.required().projectName else { return nil }
        return try await ExperimentLoaders(store, context).projects.load(name)
    }

    private func addFigures(to fields: inout Fields) {
        let store = store
        fields.field("runCount") { parent, _, context in
            .integer(
                try await ExperimentLoaders(store, context).progress.load(parent.id)?.runCount ?? 0)
        }
        fields.field("expectedRunCount") { parent, _, context in
            let progress = try await ExperimentLoaders(store, context).progress.load(parent.id)
            let repetitions = try parent.required().repetitions
            let (product, isBeyond) = (progress?.exampleCount ?? 0)
                .multipliedReportingOverflow(by: repetitions)
            return .integer(isBeyond ? .max : product)
        }
        fields.field("annotationSummaries") { parent, arguments, context in
            let all = try await ExperimentLoaders(store, context).summaries.load(parent.id) ?? []
            guard let name = arguments.string("annotationName") else { return .objects(all) }
            return .objects(all.filter { $0.name == name })
        }
        fields.field("errorRate") { parent, _, context in
            .double(
                try await ExperimentLoaders(store, context).figures.load(parent.id)?.errorRate)
        }
        fields.field("averageRunLatencyMs") { parent, _, context in
            let figures = try await ExperimentLoaders(store, context).figures.load(parent.id)
            return .double(figures?.averageLatencyMs)
        }
        fields.field("costSummary") { parent, _, context in
            .object(
                try await ExperimentLoaders(store, context).costs.load(parent.id) ?? .init())
        }
        fields.field("costDetailSummaryEntries") { parent, _, context in
            .objects(
                try await ExperimentLoaders(store, context).costDetails.load(parent.id) ?? [])
        }
    }

    // MARK: Runs

    /// The largest page of runs.
    private static let runsMax = 100_000

    private func addRuns(to fields: inout Fields) {
        let store = store
        fields.field("runs") { parent, arguments, _ in
            let first = arguments.integer("first") ?? Self.runsMax
            guard first > 0 else {
                throw GraphQLFault.badRequest("first must be a positive integer if set")
            }
            let after = arguments.string("after").flatMap { $0.isEmpty ? nil : $0 }
            let page = KeysetPage(first: min(first, Self.runsMax), after: after)
            let order = Self.order(arguments.object("sort"))
            let place = try after.map { try Self.place($0, order, page) }
            let runs = try await store.runs(
                of: parent.id, by: order, behind: place, limit: page.limit)
            return .connection(
                page.connection(runs, cursor: { Self.cursor($0, order) }) {
                    .object(NodeValue($0.run))
                })
        }
    }

    private static func order(_ sort: JSONObject?) -> ExperimentStore.RunOrder {
        guard let column = sort?["col"] else { return .id }
        let isDescending = sort?["dir"]?.stringValue == "desc"
        if let name = column["annotationName"]?.stringValue {
            return .score(annotation: name, isDescending: isDescending)
        }
        return .latencyMs(isDescending: isDescending)
    }

    private static func cursor(
        _ run: ExperimentStore.SortedRun, _ order: ExperimentStore.RunOrder
    ) -> String {
        guard order != .id else { return RowCursor(run.run.id.value).description }
        return SortCursor(
            rowID: run.run.id.value, value: run.value.map { .float($0) } ?? .null
        ).description
    }

    private static func place(
        _ cursor: String, _ order: ExperimentStore.RunOrder, _ page: KeysetPage
    ) throws -> (id: Int64, value: Double?) {
        if order == .id, let place = RowCursor(cursor) { return (place.rowID, nil) }
        guard order != .id, let place = SortCursor(cursor) else { throw page.invalidCursor }
        switch place.value {
        case .float(let value): return (place.rowID, value)
        case .integer(let value): return (place.rowID, Double(value))
        default: return (place.rowID, nil)
        }
    }
}
