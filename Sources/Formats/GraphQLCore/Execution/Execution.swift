import JSON

/// One run of an operation.
///
/// Fields are resolved level by level for all parents of a selection at once, so that a batch
/// resolver sees all of them and loaders gather their keys. The tree of the result belongs to the
/// task that runs this; resolvers run as its child tasks.
final class Execution {
    /// The parents of one field that are resolved together.
    private struct Group {
        var field: PlannedField
        /// The position of the field in its plan.
        var slot: Int
        var parents: [(node: ResultNode, source: any Sendable)]
    }

    /// A group whose resolver waits, as its child task needs it.
    private struct Launch: Sendable {
        var identifier: Int
        var resolver: ResolverTable.Resolver
        var sources: [any Sendable]
        var arguments: FieldArguments
        var context: ResolverContext
    }

    private enum Completion: Sendable {
        case group(Int, [Result<ResolvedValue, any Error>])
        case batches
        case timeout
    }

    private struct FieldError {
        var error: GraphQLError
        var nodes: [FieldNode]
        /// Where the error belongs in the order of the response.
        var positions: [Int]
        /// The position of what became null in its stead; `nil` when that is the field itself.
        var cut: [Int]?
    }

    /// How many errors are kept before they are put in order.
    private static let keptErrors = 10_000

    private let schema: Schema
    private let table: ResolverTable
    private let options: GraphQLEngine.Options
    private let context: RequestContext
    private var planner: Planner
    private var queue: [(plan: Plan, slots: Range<Int>, parents: [(ResultNode, any Sendable)])] = []
    private var groups: [Int: Group] = [:]
    private var nextGroup = 0
    private var errors: [FieldError] = []
    /// What was cut off from the tree, kept because resolvers of its fields may still run.
    private var cuts: [ResultNode] = []
    private var hasCuts: Bool { !cuts.isEmpty }
    /// Whether fields are begun, and what needs no waiting is completed.
    private var isStarting = false
    private var rootIsNull = false

    init(
        schema: Schema, table: ResolverTable, options: GraphQLEngine.Options,
        context: RequestContext, planner: Planner
    ) {
        self.schema = schema
        self.table = table
        self.options = options
        self.context = context
        self.planner = planner
    }

    /// Runs an operation to its end.
    ///
    /// - Parameter event: The value of the only root field, of a subscription.
    /// - Throws: `CancellationError` when the task was cancelled.
    func run(
        _ operation: OperationDefinition, on root: NamedType, source: any Sendable,
        event: ResolvedValue? = nil
    ) async throws -> GraphQLResponse {
        let plan = planner.plan([operation.selectionSet], for: root)
        let node = ResultNode(plan: plan, parent: nil, position: 0)
        var isTimedOut = false
        if let event {
            let group = Group(field: plan.fields[0], slot: 0, parents: [(node, source)])
            complete(group, [.success(event)])
            isTimedOut = try await drain()
        } else if operation.kind == .mutation {
            for slot in plan.fields.indices where !rootIsNull && !isTimedOut {
                queue.append((plan, slot..<slot + 1, [(node, source)]))
                isTimedOut = try await drain()
            }
        } else {
            queue.append((plan, plan.fields.indices, [(node, source)]))
            isTimedOut = try await drain()
        }
        if isTimedOut {
            return GraphQLResponse(errors: [
                GraphQLError("The operation took longer than it may and was stopped.")
            ])
        }
        return response(node)
    }

    private func response(_ node: ResultNode) -> GraphQLResponse {
        var writer = JSONWriter(reserving: 4096)
        writer.beginObject()
        writer.key("data")
        if rootIsNull { writer.null() } else { node.write(to: &writer) }
        let errors = orderedErrors()
        GraphQLResponse.write(errors, to: &writer)
        writer.endObject()
        return GraphQLResponse(body: writer.takeBytes(), errors: errors, hasData: !rootIsNull)
    }

    // MARK: Running

    private typealias Tasks = ThrowingTaskGroup<Completion, any Error>

    /// Works until nothing is left to do.
    ///
    /// - Returns: Whether the time ran out.
    private func drain() async throws -> Bool {
        try await withThrowingTaskGroup(of: Completion.self) { tasks in
            let isTimedOut: Result<Bool, any Error>
            do {
                isTimedOut = .success(try await work(in: &tasks))
            } catch {
                isTimedOut = .failure(error)
            }
            await abandon(&tasks)
            return try isTimedOut.get()
        }
    }

