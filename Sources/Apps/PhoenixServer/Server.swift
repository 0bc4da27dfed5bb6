import APISupport
import Annotations
import Costs
import Datasets
import Diagnostics
import DomainEvents
import Experiments
import GRPCServing
import GraphQLCore
import GraphQLSupport
import HTTPMessages
import HTTPServing
import Ingestion
import Lifecycle
import LiveEvents
import Logging
import PhoenixModel
import PhoenixSchema
import PostgresDatabase
import Probes
import Prompts
import RegularExpressions
import Retention
import SQLCore
import SQLiteDatabase
import Settings
import Tracing
import WebUI

/// The composition root: picks the concrete types and wires them together.
package struct Server {
    private let configuration: Configuration
    private let logger: Logger
    private let metrics = MetricsRegistry()
    private let now: @Sendable () -> Int64 = systemMicroseconds

    package init(_ configuration: Configuration) {
        self.configuration = configuration
        logger = Self.logger("phoenix", configuration)
    }

    private static func logger(_ label: String, _ configuration: Configuration) -> Logger {
        Logger(label: label) { label in
            LineLogHandler(
                label: label, level: configuration.logLevel, format: configuration.logFormat)
        }
    }

    // MARK: Running

    /// Opens the database, migrates it, serves until SIGTERM or SIGINT, and drains.
    ///
    /// - Throws: What stops the start, as an error whose description is a sentence for the user.
    package func run(until signals: ShutdownSignals) async throws {
        for warning in configuration.warnings { logger.warning("\(warning)") }
        OpenFileLimit.raise()
        try requireFreePorts()
        let opened = try await OpenedDatabase(configuration)
        let result: Result<Void, any Error>
        do {
            // What serves is put together while the schema is made.
            async let migration: Void = migrate(opened.database)
            let assembly = try assembled(over: opened.database)
            try await migration
            try await serve(assembly, over: opened.database, until: signals)
            result = .success(())
        } catch {
            result = .failure(error)
        }
        await opened.database.close()
        try result.get()
    }

    private func requireFreePorts() throws {
        var ports = [(port: configuration.port, host: configuration.host, setting: "PHOENIX_PORT")]
        if !configuration.isReadOnly {
            ports.append((configuration.grpcPort, grpcHost, "PHOENIX_GRPC_PORT"))
        }
        if let port = configuration.prometheusPort {
            ports.append((port, configuration.host, "PHOENIX_PROMETHEUS_PORT"))
        }
        for (index, one) in ports.enumerated() where one.port != 0 {
            if let other = ports[..<index].first(where: { $0.port == one.port }) {
                throw ConfigurationError(
                    "\(other.setting) and \(one.setting) are both \(one.port). Set one of them to "
                        + "another port.")
            }
            try requireFreePort(one.port, on: one.host, setting: one.setting)
        }
    }

    /// Without a host of its own gRPC listens on IPv6 too, as gRPC servers do.
    private var grpcHost: String { configuration.host == "0.0.0.0" ? "::" : configuration.host }

    /// Brings the database to this version's schema.
    package func migrate(_ database: any SQLDatabase) async throws {
        let migrator = Migrator(database)
        guard configuration.migratesDatabase else { return try await migrator.requireCurrent() }
        let ran = try await migrator.migrate(
            now: now(), defaultRetentionDays: configuration.defaultRetentionDays)
        guard configuration.logsMigrations else { return }
        if ran.count == Migration.all.count {
            logger.info("Made the tables of a new database.")
        } else {
            for name in ran { logger.info("Migrated the database.", metadata: ["step": "\(name)"]) }
        }
    }

    /// Brings the built-in models to what this version's price list says.
    package func applyPriceList(to database: any SQLDatabase) async throws {
        guard configuration.migratesDatabase else { return }
        try await CostStore(database).applyPriceList(now: Timestamp(microseconds: now()))
    }

    /// What runs as long as the server does. The servers among it are bound before any of it runs.
    private struct Assembly {
        var services: [any Service]
        let http: HTTPServer
        /// All that listen, `http` among them.
        var servers: [HTTPServer]
    }

    /// Puts it together, without asking the database anything.
    private func assembled(over database: any SQLDatabase) throws -> Assembly {
        let storage = StorageGuard()
        ProcessMetrics.register(in: metrics)
        let outbox = EventOutbox()
        let hub = eventHub(outbox)
        let store = TracingStore(database, pricing: StoredPricing()) { hub.publish($0) }
        var ingestion = SpanIngestor.Configuration()
        ingestion.queuedSpansMax = configuration.queuedSpansMax
        let ingestor = SpanIngestor(
            store: store, configuration: ingestion, storage: storage, metrics: metrics,
            logger: Self.logger("ingestion", configuration), now: now)
        let receiver = TraceReceiver(ingestor)
        let bodies = MemoryBudget(limit: HTTPServerLimits().openBodyBytes)

        let http = try httpServer(store, hub, receiver, storage, bodies)
        var services: [any Service] = [
            // What arrives meanwhile waits in the queue: the first spans need their prices.
            PreparedService(ingestor) {
                try await applyPriceList(to: database)
                try await database.releaseCache()
                StartMemory.release()
            },
            SegmentIndexer(
                store: store, logger: Self.logger("segments", configuration),
                isIngesting: { ingestor.hasWork }),
        ]
        if !configuration.isReadOnly {
            services.append(waitingAnnotations(store))
            services.append(retentionSweeper(store))
        }
        if let replicas = replicaEvents(store, hub, outbox) { services.append(replicas) }
        if let capacity = configuration.storageCapacityGiB {
            services.append(
                StorageMonitor(
                    database,
                    configuration: .init(
                        capacity: capacity * 1_073_741_824,
                        blockingThreshold: configuration.storageBlockingThreshold),
                    storage: storage, metrics: metrics,
                    logger: Self.logger("storage", configuration)))
        }
        var servers = [http]
        if !configuration.isReadOnly { servers.append(try grpcServer(receiver, database, bodies)) }
        if let port = configuration.prometheusPort { servers.append(try metricsServer(port)) }
        return Assembly(services: services, http: http, servers: servers)
    }

    private func serve(
        _ assembly: Assembly, over database: any SQLDatabase, until signals: ShutdownSignals
    ) async throws {
        let port = try await assembly.http.bind()
        for server in assembly.servers { try await server.bind() }
        logger.info(
            "Phoenix is ready.",
            metadata: [
                "version": "\(PhoenixVersion.current)", "database": "\(database.dialect.rawValue)",
                "url": "\(url(port: port))",
            ])
        try await ServiceGroup(assembly.services + assembly.servers, logger: logger)
            .run { await signals.wait() }
    }

    /// Where a browser on this machine finds the server.
    private func url(port: Int) -> String {
        let host = configuration.host
        let name =
            ["0.0.0.0", "::"].contains(host) ? "localhost" : host.contains(":") ? "[\(host)]" : host
        let scheme = configuration.httpTLS == nil ? "http" : "https"
        return "\(scheme)://\(name):\(port)\(configuration.rootPath)"
    }

    private func waitingAnnotations(_ store: TracingStore) -> WaitingAnnotations {
        let now = now
        return WaitingAnnotations(
            store: AnnotationStore(store), logger: Self.logger("annotations", configuration),
            now: { Timestamp(microseconds: now()) })
    }

    private func retentionSweeper(_ store: TracingStore) -> RetentionSweeper {
        let now = now
        let experiments = ExperimentStore(store)
        let ephemeral = HourlyChore("ephemeral experiments") { now in
            let time = now.microseconds - ExperimentStore.ephemeralAge
            return try await experiments.deleteEphemeral(
                changedBefore: Timestamp(microseconds: time))
        }
        return RetentionSweeper(
            store, chores: [ephemeral], logger: Self.logger("retention", configuration),
            now: { Timestamp(microseconds: now()) })
    }

    // MARK: Events

    private func eventHub(_ outbox: EventOutbox) -> EventHub {
        let now = now
        let hasReplicas = if case .postgres = configuration.database { true } else { false }
        return EventHub(
            epoch: .random(in: 1 ... .max), now: { Timestamp(microseconds: now()) },
            forward: { if hasReplicas { outbox.add($0) } })
    }

    /// What carries events between servers, where there may be several.
    private func replicaEvents(
        _ store: TracingStore, _ hub: EventHub, _ outbox: EventOutbox
    ) -> ReplicaEvents? {
        guard case .postgres(let conninfo) = configuration.database else { return nil }
        return ReplicaEvents(
            store.database, conninfo: conninfo, schema: configuration.databaseSchema, hub: hub,
            outbox: outbox, logger: Self.logger("events", configuration)
        ) { try await store.insertions(after: $0) }
    }

    // MARK: Doors

    private func httpServer(
        _ store: TracingStore, _ hub: EventHub, _ receiver: TraceReceiver,
        _ storage: StorageGuard, _ bodies: MemoryBudget
    ) throws -> HTTPServer {
        let times = metrics.summary(
            "starlette_requests_processing_time_seconds_summary",
            help: "Time from the head of a request to its answer, by method and path.")
        let settings = APISettings(
            isReadOnly: configuration.isReadOnly,
            insertionBlock: { storage.reasonToRefuse.map { "Insufficient storage: \($0)" } },
            recordTime: { method, path, duration in
                times.record(duration, labels: [("method", method.rawValue), ("path", path)])
            })
        let routes = apiRoutes(store, hub, receiver)
        var router = Router()
        API(routes: routes, settings: settings).register(on: &router)
        Probes(version: PhoenixVersion.current) {
            try await store.database.read { _ = try $0.query("SELECT 1") }
        }.register(on: &router)
        let ui = try webUI()
        ui.register(on: &router)
        graphQLRoutes(store, hub, storage, ui, recordTime: settings.recordTime)
            .register(on: &router)
        let logger = Self.logger("http", configuration)
        let middleware: [any HTTPMiddleware] = [
            RequestIDMiddleware(), AccessLogMiddleware(logger: logger),
            MisdirectedExportMiddleware(
                tracesPath: configuration.rootPath + TraceExportRoute.path,
                grpcPort: configuration.isReadOnly ? nil : configuration.grpcPort, logger: logger,
                now: now),
            CORSMiddleware(allowedOrigins: configuration.allowedOrigins), CompressionMiddleware(),
            ContractHeaders(), ErrorAnsweringMiddleware(logger: logger), DatabaseErrorMiddleware(),
            PathPrefixMiddleware(prefix: configuration.rootPath),
        ]
        var server = HTTPServerConfiguration(
            host: configuration.host, port: configuration.port, tls: configuration.httpTLS)
        server.bodyBudget = bodies
        for prefix in ["", configuration.rootPath] {
            server.limits.streamedBodyBytes[prefix + DatasetRoutes.uploadPath] =
                UploadLimits().bodyBytes
        }
        return try HTTPServer(
            configuration: server, logger: logger, handler: wrap(router.respond, in: middleware))
    }

    private func apiRoutes(
        _ store: TracingStore, _ hub: EventHub, _ receiver: TraceReceiver
    ) -> [Route] {
        let now = now
        let time: @Sendable () -> Timestamp = { Timestamp(microseconds: now()) }
        let annotations = AnnotationStore(store)
        var routes = TracingRoutes(store: store, ingesting: receiver, now: time).routes
        routes += SettingsRoutes(secrets: secrets(store), now: time).routes
        routes += DatasetRoutes(store: DatasetStore(store), now: time).routes
        routes += AnnotationRoutes(store: annotations, tracing: store, now: time).routes
        routes += PromptRoutes(store: PromptStore(store.database), now: time).routes
        routes += ExperimentRoutes(store: ExperimentStore(store), now: time).routes
        routes.append(TraceExportRoute(receiver).route)
        routes.append(LiveEventsRoute(hub: hub) { try await store.project($0).id }.route)
        return routes
    }

    private func secrets(_ store: TracingStore) -> SecretStore {
        SecretStore(store.database, secret: configuration.secret)
    }

    private func webUI() throws -> WebUI {
        var boot = BootConfiguration(
            platformVersion: PhoenixVersion.contract, version: PhoenixVersion.current,
            grpcPort: configuration.grpcPort)
        boot.hasDatabaseThreshold = configuration.storageBlockingThreshold != nil
        boot.isReadOnly = configuration.isReadOnly
        return WebUI(
            source: try uiSource(), rootPath: configuration.rootPath, boot: boot,
            framingOrigins: configuration.allowedOrigins)
    }

    private func uiSource() throws -> WebUI.Source {
        guard configuration.servesUI else { return .none(.switchedOff) }
        if let path = configuration.uiFolder {
            guard let folder = UIFolder(path: path) else {
                throw ConfigurationError(
                    "There is no folder '\(path)' to read the web UI from. Run make ui, or leave "
                        + "--ui-dir and PHOENIX_UI_DIR out.")
            }
            return .folder(folder)
        }
        return try UIPack.embedded().map { .pack($0) } ?? .none(.notBuilt)
    }

    private func graphQLRoutes(
        _ store: TracingStore, _ hub: EventHub, _ storage: StorageGuard, _ ui: WebUI,
        recordTime: @escaping @Sendable (HTTPMethod, String, Duration) -> Void
    ) -> GraphQLRoutes {
        let activity = hub.activity
        let experimentStore = ExperimentStore(store)
        let datasets = DatasetsGraphQL(store: DatasetStore(store)) { id in
            let leftovers = try await experimentStore.leftovers(ofDataset: id)
            return { try await experimentStore.delete(leftovers) }
        }
        let experiments = ExperimentsGraphQL(store: experimentStore) { project in
            project.flatMap { activity.lastUpdate(of: $0) }
        }
        let prompts = PromptsGraphQL(store: PromptStore(store.database))
        var tracingSettings = TracingGraphQL.Settings(
            storageCapacityBytes: configuration.storageCapacityGiB.map { $0 * 1_073_741_824 },
            lastUpdatedAt: { project in
                guard let project else { return activity.lastUpdate }
                return activity.lastUpdate(of: project)
            })
        tracingSettings.searches = [datasets.search, experiments.search, prompts.search]
        let tracing = TracingGraphQL(store: store, settings: tracingSettings)
        let costs = CostsGraphQL(store: CostStore(store.database))
        let annotations = AnnotationsGraphQL(store: AnnotationStore(store), tracing: store)
        let secrets = SettingsGraphQL(
            secrets: self.secrets(store), redaction: Redaction(secret: configuration.secret))
        let retention = RetentionGraphQL(store: RetentionStore(store))
        var options = GraphQLEngine.Options.contract
        let logger = Self.logger("graphql", configuration)
        options.onUnexpectedError = { error, path in
            logger.error(
                "A field could not be resolved.",
                metadata: ["path": "\(path)", "error": "\(error)"])
        }
        let now = now
        var settings = GraphQLRoutes.Settings(now: { Timestamp(microseconds: now()) })
        settings.isReadOnly = configuration.isReadOnly
        settings.knownDocument = ui.document
        settings.recordTime = recordTime
        settings.insertionBlock = {
            storage.reasonToRefuse.map { "Insufficient storage: \($0)" }
        }
        let engine = DeferredEngine { [options] in
            typealias Part = (texts: [String], nodes: NodeRegistry, resolvers: ResolverTable)
            let features: [Part] = [
                ([CostsGraphQL.text], costs.nodes, costs.resolvers),
                (AnnotationsGraphQL.texts, annotations.nodes, annotations.resolvers),
                ([DatasetsGraphQL.text], datasets.nodes, datasets.resolvers),
                ([ExperimentsGraphQL.text], experiments.nodes, experiments.resolvers),
                (PromptsGraphQL.texts, prompts.nodes, prompts.resolvers),
                ([RetentionGraphQL.text], NodeRegistry(), retention.resolvers),
                ([SettingsGraphQL.text], secrets.nodes, secrets.resolvers),
            ]
            let schema = try Schema(TracingSchema.texts + features.flatMap { $0.texts })
            var nodes = tracing.nodes
            for feature in features { nodes.merge(feature.nodes) }
            var table = tracing.resolvers(for: schema, nodes: nodes)
            for feature in features { table.merge(feature.resolvers) }
            return try GraphQLEngine(schema: schema, resolvers: table, options: options)
        }
        return GraphQLRoutes(engine: engine, settings: settings)
    }

    private func grpcServer(
        _ receiver: TraceReceiver, _ database: any SQLDatabase, _ bodies: MemoryBudget
    ) throws -> HTTPServer {
        let logger = Self.logger("grpc", configuration)
        var router = GRPCRouter(budget: bodies, logger: logger)
        TraceExportService(receiver).register(on: &router)
        router.registerHealth {
            // The health check asks whether the database answers; why it does not is in the log.
            (try? await database.read { _ = try $0.query("SELECT 1") }) != nil
        }
        var server = HTTPServerConfiguration(
            host: grpcHost, port: configuration.grpcPort, tls: configuration.grpcTLS)
        server.name = "grpc"
        server.bodyBudget = bodies
        server.limits.bodyBytes = router.bodyBytesMax
        server.refusal = GRPCRouter.refusal
        let middleware: [any HTTPMiddleware] = [
            RequestIDMiddleware(), AccessLogMiddleware(logger: logger),
        ]
        return try HTTPServer(
            configuration: server, logger: logger, handler: wrap(router.respond, in: middleware))
    }

    private func metricsServer(_ port: Int) throws -> HTTPServer {
        let metrics = metrics
        var router = Router()
        router.add(.get, "/metrics") { _, _ in
            .bytes(
                .ok, Array(metrics.exposition.utf8),
                contentType: "text/plain; version=0.0.4; charset=utf-8")
        }
        var server = HTTPServerConfiguration(host: configuration.host, port: port)
        server.name = "metrics"
        let logger = Self.logger("metrics", configuration)
        return try HTTPServer(
            configuration: server, logger: logger,
            handler: wrap(router.respond, in: [ErrorAnsweringMiddleware(logger: logger)]))
    }
}
