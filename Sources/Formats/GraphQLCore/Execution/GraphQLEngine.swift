import JSON

/// Executes requests against a schema.
package struct GraphQLEngine: Sendable {
    package struct Options: Sendable {
        /// What unknown errors are replaced by; `nil` shows them as they are.
        package var maskedMessage: String? = "an unexpected error occurred"
        /// Limits of a document. The number of fields also bounds what fragments can multiply to.
        package var limits = Validator.Limits(
            maximumErrors: 100, maximumDepth: 20, maximumAliases: 50, maximumFields: 20_000)
        package var maximumTokens: Int? = 50_000
        /// How much an operation may cost: each field one, times the sizes of the lists it is in.
        package var maximumCost: Int?
        /// How many elements of one list count towards the cost at most. For schemas whose lists are
        /// bounded whatever a client asks for.
        package var costedListMax = Int.max
        /// How long an operation may take, each event of a subscription by itself.
        package var timeout: Duration?
        package var clock: any Clock<Duration> = ContinuousClock()
        /// How many errors a response has at most.
        package var maximumErrors = 1000
        /// Whether a request that names none of several operations runs the first one, instead of
        /// being an error as in the specification.
        package var choosesFirstOperation = false
        package var cachedDocuments = 1000
        package var cachedBytes = 16 << 20
        /// Receives every error that is masked, with the path of its field.
        package var onUnexpectedError:
            @Sendable (_ error: any Error, _ path: [GraphQLError.PathElement]) -> Void = { _, _ in }

        package init() {}
    }

    package let schema: Schema
    private let table: ResolverTable
    private let introspection: ResolverTable
    private let options: Options
    private let cache: DocumentCache

    /// Checks that every field has a resolver and that every resolver has a field.
    ///
    /// - Throws: ``SchemaError`` with everything that is missing.
    package init(schema: Schema, resolvers: ResolverTable, options: Options = .init()) throws {
        let faults = resolvers.faults(for: schema)
        guard faults.isEmpty else { throw SchemaError(faults) }
        self.schema = schema
        table = resolvers
        self.options = options
        introspection = IntrospectionResolvers.table(for: schema)
        cache = DocumentCache(
            maximumCount: options.cachedDocuments, maximumBytes: options.cachedBytes)
    }

    // MARK: Documents

    /// The text that was persisted under a hash.
    package func persistedQuery(_ hash: String) -> String? { cache.text(forHash: hash) }

    /// Keeps a text under its hash, which the caller has checked, until others need the room.
    package func persist(_ query: String, hash: String) { cache.persist(query, hash: hash) }

    /// The errors of a document; empty when it is valid.
    package func validate(_ query: String) -> [GraphQLError] {
        switch prepared(query) {
        case .success: []
        case .failure(let failure): failure.errors
        }
    }

    private func prepared(_ query: String) -> Result<PreparedDocument, InputErrors> {
        if let known = cache.document(for: query) { return .success(known) }
        let document: Document
        do {
            document = try Parser.parse(
                query, options: Parser.Options(maximumTokens: options.maximumTokens))
        } catch {
            return .failure(InputErrors([error]))
        }
        let errors = Validator.validate(
            document, against: schema, scalars: table.scalars, limits: options.limits)
        guard errors.isEmpty else { return .failure(InputErrors(errors)) }
        let prepared = PreparedDocument(document)
        cache.insert(prepared, for: query)
        return .success(prepared)
    }

    // MARK: Requests

    /// What is ready to run.
    private struct Run {
        var operation: OperationDefinition
        var root: NamedType
        var planner: Planner
    }

    private func prepare(_ request: GraphQLRequest) -> Result<Run, InputErrors> {
        prepared(request.query).flatMap { prepare($0, request) }
    }

    private func prepare(
        _ prepared: PreparedDocument, _ request: GraphQLRequest
    ) -> Result<Run, InputErrors> {
        func failure(_ message: String, at start: Int? = nil) -> Result<Run, InputErrors> {
            let error = GraphQLError(
                message, at: start.map { [$0] } ?? [], in: prepared.document.source)
            return .failure(InputErrors([error]))
        }
        var operations: [OperationDefinition] = []
        for case .operation(let operation) in prepared.document.definitions {
            operations.append(operation)
        }
        let operation: OperationDefinition
        if let name = request.operationName {
            guard let found = operations.first(where: { $0.name?.value == name }) else {
                let shown = String(name.unicodeScalars.prefix(100))
                return failure("Unknown operation named '\(shown)'.")
            }
            operation = found
        } else if operations.count > 1, !options.choosesFirstOperation {
            return failure("Must provide operation name if query contains multiple operations.")
        } else if let only = operations.first {
            operation = only
        } else {
            return failure("Must provide an operation.")
        }
        guard let root = schema.rootType(operation.kind).flatMap({ schema.types[$0] }) else {
            return failure(
                "Schema is not configured to execute \(operation.kind.rawValue) operation.",
                at: operation.start)
        }
        let variables: JSONObject
        do {
            variables = try InputCoercion(schema: schema, scalars: table.scalars).variables(
                operation.variables, request.variables, in: prepared.document.source)
        } catch {
            return .failure(error)
        }
        let planner = Planner(
            schema: schema, table: table, introspection: introspection,
            document: prepared.document, fragments: prepared.fragments, variables: variables)
        if let maximum = options.maximumCost {
            let cost = planner.cost(
                of: operation.selectionSet, on: root, upTo: maximum,
                listMax: options.costedListMax)
            if cost > maximum {
                return failure(
                    "The operation may cost more than \(maximum). Ask for fewer fields or shorter"
                        + " lists.", at: operation.start)
            }
        }
        return .success(Run(operation: operation, root: root, planner: planner))
    }

    /// What a request asks for, as far as its document can be read.
    package enum Demand: Sendable, Hashable {
        case operation(OperationKind)
        /// The document has no operation of the name that the request gives.
        case unknownOperation
        /// The document has fragments only.
        case nothing
        /// The document cannot be parsed; executing the request tells why.
        case unreadable
    }

    /// What a request asks for, before it is known to be valid.
    package func demand(of request: GraphQLRequest) -> Demand {
        let document: Document
        switch prepared(request.query) {
        case .success(let prepared): document = prepared.document
        case .failure:
            let options = Parser.Options(maximumTokens: options.maximumTokens)
            do {
                document = try Parser.parse(request.query, options: options)
            } catch {
                return .unreadable
            }
        }
        var operations: [OperationDefinition] = []
        for case .operation(let operation) in document.definitions { operations.append(operation) }
        if let name = request.operationName {
            operations.removeAll { $0.name?.value != name }
            return operations.first.map { .operation($0.kind) } ?? .unknownOperation
        }
        return operations.first.map { .operation($0.kind) } ?? .nothing
    }

    /// Executes a query or a mutation.
    ///
    /// - Parameters:
    ///   - context: What the resolvers need, see ``RequestContext/application``.
    ///   - root: The parent of the root fields.
    /// - Throws: `CancellationError` when the task was cancelled, for instance because the client
    ///   left; resolvers that run are cancelled.
    package func execute(
        _ request: GraphQLRequest, context: any Sendable = (), root: any Sendable = GraphQLRoot()
    ) async throws -> GraphQLResponse {
        switch prepare(request) {
        case .failure(let failure): return GraphQLResponse(errors: failure.errors)
        case .success(let run):
            if run.operation.kind == .subscription {
                return GraphQLResponse(errors: [
                    GraphQLError("A subscription needs a transport that delivers many responses.")
                ])
            }
            return try await execution(run, context).run(
                run.operation, on: run.root, source: root)
        }
    }

    private func execution(_ run: Run, _ context: any Sendable) -> Execution {
        Execution(
            schema: schema, table: table, options: options,
            context: RequestContext(application: context), planner: run.planner)
    }

    /// Begins a subscription. A query or a mutation, or a request that is not valid, is answered
    /// by a stream of one response.
    package func subscribe(
        _ request: GraphQLRequest, context: any Sendable = (), root: any Sendable = GraphQLRoot()
    ) async throws -> GraphQLEvents {
        switch prepare(request) {
        case .failure(let failure):
            return GraphQLEvents(only: GraphQLResponse(errors: failure.errors))
        case .success(let run) where run.operation.kind != .subscription:
            return GraphQLEvents(
                only: try await execution(run, context).run(
                    run.operation, on: run.root, source: root))
        case .success(let run):
            let document = run.planner.document
            let plan = run.planner.plan([run.operation.selectionSet], for: run.root)
            guard let field = plan.fields.first, case .stream(let open) = field.resolver else {
                return GraphQLEvents(
                    only: GraphQLResponse(errors: [
                        GraphQLError("Nothing of the operation can be subscribed to.")
                    ]))
            }
            do {
                let info = ResolverContext(
                    request: RequestContext(application: context), field: field,
                    fragments: run.planner.fragments)
                let source = try await open(try field.arguments.get(), info)
                return GraphQLEvents(source) { event in
                    try await respond(to: event, request, context, root)
                } onFailure: { error in
                    failure(of: field, error, in: document.source)
                }
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                return GraphQLEvents(only: failure(of: field, error, in: document.source))
            }
        }
    }

    private func respond(
        to event: ResolvedValue, _ request: GraphQLRequest, _ context: any Sendable,
        _ root: any Sendable
    ) async throws -> GraphQLResponse {
        switch prepare(request) {
        case .failure(let failure): return GraphQLResponse(errors: failure.errors)
        case .success(let run):
            return try await execution(run, context).run(
                run.operation, on: run.root, source: root, event: event)
        }
    }

    private func failure(
        of field: PlannedField, _ error: any Error, in source: Source
    ) -> GraphQLResponse {
        let path: [GraphQLError.PathElement] = [.field(field.responseName)]
        var shown = options.presentable(error, at: path)
        if shown.locations.isEmpty {
            shown.locations = field.nodes.map { source.location(at: $0.start) }
        }
        shown.path = path
        return GraphQLResponse(errors: [shown])
    }
}

