import BinaryText
import GraphQLSupport
import JSON
import Testing

@Suite struct NodeRegistryTests {
    private func node(_ id: String) async throws -> JSONValue {
        let text = try await GraphQLFixture().query(
            "query($id:ID!){node(id:$id){id}}", variables: ["id": .string(id)])
        let answer = try JSON.parse(text)
        return answer["errors"]?[0]?["message"] ?? answer["data"]?["node"]?["id"] ?? .null
    }

    private static func id(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    @Test(arguments: [
        ("Thing:1", "Thing:1"), ("Thing:0", "Thing:0"), ("Thing:-1", "Thing:-1"),
        ("Thing: 1", "Thing:1"), ("Thing:01", "Thing:1"), ("Thing:1_0", "Thing:10"),
        ("Thing:+1", "Thing:1"), ("Thing:999999", "Thing:999999"),
    ])
    func `a node of a known type need not exist`(_ asked: String, _ answered: String) async throws {
        #expect(try await node(Self.id(asked)) == .string(Self.id(answered)))
    }

    @Test(arguments: [" %", "%\n", "%="])
    func `characters outside of Base64 do not count`(_ form: String) async throws {
        let id = form.replacing("%", with: Self.id("Thing:12"))
        #expect(try await node(id) == .string(Self.id("Thing:12")))
    }

    @Test(arguments: ["", "a", "%%%", "Thing:1", "1", id("Thing"), id("Thing:1:2")])
    func `what is no id is unknown`(_ id: String) async throws {
        #expect(try await node(id) == .string("Unknown node: \(id)"))
    }

    @Test func `a type that nobody has is unknown`() async throws {
        #expect(try await node(Self.id("Foo:1")) == "Unknown node type: Foo")
        #expect(try await node(Self.id("thing:1")) == "Unknown node type: thing")
        #expect(try await node(Self.id(":1")) == "Unknown node type: ")
    }

    @Test func `a row id is an integer`() async throws {
        let id = Self.id("Thing:x")
        #expect(
            try await node(id)
                == .string(
                    "Invalid node id: \(id). The id of a Thing node must be an integer, but got: x")
        )
    }
}
