import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The GraphQL of this feature on a database of its own, without a network.
struct GraphQLService {
    let store: TracingStore
    private let database: CountingDatabase
    private let engine: GraphQLEngine

    static let now = Timestamp(microseconds: 1_790_000_600_000_000)

    init(
        _ store: TracingStore, settings: TracingGraphQL.Settings = .init()
    ) throws {
        self.store = store
        database = CountingDatabase(store.database)
        let tracing = TracingGraphQL(store: TracingStore(database), settings: settings)
        let schema = try Schema(TracingSchema.texts)
        engine = try GraphQLEngine(
            schema: schema, resolvers: tracing.resolvers(for: schema, nodes: tracing.nodes),
            options: .contract)
    }

    func response(
        _ query: String, _ variables: JSONObject = [:], as principal: Principal = .anonymous,
        isReadOnly: Bool = false
    ) async throws -> GraphQLResponse {
        try await engine.execute(
            GraphQLRequest(query: query, variables: variables),
            context: GraphQLRequestContext(
                principal: principal, isReadOnly: isReadOnly, now: Self.now))
    }

    /// The messages of the errors of an answer.
    func messages(
        _ query: String, _ variables: JSONObject = [:], as principal: Principal = .anonymous,
        isReadOnly: Bool = false
    ) async throws -> [String] {
        try await response(query, variables, as: principal, isReadOnly: isReadOnly).errors.map(
            \.message)
    }

    /// The data of an answer; the message of its first error when there is none.
    func data(_ query: String, _ variables: JSONObject = [:]) async throws -> JSONValue {
        let response = try await response(query, variables)
        if let error = response.errors.first { return .string(error.message) }
        return try JSON.parse(response.body)["data"] ?? .null
    }

    /// The statements that answering takes.
    func statements(of query: String, _ variables: JSONObject = [:]) async throws -> [String] {
        try await database.statements { _ = try await response(query, variables) }
    }

    /// Fields of the span of a number.
    func span(_ number: Int, _ fields: String) async throws -> JSONValue {
        let id = OTelID.number(number, byteCount: 8).hex
        return try await data("{ found: getSpanByOtelId(spanId: \"\(id)\") { \(fields) } }")[
            "found"]
            ?? .null
    }

    /// Fields of the trace of a number.
    func trace(_ number: Int, _ fields: String) async throws -> JSONValue {
        let id = OTelID.number(number, byteCount: 16).hex
        return try await data("{ found: getTraceByOtelId(traceId: \"\(id)\") { \(fields) } }")[
            "found"] ?? .null
    }

    /// Fields of a session.
    func session(_ id: String, _ fields: String) async throws -> JSONValue {
        try await data("{ found: getProjectSessionById(sessionId: \"\(id)\") { \(fields) } }")[
            "found"] ?? .null
    }

    func insert(_ spans: [IncomingSpan]) async throws {
        _ = try await store.insert([spans], now: 0)
    }
}

extension TestDatabase {
    func withGraphQLService(_ body: (GraphQLService) async throws -> Void) async throws {
        try await withTracingStore { try await body(GraphQLService($0)) }
    }
}

extension OTelID {
    static func hex(ofSpan number: Int) -> JSONValue {
        .string(OTelID.number(number, byteCount: 8).hex)
    }

    static func hex(ofTrace number: Int) -> JSONValue {
        .string(OTelID.number(number, byteCount: 16).hex)
    }
}
