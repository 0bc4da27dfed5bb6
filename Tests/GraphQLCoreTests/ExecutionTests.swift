import JSON
import Testing

@testable import GraphQLCore

/// A schema of projects and their spans, for what the corpus does not show.
private enum Shop {
    struct Project: Sendable {
        var id: Int
    }

    struct Span: Sendable, GraphQLPropertySource {
        var id: Int
        static let graphQLProperties: Set<String> = ["id"]
        func graphQLProperty(_ name: String) -> ResolvedValue { .integer(id) }
    }

    struct Shown: GraphQLPresentableError {
        var message: String
    }

    struct Hidden: Error {}

    /// What was asked of the store.
    final class Log: Sendable {
        let calls = Locked<[String]>([])
        func add(_ call: String) { calls.update { $0.append(call) } }
        var all: [String] { calls.update { $0 } }
    }

    static let schema = """
        interface Node { id: Int! }
        type Project implements Node {
            id: Int!
            spans(first: Int = 3): [Span!]!
            count: Int!
            cost: Float
            late: Int
        }
        type Span implements Node { id: Int! owner: Project! cost: Float name: String }
        type Query {
            projects(first: Int): [Project!]!
            nodes: [Node!]!
            slow: Int
            shown: Int
            hidden: Int
        }
        type Mutation { note(text: String!): String }
        type Subscription { ticks(to: Int!): Int! }
        """

    static func table() -> ResolverTable {
        var table = ResolverTable()
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("projects") { _, arguments, _ in
                .objects((0..<(arguments.integer("first") ?? 3)).map { Project(id: $0) })
            }
            fields.property("nodes") { _ in .list([.object(Project(id: 1)), .object(Span(id: 2))]) }
            fields.field("slow") { _, _, context in
                context.application(as: Log.self).add("begun")
                try await Task.sleep(for: .seconds(60))
                context.application(as: Log.self).add("not stopped")
                return 1
            }
            fields.field("shown") { _, _, _ in throw Shown(message: "Ask me nicely.") }
            fields.field("hidden") { _, _, _ in throw Hidden() }
        }
        table.object("Project", of: Project.self) { fields in
            fields.property("id") { .integer($0.id) }
            fields.batch("spans") { projects, arguments, context in
                context.application(as: Log.self).add("spans of \(projects.count)")
                let first = arguments.integer("first") ?? 0
                return projects.map { project in
                    .objects((0..<first).map { Span(id: project.id * 100 + $0) })
                }
            }
            fields.batch("count") { projects, _, context in
                context.application(as: Log.self).add("count of \(projects.count)")
                return projects.map { $0.id == 1 ? .failure(Shown(message: "One")) : 7 }
            }
            fields.field("cost") { project, _, context in
                .double(try await costs(context).load(project.id))
            }
            fields.field("late") { project, _, context in
                let first = try await costs(context).load(project.id)
                let more = try await costs(context).load([project.id, 1000 + project.id])
                return .integer(Int(first ?? 0) + more.count)
            }
        }
        table.object("Span", of: Span.self) { fields in
            fields.property("owner") { .object(Project(id: $0.id / 100)) }
            fields.field("cost") { span, _, context in
                .double(try await costs(context).load(span.id))
            }
            fields.computed("name") { span, _, context in
                .string("\(context.parentType) \(span.id)")
            }
        }
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.field("note") { _, arguments, context in
                let text = arguments.string("text") ?? ""
                context.application(as: Log.self).add("begin \(text)")
                await Task.yield()
                context.application(as: Log.self).add("end \(text)")
                return .string(text)
            }
        }
        table.subscription("Subscription", "ticks") { arguments, _ in
            let last = arguments.integer("to") ?? 0
            return AsyncThrowingStream { continuation in
                for tick in 0..<last { continuation.yield(.integer(tick)) }
                continuation.finish(throwing: last > 2 ? Shown(message: "Too many.") : nil)
            }
        }
        return table
    }

    private static func costs(_ context: ResolverContext) -> Loader<Int, Double> {
        let log = context.application(as: Log.self)
        return context.request.loader("costs") { keys in
            log.add("costs of \(keys.count)")
            return Dictionary(uniqueKeysWithValues: keys.map { ($0, Double($0)) })
        }
    }

    static func engine(
        _ change: (inout GraphQLEngine.Options) -> Void = { _ in }
    ) throws -> GraphQLEngine {
        var options = GraphQLEngine.Options()
        change(&options)
        return try GraphQLEngine(
            schema: try Schema([schema]), resolvers: table(), options: options)
    }

    static func run(_ query: String, _ log: Log = Log()) async throws -> JSONValue {
        let response = try await engine().execute(GraphQLRequest(query: query), context: log)
        return try JSON.parse(response.body)
    }
}

