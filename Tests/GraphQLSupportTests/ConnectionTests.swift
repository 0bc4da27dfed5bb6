import BinaryText
import GraphQLCore
import GraphQLSupport
import JSON
import Testing

@Suite struct ConnectionTests {
    private static func cursor(_ text: String) -> String { Base64.encode(Array(text.utf8)) }

    /// Arguments, the numbers of the elements, and whether there are others behind and before; all
    /// as the contract's server answered for a list of nine.
    static let pages: [(String, ClosedRange<Int>?, Bool, Bool)] = [
        ("", 1...9, false, false),
        ("first:0", nil, true, false),
        ("first:1", 1...1, true, false),
        ("last:1", 9...9, false, true),
        ("last:0", nil, false, true),
        ("first:1,last:1", 1...1, true, false),
        ("first:1,after:\"\(cursor("connection:0"))\"", 2...2, true, false),
        ("first:1,after:\"\(cursor("connection:-5"))\"", 1...1, true, false),
        ("first:1,after:\"\(cursor("connection:999"))\"", 1...1, true, false),
        ("before:\"\(cursor("connection:2"))\"", 1...2, false, false),
        ("last:1,before:\"\(cursor("connection:2"))\"", 2...2, false, true),
        ("first:1,before:\"\(cursor("connection:3"))\"", 1...1, true, false),
        (
            "after:\"\(cursor("connection:0"))\",before:\"\(cursor("connection:2"))\"", 2...2,
            false, false
        ),
        (
            "after:\"\(cursor("connection:2"))\",before:\"\(cursor("connection:0"))\"", nil,
            false, false
        ),
        ("first:1000000", 1...9, false, false),
        ("last:1,after:\"\(cursor("connection:0"))\"", 9...9, false, true),
        ("first:null", 1...9, false, false),
        ("after:\"\(cursor("foo:1"))\"", 3...9, false, false),
        ("first:1,after:\"\(cursor("connection:\(Int.max)"))\"", 1...1, true, false),
        ("first:1,before:\"\(cursor("connection:\(Int.max)"))\"", 1...1, true, false),
    ]

    @Test(arguments: pages)
    func `a page by position is as the contract has it`(
        _ arguments: String, _ numbers: ClosedRange<Int>?, _ hasNext: Bool, _ hasPrevious: Bool
    ) async throws {
        let list = arguments.isEmpty ? "" : "(\(arguments))"
        let text = try await GraphQLFixture().query(
            "{offset\(list){edges{cursor node{id}} pageInfo{hasNextPage hasPreviousPage startCursor}}}"
        )
        let answer = try JSON.parse(text)["data"]?["offset"]
        let edges = answer?["edges"]?.arrayValue ?? []
        let expected = numbers.map { Array($0) } ?? []
        #expect(
            edges.map { $0["node"]?["id"]?.stringValue }
                == expected.map { Self.cursor("Thing:\($0)") })
        #expect(
            edges.map { $0["cursor"]?.stringValue }
                == expected.map { Self.cursor("connection:\($0 - 1)") })
        let info = answer?["pageInfo"]
        #expect(info?["hasNextPage"] == .bool(hasNext))
        #expect(info?["hasPreviousPage"] == .bool(hasPrevious))
        #expect(info?["startCursor"]?.stringValue == edges.first?["cursor"]?.stringValue)
    }

    @Test(arguments: ["first:-1", "last:-1", "after:\"x\"", "before:\"\"", "after:\"MQ==\""])
    func `a page by position refuses what is none`(_ arguments: String) async throws {
        let text = try await GraphQLFixture().query("{offset(\(arguments)){edges{cursor}}}")
        #expect(text.hasPrefix(#"{"data":null,"errors":"#))
    }

    @Test(arguments: [
        ("first:0", "`first` must be a positive integer"),
        ("first:-1", "`first` must be a positive integer"),
        ("first:1001", "`first` must be less than or equal to 1000"),
        ("first:2,last:1", "Backward pagination with `last` is not supported"),
        ("first:2,before:\"\"", "Backward pagination with `before` is not supported"),
    ])
    func `a page by key refuses what the contract refuses`(
        _ arguments: String, _ message: String
    ) async throws {
        let text = try await GraphQLFixture().query("{keyset(\(arguments)){edges{cursor}}}")
        #expect(try JSON.parse(text)["errors"]?[0]?["message"]?.stringValue == message)
    }

    @Test func `a page by key tells whether others follow`() async throws {
        let fixture = try GraphQLFixture()
        let query = "{keyset(first:%,after:\"\"){edges{cursor} pageInfo{hasNextPage endCursor}}}"
        #expect(
            try await fixture.query(query.replacing("%", with: "2"))
                == #"{"data":{"keyset":{"edges":[{"cursor":"1"},{"cursor":"2"}],"pageInfo":{"hasNextPage":true,"endCursor":"2"}}}}"#
        )
        #expect(
            try await fixture.query(query.replacing("%", with: "9")).contains(
                #""hasNextPage":false"#))
    }
}
