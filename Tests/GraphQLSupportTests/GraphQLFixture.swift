import APISupport
import GraphQLCore
import GraphQLSupport
import HTTPMessages
import JSON
import Locking
import PhoenixModel

/// A small schema behind `/graphql`.
struct GraphQLFixture {
    let engine: GraphQLEngine
    let router: Router
    /// Told when the field `wait` begins.
    let begun: AsyncStream<Void>
    /// Told when the field `wait`, or the subscription `silence`, was cancelled.
    let cancelled: AsyncStream<Void>

    static let schema = """
        interface Node { id: ID! }
        type Thing implements Node { id: ID! }
        type ThingConnection { edges: [ThingEdge!]! pageInfo: PageInfo! }
        type ThingEdge { node: Thing! cursor: String! }
        type PageInfo {
          hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String
        }
        scalar DateTime
        type Query {
          hello(name: String): String!
          node(id: ID!): Node!
          offset(first: Int, last: Int, after: String, before: String): ThingConnection!
          keyset(first: Int, last: Int, after: String, before: String): ThingConnection!
          echo(at: DateTime): DateTime
          wait: String
        }
        type Mutation { change: String! }
        type Subscription { count(to: Int!): Int! silence: Int }
        schema { query: Query mutation: Mutation subscription: Subscription }
        """

    struct Thing: Node {
        static let nodeTypeName = "Thing"
        var id: RowID<Thing>
    }

    private struct Write: Action {
        var requiredAccess: Access { .write }
    }

    init(
        isReadOnly: Bool = false, principal: Principal = .anonymous, block: String? = nil,
        clock: any Clock<Duration> = ContinuousClock()
    ) throws {
        let (cancelled, signal) = AsyncStream<Void>.makeStream()
        let (begun, begin) = AsyncStream<Void>.makeStream()
        self.cancelled = cancelled
        self.begun = begun
        var nodes = NodeRegistry()
        nodes.register(Thing.self) { id, _ in .typed(Thing(id: id), type: "Thing") }
        var table = ResolverTable()
        table.scalar("DateTime", .dateTime)
        table.addPageInfo()
        table.addConnection("Thing")
        table.object("Thing", of: Thing.self) { $0.property("id") { .id($0.id) } }
        let things = (1...9).map { Thing(id: RowID($0)) }
        table.object("Query", of: GraphQLRoot.self) { [nodes] fields in
            fields.computed("hello") { _, arguments, _ in
                .string("hello \(arguments.string("name") ?? "you")")
            }
            fields.field("node") { _, arguments, context in
                try await nodes.resolve(arguments.string("id") ?? "", context)
            }
            fields.computed("offset") { _, arguments, _ in
                .connection(try OffsetPage(arguments).connection(things) { .object($0) })
            }
            fields.computed("keyset") { _, arguments, _ in
                let page = try KeysetPage(arguments)
                return .connection(
                    page.connection(
                        Array(things.prefix(page.limit)), cursor: { "\($0.id)" },
                        node: { .object($0) }))
            }
            fields.computed("echo") { _, arguments, _ in .timestamp(arguments.timestamp("at")) }
            fields.field("wait") { _, _, _ in
                begin.yield()
                defer { signal.yield() }
                try await Task.sleep(for: .seconds(600))
                return nil
            }
        }
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.computed("change") { _, _, context in
                try context.caller.authorize(Write(), storesData: true)
                return "done"
            }
        }
        table.subscription("Subscription", "count") { arguments, _ in
            AsyncThrowingStream { continuation in
                for number in 0..<(arguments.integer("to") ?? 0) {
                    continuation.yield(.integer(number))
                }
                continuation.finish()
            }
        }
        table.subscription("Subscription", "silence") { _, _ in
            AsyncThrowingStream { continuation in
                continuation.onTermination = { _ in signal.yield() }
            }
        }
        engine = try GraphQLEngine(
            schema: Schema([Self.schema]), resolvers: table, options: .contract)
        var settings = GraphQLRoutes.Settings(now: { Timestamp(microseconds: 0) })
        settings.isReadOnly = isReadOnly
        settings.authenticate = { _ in principal }
        settings.insertionBlock = { block }
        settings.clock = clock
        settings.knownDocument = { $0 == "ab12" ? "{hello}" : nil }
        var router = Router()
        GraphQLRoutes(engine: DeferredEngine { [engine] in engine }, settings: settings).register(
            on: &router)
        self.router = router
    }

    struct Answer {
        var status: Int
        var text: String
        var contentType: String?
    }

    /// Streams are collected to their end.
    func answer(_ request: HTTPRequest) async throws -> Answer {
        var response: HTTPResponse
        do {
            response = try await router.respond(to: request)
        } catch {
            response = HTTPResponse(answering: error)
        }
        var body: [UInt8] = []
        switch response.body {
        case .empty: break
        case .bytes(let bytes): body = bytes
        case .stream(let produce):
            let writer = RecordingWriter()
            try await produce(writer)
            body = writer.bytes
        }
        return Answer(
            status: response.status.code, text: String(decoding: body, as: UTF8.self),
            contentType: response.headers["content-type"])
    }

    func post(
        _ body: String, accept: String = "application/json",
        contentType: String = "application/json"
    ) async throws -> Answer {
        try await answer(
            HTTPRequest(
                method: .post, path: "/graphql",
                headers: ["content-type": contentType, "accept": accept],
                body: .bytes(Array(body.utf8))))
    }

    func query(_ text: String, variables: JSONObject = [:]) async throws -> String {
        let body: JSONValue = ["query": .string(text), "variables": .object(variables)]
        return try await post(body.text).text
    }

    func get(_ query: String, accept: String = "application/json") async throws -> Answer {
        try await answer(
            HTTPRequest(
                method: .get, path: "/graphql", queryString: query, headers: ["accept": accept]))
    }
}

/// Keeps what is written, and tells of it.
final class RecordingWriter: HTTPBodyWriter {
    private let recorded = Mutex<[UInt8]>([])
    let writes: AsyncStream<String>
    private let signal: AsyncStream<String>.Continuation

    init() {
        (writes, signal) = AsyncStream.makeStream()
    }

    var bytes: [UInt8] { recorded.withLock { $0 } }

    func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
        recorded.withLock { $0 += bytes }
        signal.yield(String(decoding: bytes, as: UTF8.self))
    }
}