    private func work(in tasks: inout Tasks) async throws -> Bool {
        var running = startQueued(in: &tasks)
        if running > 0, let timeout = options.timeout {
            let clock = options.clock
            tasks.addTask {
                try await clock.sleep(for: timeout)
                return .timeout
            }
        }
        while running > 0 {
            try Task.checkCancellation()
            switch try await tasks.next() {
            case .group(let identifier, let results):
                running -= 1
                guard let group = groups.removeValue(forKey: identifier) else { continue }
                complete(group, results)
                running += startQueued(in: &tasks)
                running += countOut(in: &tasks)
            case .batches: running -= 1
            case .timeout: return true
            case nil: return false
            }
        }
        try Task.checkCancellation()
        return false
    }

    /// Stops what still runs and waits for its end. Who waits for a loader ends with the loader's
    /// batch, and that is due when all others are counted out.
    private func abandon(_ tasks: inout Tasks) async {
        tasks.cancelAll()
        while let result = await tasks.nextResult() {
            if case .success(.group) = result { _ = countOut(in: &tasks) }
        }
    }

    /// Counts out a group whose results were taken up.
    ///
    /// - Returns: How many tasks began.
    private func countOut(in tasks: inout Tasks) -> Int {
        let scheduler = context.scheduler
        let due = scheduler.end()
        if due.isEmpty { return 0 }
        tasks.addTask {
            await scheduler.run(due)
            return .batches
        }
        return 1
    }

    /// - Returns: How many tasks began.
    private func startQueued(in tasks: inout Tasks) -> Int {
        let launches = startQueued()
        for launch in launches { Self.begin(launch, in: &tasks) }
        return launches.count
    }

    private static func begin(_ launch: Launch, in tasks: inout Tasks) {
        tasks.addTask { await perform(launch) }
    }

    /// Completes what is at hand, and what that leads to, and returns what has to wait.
    private func startQueued() -> [Launch] {
        isStarting = true
        defer { isStarting = false }
        var launches: [Launch] = []
        var next = 0
        while next < queue.count {
            if Task.isCancelled { break }
            let (plan, slots, parents) = queue[next]
            next += 1
            for slot in slots {
                if let launch = start(plan.fields[slot], slot, parents) { launches.append(launch) }
            }
        }
        queue.removeAll(keepingCapacity: true)
        return launches
    }

    private func start(
        _ field: PlannedField, _ slot: Int, _ parents: [(ResultNode, any Sendable)]
    ) -> Launch? {
        let parents = hasCuts ? parents.filter { $0.0.isAttached } : parents
        if parents.isEmpty { return nil }
        let group = Group(field: field, slot: slot, parents: parents)
        let arguments: FieldArguments
        switch field.arguments {
        case .success(let values): arguments = values
        case .failure(let error):
            complete(group, Array(repeating: .failure(error), count: parents.count))
            return nil
        }
        let info = ResolverContext(request: context, field: field, fragments: planner.fragments)
        if case .immediate(let resolve) = field.resolver {
            var results: [Result<ResolvedValue, any Error>] = []
            results.reserveCapacity(parents.count)
            for parent in parents {
                results.append(Result { try resolve(parent.1, arguments, info) })
            }
            complete(group, results)
            return nil
        }
        let identifier = nextGroup
        nextGroup += 1
        groups[identifier] = group
        if case .single = field.resolver {
            context.scheduler.begin(parents.count)
        } else {
            context.scheduler.begin(1)
        }
        return Launch(
            identifier: identifier, resolver: field.resolver, sources: parents.map(\.1),
            arguments: arguments, context: info)
    }

    private static func perform(_ launch: Launch) async -> Completion {
        let results = await resolve(
            launch.resolver, launch.sources, launch.arguments, launch.context)
        return .group(launch.identifier, results)
    }