/// The parent of the root fields when the application has no other.
package struct GraphQLRoot: Sendable {
    package init() {}
}

/// The responses of a subscription. When the source of events fails, the error is the last response.
package struct GraphQLEvents: AsyncSequence, Sendable {
    package typealias Element = GraphQLResponse

    private let source: AsyncThrowingStream<ResolvedValue, any Error>?
    private let only: GraphQLResponse?
    private let respond: @Sendable (ResolvedValue) async throws -> GraphQLResponse
    private let onFailure: @Sendable (any Error) -> GraphQLResponse

    init(only response: GraphQLResponse) {
        source = nil
        only = response
        respond = { _ in response }
        onFailure = { _ in response }
    }

    init(
        _ source: AsyncThrowingStream<ResolvedValue, any Error>,
        respond: @escaping @Sendable (ResolvedValue) async throws -> GraphQLResponse,
        onFailure: @escaping @Sendable (any Error) -> GraphQLResponse
    ) {
        self.source = source
        only = nil
        self.respond = respond
        self.onFailure = onFailure
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: AsyncThrowingStream<ResolvedValue, any Error>.AsyncIterator?
        fileprivate var only: GraphQLResponse?
        fileprivate let events: GraphQLEvents

        package mutating func next() async throws -> GraphQLResponse? {
            if let response = only {
                only = nil
                return response
            }
            guard source != nil else { return nil }
            let event: ResolvedValue?
            do {
                event = try await source?.next()
            } catch is CancellationError {
                throw CancellationError()
            } catch {
                source = nil
                return events.onFailure(error)
            }
            guard let event else {
                source = nil
                return nil
            }
            return try await events.respond(event)
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(source: source?.makeAsyncIterator(), only: only, events: self)
    }
}

extension GraphQLEngine.Options {
    /// The error as the client may see it. One that is not meant to be shown is reported and masked.
    func presentable(_ error: any Error, at path: [GraphQLError.PathElement]) -> GraphQLError {
        if let error = error as? GraphQLError { return error }
        if let error = error as? any GraphQLPresentableError { return GraphQLError(error.message) }
        onUnexpectedError(error, path)
        return GraphQLError(maskedMessage ?? String(describing: error))
    }
}