@Suite struct ExecutionTests {
    @Test func `a batch resolver is called once for all parents of a selection`() async throws {
        let log = Shop.Log()
        let response = try await Shop.run("{ projects(first: 50) { spans { id } } }", log)
        #expect(response["data"]?["projects"]?.arrayValue?.count == 50)
        #expect(log.all == ["spans of 50"])
    }

    @Test func `a loader gathers the keys of all resolvers that run`() async throws {
        let log = Shop.Log()
        let query = "{ projects(first: 20) { id cost spans(first: 5) { cost name } } }"
        let response = try await Shop.run(query, log)
        #expect(response["errors"] == nil)
        #expect(response["data"]?["projects"]?[19]?["spans"]?[4]?["cost"] == 1904.0)
        // Of 20 projects and 100 spans, five have the same number.
        #expect(log.all == ["spans of 20", "costs of 115"])
    }

    @Test func `how often a loader is called does not depend on how threads are scheduled`()
        async throws
    {
        // `late` loads a key that is loaded already, or not, and then one that is not.
        let query = """
            { projects(first: 20) { cost late spans(first: 5) { cost owner { late cost } } } }
            """
        let engine = try Shop.engine()
        try await withThrowingTaskGroup { tasks in
            for _ in 0..<4 {
                tasks.addTask {
                    for _ in 0..<50 {
                        let log = Shop.Log()
                        let response = try await engine.execute(
                            GraphQLRequest(query: query), context: log)
                        #expect(response.errors.isEmpty)
                        #expect(log.all == ["spans of 20", "costs of 115", "costs of 15"])
                    }
                }
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `a resolver may load again after it has loaded`() async throws {
        let log = Shop.Log()
        let response = try await Shop.run("{ projects(first: 9) { late } }", log)
        #expect(response["data"]?["projects"]?[8]?["late"] == 10)
        #expect(log.all == ["costs of 9", "costs of 9"])
    }

    @Test func `a batch may fail for one parent, which nulls what it must`() async throws {
        let response = try await Shop.run("{ projects { id count } }")
        #expect(response["data"] == .null)
        #expect(response["errors"]?[0]?["message"] == "One")
        #expect(response["errors"]?[0]?["path"] == ["projects", 1, "count"])
    }

    @Test func `the object type of a node follows from its Swift type`() async throws {
        let response = try await Shop.run("{ nodes { __typename id ... on Span { name } } }")
        #expect(
            response["data"]?["nodes"] == [
                ["__typename": "Project", "id": 1],
                ["__typename": "Span", "id": 2, "name": "Span 2"],
            ])
    }

    @Test func `fields of a mutation run one after the other`() async throws {
        let log = Shop.Log()
        _ = try await Shop.run(#"mutation { a: note(text: "1") b: note(text: "2") }"#, log)
        #expect(log.all == ["begin 1", "end 1", "begin 2", "end 2"])
    }

    @Test func `an unknown error is masked and reported, a presentable one is shown`()
        async throws
    {
        let reported = Locked<[String]>([])
        let engine = try Shop.engine { options in
            options.onUnexpectedError = { error, path in
                reported.update { $0.append("\(error) \(path.count)") }
            }
        }
        let response = try await engine.execute(
            GraphQLRequest(query: "{ shown hidden }"), context: Shop.Log())
        #expect(
            response.errors.map(\.message) == ["Ask me nicely.", "an unexpected error occurred"])
        #expect(response.errors[1].path == [.field("hidden")])
        #expect(reported.update { $0 } == ["Hidden() 1"])
    }

    /// Beside a field that takes a minute: nothing, and loads whose batch is not due before its end.
    static let besideSlow = [
        "{ slow }", "{ slow projects { cost } }", "{ slow projects { late } }",
    ]

    @Test(.timeLimit(.minutes(1)), arguments: besideSlow)
    func `cancelling the task stops the resolvers`(query: String) async throws {
        let engine = try Shop.engine { $0.timeout = .seconds(3600) }
        let log = Shop.Log()
        let task = Task {
            try await engine.execute(GraphQLRequest(query: query), context: log)
        }
        while log.all.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The resolver writes into the log when its minute is over.
        #expect(log.all == ["begun"])
    }

    @Test(.timeLimit(.minutes(1)), arguments: besideSlow)
    func `an operation that takes too long is stopped`(query: String) async throws {
        let engine = try Shop.engine { $0.timeout = .milliseconds(10) }
        let response = try await engine.execute(GraphQLRequest(query: query), context: Shop.Log())
        #expect(!response.hasData)
        #expect(response.errors.count == 1)
    }

    @Test func `a subscription answers every event and ends with its error`() async throws {
        let engine = try Shop.engine()
        func bodies(_ last: Int) async throws -> [String] {
            let events = try await engine.subscribe(
                GraphQLRequest(query: "subscription { ticks(to: \(last)) }"), context: Shop.Log())
            var bodies: [String] = []
            for try await event in events {
                bodies.append(String(decoding: event.body, as: UTF8.self))
            }
            return bodies
        }
        #expect(try await bodies(2) == [#"{"data":{"ticks":0}}"#, #"{"data":{"ticks":1}}"#])
        let failed = try await bodies(3)
        #expect(failed.count == 4)
        #expect(failed.last?.contains("Too many.") == true)
    }

    @Test func `a request that is not valid is one event of a subscription`() async throws {
        let events = try await Shop.engine().subscribe(
            GraphQLRequest(query: "subscription { tocks }"))
        var count = 0
        for try await event in events {
            count += 1
            #expect(event.errors.count == 1)
        }
        #expect(count == 1)
    }

    @Test func `an engine is not made when a field has no resolver`() throws {
        let schema = try Schema([Shop.schema, "extend type Span { extra: Int }"])
        let error = #expect(throws: SchemaError.self) {
            try GraphQLEngine(schema: schema, resolvers: Shop.table())
        }
        #expect(error?.messages == ["The field Span.extra has no resolver."])
    }

    @Test func `an engine is not made when a resolver has no field`() throws {
        var table = Shop.table()
        table.object("Span", of: Shop.Span.self) { $0.property("gone") { _ in nil } }
        let schema = try Schema([Shop.schema])
        let error = #expect(throws: SchemaError.self) {
            try GraphQLEngine(schema: schema, resolvers: table)
        }
        #expect(error?.messages == ["The resolver Span.gone belongs to no field of the schema."])
    }

