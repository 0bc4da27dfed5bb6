import APISupport
import FoundationEssentials
import JSON
import OpenInference
import PhoenixModel
import SQLCore
import Testing
import Tracing

/// The fixture holds the operations of this feature as the contract's document of version 20.26.1
/// has them, without titles and descriptions.
@Suite struct OpenAPIContractTests {
    private static let contract: JSONValue = {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        let path = "/\(tests)/Fixtures/openapi-20.26.1.json"
        guard let data = FileManager.default.contents(atPath: path),
            let json = try? JSON.parse(Array(data))  // The precondition tells enough.
        else { preconditionFailure("The fixture openapi-20.26.1.json is missing or damaged.") }
        return json
    }()

    private static let ours: JSONValue = {
        let routes = TracingRoutes(
            store: TracingStore(NoDatabase()), ingesting: NoIngesting(),
            now: { Timestamp(microseconds: 0) }
        ).routes
        return OpenAPIDocument(operations: routes.map(\.operation)).json
    }()

    private static let operations: [(path: String, method: String)] = {
        var operations: [(String, String)] = []
        for (path, methods) in contract["paths"]?.objectValue ?? [:] {
            for (method, _) in methods.objectValue ?? [:] { operations.append((path, method)) }
        }
        return operations
    }()

    /// Our paths but those of extensions alone.
    private static let pathsOfContract = (ours["paths"]?.objectValue ?? [:]).filter { _, methods in
        !(methods.objectValue ?? [:]).allSatisfy {
            $0.value[OpenAPIDocument.extensionMark]?.boolValue == true
        }
    }.map(\.key)

    @Test func `the document has the contract's title and operations`() {
        #expect(Self.ours["openapi"] == Self.contract["openapi"])
        #expect(Self.ours["info"] == Self.contract["info"])
        #expect(
            Set(Self.pathsOfContract)
                == Set(Self.contract["paths"]?.objectValue?.keys ?? []))
    }

    @Test(arguments: operations)
    func `an operation is as the contract has it`(path: String, method: String) throws {
        let theirs = try #require(Self.contract["paths"]?[path]?[method])
        let ours = try #require(Self.ours["paths"]?[path]?[method])
        #expect(ours["operationId"] == theirs["operationId"])
        #expect(ours["tags"] == theirs["tags"])
        for part in ["requestBody", "responses"] {
            #expect(normalized(ours[part] ?? .null) == normalized(theirs[part] ?? .null))
        }
        let ourParameters = ours["parameters"]?.arrayValue ?? []
        let theirParameters = theirs["parameters"]?.arrayValue ?? []
        #expect(ourParameters.map { $0["name"] } == theirParameters.map { $0["name"] })
        for (our, their) in zip(ourParameters, theirParameters) {
            #expect(normalized(our) == normalized(their))
        }
    }

    @Test(arguments: (contract["components"]?["schemas"]?.objectValue ?? [:]).keys)
    func `a shape is as the contract has it`(name: String) throws {
        let theirs = try #require(Self.contract["components"]?["schemas"]?[name])
        let ours = try #require(Self.ours["components"]?["schemas"]?[name])
        #expect(normalized(ours) == normalized(theirs))
    }

    /// A part of a document without prose, all numbers as doubles.
    private func normalized(_ value: JSONValue, areMembers: Bool = false) -> JSONValue {
        switch value {
        case .integer(let number): return .double(Double(number))
        case .number(let literal): return .double(Double(literal) ?? .nan)
        case .array(let elements): return .array(elements.map { normalized($0) })
        case .object(let members):
            var kept = JSONObject()
            for (key, member) in members
            where areMembers || !["description", "title", "summary"].contains(key) {
                kept[key] = normalized(member, areMembers: key == "properties" && !areMembers)
            }
            return .object(kept)
        default: return value
        }
    }
}

/// A database that is never asked anything.
private struct NoDatabase: SQLDatabase {
    private var refusal: DatabaseError { DatabaseError(.unavailable, "There is no database.") }

    let dialect = SQLDialect.sqlite

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { throw refusal }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Value
    ) async throws -> Value { throw refusal }

    func size() async throws -> Int64 { throw refusal }
    func integrityFindings() async throws -> [String] { throw refusal }
    func close() async {}
}

private struct NoIngesting: SpanIngesting {
    func ingest(
        _ spans: [SpanMapper.DirectSpan]
    ) async throws -> [(index: Int, reason: String)] { [] }
}
