import Testing

@testable import GraphQLCore

@Suite struct SchemaTests {
    @Test func `texts may extend what another one defines, in any order`() throws {
        let schema = try Schema([
            "extend type Query { b: B } extend union U = B", "type Query { a: A }",
            "type A { a: Int } type B { b: Int } union U = A",
        ])
        #expect(schema.types["Query"]?.fields.names == ["a", "b"])
        #expect(schema.possibleTypes(of: "U") == ["A", "B"])
    }

    @Test func `roots are named by the schema definition or by their usual names`() throws {
        #expect(try Schema(["type Query { a: Int }"]).queryType == "Query")
        let schema = try Schema(["schema { query: Q } type Q { a: Int } type Mutation { a: Int }"])
        #expect(schema.queryType == "Q")
        #expect(schema.mutationType == nil)
    }

    @Test func `a comparison tells what is missing, different or added without leave`() throws {
        let contract = try Schema([
            "type Query { a(x: Int = 1, y: ID): Int b: E } enum E { P Q } union U = Query"
        ])
        let schema = try Schema([
            "directive @extension on FIELD_DEFINITION",
            "type Query { a(x: Int = 2, z: Int): Int! more: E @extension extra: Int } enum E { P R }",
        ])
        let found = SchemaComparison.differences(
            of: schema, from: contract, types: ["Query", "E", "U"])
        #expect(
            found == [
                "Query.extra is not in the contract.", "Query.a is Int! and should be Int.",
                "Query.a(z:) is not in the contract.", "Query.a(x:) differs in its default.",
                "Query.a(y:) is missing.", "Query.b is missing.", "E.Q is missing.",
                "E.R is not in the contract.", "The type U is missing.",
            ])
    }

    @Test func `the large schema prints sorted and reads back the same`() throws {
        let schema = try TestData.largeSchema()
        let printed = schema.printed()
        #expect(try Schema([printed]).printed() == printed)
    }

    @Test(arguments: [
        ("type A { a: Int }", "Query root type must be provided."),
        ("type Query { a: Nope }", "Unknown type 'Nope'."),
        ("type Query { a: Int a: Int }", "Field 'Query.a' can only be defined once."),
        (
            "type Query { a: Int } type Query { b: Int }",
            "There can be only one type named 'Query'."
        ),
        ("type Query", "Type Query must define one or more fields."),
        (
            "type Query implements I { a: Int } interface I { b: Int }",
            "Interface field I.b expected but Query does not provide it."
        ),
        (
            "type Query implements I { a: Int } interface I { a: Int! }",
            "Interface field I.a expects type Int! but Query.a is type Int."
        ),
        (
            "type Query implements I { a(b: Int!): Int } interface I { a: Int }",
            "Argument 'Query.a(b:)' must not be required type 'Int!' if not provided by the"
                + " Interface field 'I.a'."
        ),
        (
            "type Query implements J { a: Int } interface I { a: Int } "
                + "interface J implements I { a: Int }",
            "Type Query must implement I because it is implemented by J."
        ),
        (
            "type Query { a(b: Query): Int }",
            "The type of Query.a(b:) must be Input Type but got: Query."
        ),
        (
            "type Query { a: P } input P { a: Int }",
            "The type of Query.a must be Output Type but got: P."
        ),
        ("type Query { a: U } union U", "Union type U must define one or more member types."),
        (
            "type Query { a: U } union U = Query | Query",
            "Union type U can only include type Query once."
        ),
        (
            "type Query { a(b: P): Int } input P { p: P! }",
            "Input Object P cannot be provided a finite value because it references itself through"
                + " fields: P.p."
        ),
        (
            "type Query { a(b: P): Int } input P @oneOf { p: Int! }",
            "OneOf input field P.p must be nullable."
        ),
        (
            "type Query { a(b: Int = \"x\"): Int }",
            "Query.a(b:) has invalid default value: Int cannot represent non-integer value: \"x\""
        ),
        ("type Query { a: Int @nope }", "Unknown directive '@nope'."),
        (
            "type Query { __a: Int }",
            "Name '__a' must not begin with '__', which is reserved by"
                + " GraphQL introspection."
        ),
        (
            "extend type Nope { a: Int } type Query { a: Int }",
            "Cannot extend type 'Nope' because it is not defined."
        ),
        (
            "extend enum Query { A } type Query { a: Int }",
            "Cannot extend non-enumeration type 'Query'."
        ),
    ])
    func `a faulty schema is refused`(_ text: String, _ message: String) {
        let error = #expect(throws: SchemaError.self) { try Schema([text]) }
        #expect(error?.messages == [message])
    }
}