    @Test func `a persisted query is found by its hash until others need the room`() throws {
        let engine = try Shop.engine { $0.cachedDocuments = 2 }
        for number in 0..<3 { engine.persist("{ a\(number) }", hash: "h\(number)") }
        #expect(engine.persistedQuery("h0") == nil)
        #expect(engine.persistedQuery("h2") == "{ a2 }")
    }

    @Test func `custom scalars read and write values`() async throws {
        var table = ResolverTable()
        table.scalar(
            "Even",
            Scalar { value in
                guard let number = value.integerValue, number % 2 == 0 else {
                    throw ScalarError("Even cannot represent it.")
                }
                return .integer(number / 2)
            } serialize: {
                .string("\($0.integerValue ?? 0)!")
            })
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.computed("half") { _, arguments, _ in .json(arguments["of"]) }
        }
        let engine = try GraphQLEngine(
            schema: try Schema(["scalar Even type Query { half(of: Even!): Even }"]),
            resolvers: table)
        let good = try await engine.execute(GraphQLRequest(query: "{ half(of: 8) }"))
        #expect(String(decoding: good.body, as: UTF8.self) == #"{"data":{"half":"4!"}}"#)
        let bad = try await engine.execute(
            GraphQLRequest(
                query: "query ($v: Even!) { half(of: $v) }", variables: JSONObject([("v", 3)])))
        #expect(
            bad.errors.map(\.message)
                == ["Variable '$v' has invalid value: Even cannot represent it."])
    }
}
