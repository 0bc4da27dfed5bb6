import JSON
import Testing

@testable import GraphQLCore

/// Compares with what graphql-core answered, see `Corpus/make_corpus.py`.
@Suite struct CorpusTests {
    private let corpus: JSONValue

    init() throws {
        corpus = try TestData.corpus()
    }

    private func cases(_ name: String) -> [[JSONValue]] {
        (corpus[name]?.arrayValue ?? []).compactMap(\.arrayValue)
    }

    /// Reports at most ten differences, so that a regression stays readable.
    private func expectNone(_ differences: [String], of count: Int) {
        #expect(count > 100)
        #expect(differences.isEmpty, "\(differences.count) of \(count) differ")
        for difference in differences.prefix(10) { Issue.record("\(difference)") }
    }

    @Test func `documents parse or fail as recorded`() {
        var differences: [String] = []
        let cases = cases("syntax")
        for entry in cases {
            guard let text = entry[0].stringValue else { continue }
            var result: JSONValue = .null
            do {
                _ = try Parser.parse(text)
            } catch {
                result = .array([
                    .string(error.message), .integer(Int64(error.locations[0].line)),
                    .integer(Int64(error.locations[0].column)),
                ])
            }
            if result != entry[1] {
                differences.append("\(text)\n  ours: \(result.text)\n  recorded: \(entry[1].text)")
            }
        }
        expectNone(differences, of: cases.count)
    }

    @Test func `documents print as recorded, and what is printed prints the same`() throws {
        var differences: [String] = []
        let cases = cases("printed")
        for entry in cases {
            guard let text = entry[0].stringValue, let expected = entry[1].stringValue else {
                continue
            }
            let printed = Printer.render(try Parser.parse(text))
            if printed != expected { differences.append("\(printed)\n---\n\(expected)") }
            #expect(Printer.render(try Parser.parse(printed)) == printed)
        }
        expectNone(differences, of: cases.count)
    }

    @Test func `a field with a very long name and no arguments is printed as it was`() throws {
        let text = "{\n  \(String(repeating: "a", count: 90))\n}"
        #expect(Printer.render(try Parser.parse(text)) == text)
    }

    private func errors(of text: String, in schema: Schema) -> [GraphQLError] {
        do {
            return Validator.validate(try Parser.parse(text), against: schema)
        } catch {
            return [error]
        }
    }

    @Test func `documents are valid or not as recorded`() throws {
        let schemas = [try TestData.testSchema(), try TestData.largeSchema()]
        var differences: [String] = []
        let cases = cases("validation")
        for entry in cases {
            guard let index = entry[0].integerValue, let text = entry[1].stringValue,
                let expected = entry[2].arrayValue
            else { continue }
            let found = TestData.form(errors(of: text, in: schemas[Int(index)]))
            let ours = Set(found.map(\.text))
            let theirs = Set(expected.map(\.text))
            if ours != theirs || found.count != expected.count {
                differences.append(
                    "\(text)\n  only ours: \(ours.subtracting(theirs).sorted())"
                        + "\n  only recorded: \(theirs.subtracting(ours).sorted())")
            }
        }
        expectNone(differences, of: cases.count)
    }

    /// Whether the data are equal and the same places became null by errors. Which of several errors
    /// is reported for such a place depends on the order of work, and ours goes level by level.
    private func isSameButForBlame(_ ours: JSONValue, _ expected: JSONValue) -> Bool {
        guard let data = ours["data"], let other = expected["data"],
            TestData.isSame(data, other)
        else { return false }
        let places = nullPlaces(ours, data)
        return !places.isEmpty && places == nullPlaces(expected, data)
    }

    /// Where the errors with a path have made something null, once within what is null already.
    private func nullPlaces(_ response: JSONValue, _ data: JSONValue) -> Set<[JSONValue]> {
        var places: Set<[JSONValue]> = []
        for error in response["errors"]?.arrayValue ?? [] {
            guard let path = error["path"]?.arrayValue else { return [] }
            var value = data
            var place: [JSONValue] = []
            for element in path where !value.isNull {
                place.append(element)
                value =
                    element.stringValue.map { value[$0] ?? .null }
                    ?? value[Int(element.integerValue ?? 0)] ?? .null
            }
            places.insert(place)
        }
        return places
    }

    @Test func `operations answer as recorded`() async throws {
        let engine = try TestWorld.engine()
        var differences: [String] = []
        var blamedOtherwise = 0
        let cases = cases("execution")
        for entry in cases {
            guard let text = entry[0].stringValue, let variables = entry[1].objectValue else {
                continue
            }
            let request = GraphQLRequest(
                query: text, operationName: entry[2].stringValue, variables: variables)
            let response = try await engine.execute(
                request, context: TestWorld.Counter(), root: TestWorld.root())
            let ours = try JSON.parse(response.body)
            var expected = entry[3]
            if expected["data"] == nil { expected["data"] = .null }
            if TestData.isSame(ours, expected) { continue }
            if isSameButForBlame(ours, expected) {
                blamedOtherwise += 1
            } else {
                differences.append(
                    "\(text)\n  \(entry[1].text)\n  ours: \(ours.text)\n"
                        + "  recorded: \(expected.text)")
            }
        }
        expectNone(differences, of: cases.count)
        #expect(blamedOtherwise < cases.count / 20)
    }

    @Test func `introspection answers as recorded but for descriptions of what is built in`()
        async throws
    {
        let engine = try TestWorld.engine()
        let query = corpus["introspectionQuery"]?.stringValue ?? ""
        let response = try await engine.execute(GraphQLRequest(query: query))
        #expect(response.errors.isEmpty)
        let ours = try JSON.parse(response.body)["data"]?["__schema"]
        let recorded = corpus["introspection"]?["__schema"]
        for part in ["types", "directives"] {
            let found = sorted(ours?[part])
            let expected = sorted(recorded?[part])
            #expect(found.map { $0["name"] } == expected.map { $0["name"] })
            for (first, second) in zip(found, expected) where first != second {
                Issue.record("\(first.text)\n---\n\(second.text)")
            }
        }
        for name in ["queryType", "mutationType", "subscriptionType", "description"] {
            #expect(ours?[name] == recorded?[name])
        }
    }

    /// By name, without the descriptions of built-in types and directives.
    private func sorted(_ parts: JSONValue?) -> [JSONValue] {
        let builtIn = Introspection.directiveNames.union(Schema.builtInScalars)
        let values = (parts?.arrayValue ?? []).map { part -> JSONValue in
            let name = part["name"]?.stringValue ?? ""
            return builtIn.contains(name) || name.hasPrefix("__") ? plain(part) : part
        }
        return values.sorted {
            ($0["name"]?.stringValue ?? "") < ($1["name"]?.stringValue ?? "")
        }
    }

    private func plain(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let values): return .array(values.map(plain))
        case .object(let object):
            return .object(
                JSONObject(
                    object.map { ($0.key, $0.key == "description" ? .null : plain($0.value)) }))
        default: return value
        }
    }

    @Test func `a schema prints as recorded, in order of definition and sorted`() throws {
        let schema = try TestData.testSchema()
        #expect(schema.printed(isSorted: true) == corpus["sortedSchema"]?.stringValue)
        let types = schema.printed(isSorted: false).split(separator: "\n\n").sorted()
        let recorded = corpus["printedSchema"]?.stringValue ?? ""
        #expect(types == recorded.split(separator: "\n\n").sorted())
        let again = try Schema([schema.printed(isSorted: true)])
        #expect(again.printed(isSorted: true) == schema.printed(isSorted: true))
    }
}