    /// The results of a group. One resolver of it stays counted as running, so that no batch begins
    /// before what the results lead to has begun.
    private static func resolve(
        _ resolver: ResolverTable.Resolver, _ sources: [any Sendable], _ arguments: FieldArguments,
        _ context: ResolverContext
    ) async -> [Result<ResolvedValue, any Error>] {
        switch resolver {
        case .immediate, .stream:
            return Array(repeating: .success(.null), count: sources.count)
        case .batch(let resolve):
            do {
                let values = try await resolve(sources, arguments, context)
                guard values.count == sources.count else {
                    preconditionFailure(
                        "The batch resolver of \(context.parentType).\(context.fieldName) returned"
                            + " \(values.count) values for \(sources.count) parents.")
                }
                return values.map { .success($0) }
            } catch {
                return Array(repeating: .failure(error), count: sources.count)
            }
        case .single(let resolve):
            if sources.count == 1 {
                return [await one(resolve, sources[0], arguments, context)]
            }
            return await withTaskGroup(of: (Int, Result<ResolvedValue, any Error>)?.self) { tasks in
                for (index, source) in sources.enumerated() {
                    tasks.addTask { (index, await one(resolve, source, arguments, context)) }
                }
                var results = [Result<ResolvedValue, any Error>](
                    repeating: .success(.null), count: sources.count)
                let scheduler = context.request.scheduler
                var left = sources.count
                for await case (let index, let result)? in tasks {
                    results[index] = result
                    left -= 1
                    if left == 0 { continue }
                    let due = scheduler.end()
                    if due.isEmpty { continue }
                    tasks.addTask {
                        await scheduler.run(due)
                        return nil
                    }
                }
                return results
            }
        }
    }

    private static func one(
        _ resolve: ResolverTable.Single, _ source: any Sendable, _ arguments: FieldArguments,
        _ context: ResolverContext
    ) async -> Result<ResolvedValue, any Error> {
        do {
            try Task.checkCancellation()
            return .success(try await resolve(source, arguments, context))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Completing values

    /// The objects of one type that a group of values has brought.
    private struct Children {
        var plans: [String: Int] = [:]
        var found: [(plan: Plan, slots: Range<Int>, parents: [(ResultNode, any Sendable)])] = []
    }

    private func complete(_ group: Group, _ results: [Result<ResolvedValue, any Error>]) {
        var children = Children()
        for (parent, result) in zip(group.parents, results) {
            if hasCuts, let cut = parent.node.cut {
                // Which of several errors is told must not hang on which field failed first: the one
                // that comes first in the response is. Only what fails without waiting goes before.
                if cut == .whileWaiting, let error = Self.error(in: result) {
                    fail(error, group.field, parent.node, group.slot)
                }
                continue
            }
            switch result {
            case .success(let value):
                complete(
                    value, group.field.definition.type, group.field, parent.node, group.slot,
                    &children)
            case .failure(let error): fail(error, group.field, parent.node, group.slot)
            }
        }
        queue += children.found
    }

    private static func error(in result: Result<ResolvedValue, any Error>) -> (any Error)? {
        switch result {
        case .failure(let error), .success(.failure(let error)): error
        case .success: nil
        }
    }

    private func complete(
        _ value: ResolvedValue, _ type: TypeReference, _ field: PlannedField, _ node: ResultNode,
        _ slot: Int, _ children: inout Children
    ) {
        if case .failure(let error) = value { return fail(error, field, node, slot) }
        if value.isNull {
            guard type.isNonNull else {
                node.slots[slot] = .null
                return
            }
            let message =
                "Cannot return null for non-nullable field"
                + " \(field.parentType).\(field.definition.name)."
            return fail(Fault(message), field, node, slot)
        }
        if let element = type.element {
            let values: [ResolvedValue]
            switch value {
            case .list(let elements): values = elements
            case .scalar(.array(let elements)): values = elements.map { .scalar($0) }
            default:
                let message =
                    "Expected Iterable, but did not find one for field"
                    + " '\(field.parentType).\(field.definition.name)'."
                return fail(Fault(message), field, node, slot)
            }
            let list = ResultNode(
                count: values.count, elementIsNullable: !element.isNonNull, parent: node,
                position: slot)
            node.slots[slot] = .node(list)
            for (index, value) in values.enumerated() {
                complete(value, element, field, list, index, &children)
                if hasCuts, !list.isAttached { return }
            }
            return
        }
        if field.leaf != nil {
            completeLeaf(value, field, node, slot)
        } else {
            completeObject(value, field, node, slot, &children)
        }
    }

    private func completeLeaf(
        _ value: ResolvedValue, _ field: PlannedField, _ node: ResultNode, _ slot: Int
    ) {
        guard case .scalar(let json) = value, let leaf = field.leaf else {
            let message =
                "\(field.type.name) cannot represent the value of"
                + " \(field.parentType).\(field.definition.name)."
            return fail(Fault(message), field, node, slot)
        }
        do {
            node.slots[slot] = .leaf(try serialize(json, as: field.type, leaf))
        } catch {
            fail((error as? ScalarError).map { Fault($0.message) } ?? error, field, node, slot)
        }
    }

    private func serialize(
        _ value: JSONValue, as type: NamedType, _ leaf: PlannedField.Leaf
    ) throws -> JSONValue {
        switch leaf {
        case .any: return value
        case .custom(let scalar): return try scalar.serialize(value)
        case .builtIn(let name): return try BuiltInScalar.serialize(value, as: name)
        case .text:
            if case .string = value { return value }
            return try BuiltInScalar.serialize(value, as: type.name)
        case .enumeration:
            guard case .string(let name) = value, type.values[name] != nil else {
                throw ScalarError(
                    "Enum '\(type.name)' cannot represent value: \(ValueText.inspect(value))")
            }
            return value
        }
    }

    private func completeObject(
        _ value: ResolvedValue, _ field: PlannedField, _ node: ResultNode, _ slot: Int,
        _ children: inout Children
    ) {
        let source: any Sendable
        let name: String?
        switch value {
        case .typed(let object, let type): (source, name) = (object, type)
        case .object(let object):
            source = object
            name =
                field.type.isAbstract
                ? table.objectType(of: object, as: field.type.name) : field.type.name
        default: (source, name) = (0, nil)
        }
        if let name, let known = children.plans[name] {
            add(known, source, node, slot, &children)
            return
        }
        guard let name, let type = schema.types[name],
            schema.isPossible(name, for: field.type.name), type.kind == .object
        else {
            let shown = name.map { "'\($0)'" } ?? "unknown"
            let message =
                "The type of the value of \(field.parentType).\(field.definition.name) is"
                + " \(shown), which is not a possible type of '\(field.type.name)'."
            return fail(Fault(message), field, node, slot)
        }
        let plan = planner.plan(below: field, for: type)
        children.plans[name] = children.found.count
        children.found.append((plan, plan.fields.indices, []))
        add(children.found.count - 1, source, node, slot, &children)
    }

    private func add(
        _ index: Int, _ source: any Sendable, _ node: ResultNode, _ slot: Int,
        _ children: inout Children
    ) {
        let child = ResultNode(plan: children.found[index].plan, parent: node, position: slot)
        node.slots[slot] = .node(child)
        children.found[index].parents.append((child, source))
    }

    // MARK: Errors

    /// A fault of a resolver's value, which is masked like an unknown error.
    private struct Fault: Error, CustomStringConvertible {
        var description: String

        init(_ description: String) {
            self.description = description
        }
    }

    private func fail(
        _ error: any Error, _ field: PlannedField, _ node: ResultNode, _ slot: Int
    ) {
        let path = node.path(to: slot)
        var shown = options.presentable(error, at: path)
        shown.path = path
        let positions = node.positions(to: slot)
        var cut: [Int]?
        if node.isNullable(slot) {
            node.slots[slot] = .null
        } else {
            cut = cutOff(node)
        }
        if errors.count < Self.keptErrors {
            errors.append(
                FieldError(
                    error: shown, nodes: field.nodes, positions: positions, cut: cut))
        }
    }

    /// Makes the nearest ancestor null that may be.
    private func cutOff(_ node: ResultNode) -> [Int] {
        var current = node
        while true {
            current.cutOff(isStarting ? .whileStarting : .whileWaiting)
            guard let parent = current.parent else {
                rootIsNull = true
                cuts.append(current)
                return []
            }
            if parent.isNullable(current.position) {
                let positions = parent.positions(to: current.position)
                cuts.append(current)
                parent.slots[current.position] = .null
                return positions
            }
            current = parent
        }
    }

    /// The errors in the order of the response, without those below what another error made null
    /// before, and at most as many as allowed.
    private func orderedErrors() -> [GraphQLError] {
        let sorted = errors.sorted { $0.positions.lexicographicallyPrecedes($1.positions) }
        var kept: [GraphQLError] = []
        var cut: [Int]?
        var locations: [Int: SourceLocation] = [:]
        for error in sorted {
            if let cut, error.positions.starts(with: cut) { continue }
            if kept.count >= options.maximumErrors {
                kept.append(GraphQLError("There are more errors; these are the first."))
                break
            }
            var shown = error.error
            if shown.locations.isEmpty {
                // Most errors are of a few fields, each of many objects.
                for node in error.nodes {
                    let location =
                        locations[node.start]
                        ?? planner.document.source.location(at: node.start)
                    locations[node.start] = location
                    shown.locations.append(location)
                }
            }
            kept.append(shown)
            if let next = error.cut { cut = next }
        }
        return kept
    }
}
