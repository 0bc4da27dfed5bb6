import GraphQLCore
import JSON

#if canImport(Glibc)
    import Glibc
#endif

/// The fixtures of this target, read from beside the source.
enum TestData {
    struct Missing: Error {
        var name: String
    }

    static func bytes(_ name: String, from file: String = #filePath) throws -> [UInt8] {
        let folder = file.split(separator: "/").dropLast().joined(separator: "/")
        guard let handle = fopen("/\(folder)/Corpus/\(name)", "rb") else {
            throw Missing(name: name)
        }
        defer { fclose(handle) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, handle)
            if count == 0 { return bytes }
            bytes += buffer[..<count]
        }
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    static func corpus() throws -> JSONValue { try JSON.parse(try bytes("corpus.json")) }

    static func testSchema() throws -> Schema { try Schema([try text("test-schema.graphql")]) }

    static func largeSchema() throws -> Schema { try Schema([try text("large-schema.graphql")]) }

    /// The errors as the corpus has them: pairs of a message and a list of places.
    static func form(_ errors: [GraphQLError]) -> [JSONValue] {
        errors.map { error in
            let places = error.locations.map {
                JSONValue.array([.integer(Int64($0.line)), .integer(Int64($0.column))])
            }
            return .array([.string(error.message), .array(places)])
        }
    }

    /// Whether two values are equal when `1` is `1.0`.
    static func isSame(_ first: JSONValue, _ second: JSONValue) -> Bool {
        switch (first, second) {
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
        case (.object(let a), .object(let b)):
            return a.count == b.count
                && a.allSatisfy { member in
                    b[member.key].map { isSame(member.value, $0) } ?? false
                }
        default:
            if let a = first.doubleValue, let b = second.doubleValue { return a == b }
            return first == second
        }
    }
}

/// The data that `make_corpus.py` executes on, as JSON objects with a `$type`.
enum TestWorld {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    final class Counter: Sendable {
        let value = Locked(0)
    }

    static func error(_ message: String) -> JSONValue {
        .object(["$error": .string(message)])
    }

    static func human(_ depth: Int) -> JSONValue {
        let best = depth == 0 ? error("No best friend") : human(depth - 1)
        return .object([
            "$type": "Human", "id": .string("h\(depth)"), "name": .string("Human \(depth)"),
            "pets": depth > 0 ? [dog(depth), nil, cat(depth)] : [],
            "matrix": [[1, 2], nil, [3]], "strictMatrix": [[1], [], [2, 3]],
            "tags": depth == 1 ? ["a", "b\n\u{e9}", nil] : ["x"],
            "data": ["a": [1, 2.5, ["b": nil]], "c": "\u{1f600}"],
            "best": best, "strictBest": best,
        ])
    }

    static func dog(_ depth: Int) -> JSONValue {
        .object([
            "$type": "Dog", "id": .string("d\(depth)"), "name": .string("Dog \(depth)"),
            "age": .integer(Int64(3 + depth)), "legs": 4, "color": "RED",
            "owner": depth > 0 ? human(depth - 1) : nil,
            "friends": depth > 0 ? [cat(depth - 1), dog(depth - 1)] : [],
            "barks": true, "weight": 12.5, "nickname": nil, "status": "fine",
        ])
    }

    static func cat(_ depth: Int) -> JSONValue {
        .object([
            "$type": "Cat", "id": .string("c\(depth)"), "name": nil, "age": nil,
            "legs": depth != 1 ? 4 : nil, "color": "BLUE", "meows": false,
            "owner": depth > 0 ? human(depth - 1) : error("A stray"),
            "lives": depth != 2 ? [1, 2, 3] : [1, nil], "weight": 3, "status": nil,
        ])
    }

    static func root() -> JSONValue {
        .object([
            "node": dog(2), "named": human(1), "pets": [dog(2), cat(2)],
            "things": [
                dog(1), cat(1), human(2),
                ["$type": "Stone", "name": "S", "hardness": 7, "origin": "hill"], nil,
                error("Lost"),
            ],
            "dog": dog(3), "cat": cat(2), "human": human(2), "strictHuman": human(1),
            "color": "GREEN", "living": [dog(0), cat(1)],
            "fails": error("It failed"), "failsStrict": error("It failed hard"),
            "wrongInt": "many", "wrongEnum": "PINK", "wrongList": 5, "nullStrict": nil,
        ])
    }

    static func resolve(_ value: JSONValue?, isLeaf: Bool) throws -> ResolvedValue {
        guard let value, !value.isNull else { return .null }
        if let message = value["$error"]?.stringValue { throw Failure(description: message) }
        if isLeaf { return .scalar(value) }
        if case .array(let values) = value {
            return .list(
                try values.map { element in
                    element["$error"] == nil
                        ? try resolve(element, isLeaf: false)
                        : .failure(
                            Failure(description: element["$error"]?.stringValue ?? ""))
                })
        }
        return .object(value)
    }

    /// Resolvers of all fields of the test schema, which read the parent.
    static func resolvers(for schema: Schema) -> ResolverTable {
        var table = ResolverTable()
        for name in schema.typeNames where !name.hasPrefix("__") {
            guard let type = schema.types[name] else { continue }
            if type.isAbstract {
                table.abstract(name) { ($0 as? JSONValue)?["$type"]?.stringValue }
            }
            guard type.kind == .object, name != "Mutation", name != "Subscription" else { continue }
            table.object(name, of: JSONValue.self) { fields in
                for field in type.fields {
                    let isLeaf = schema.types[field.type.name]?.isLeaf == true
                    let key = field.name
                    let isEcho = key == "echo" || key == "needs"
                    fields.computed(key) { parent, arguments, _ in
                        if isEcho { return .scalar(.object(arguments.values)) }
                        let value = try resolve(parent[key], isLeaf: isLeaf)
                        if key == "name", arguments.bool("upper") == true,
                            case .scalar(.string(let text)) = value
                        {
                            return .string(text.uppercased())
                        }
                        return value
                    }
                }
            }
        }
        table.object("Mutation", of: JSONValue.self) { fields in
            fields.field("add") { _, arguments, context in
                let counter = context.application(as: Counter.self)
                return .integer(
                    counter.value.update { value in
                        value += arguments.integer("by") ?? 0
                        return value
                    })
            }
            fields.field("read") { _, _, context in
                .integer(context.application(as: Counter.self).value.update { $0 })
            }
            fields.field("fail") { _, _, _ in throw Failure(description: "The mutation failed") }
            fields.field("failStrict") { _, _, _ in
                throw Failure(description: "The mutation failed")
            }
        }
        table.subscription("Subscription", "ticks") { arguments, _ in
            let last = arguments.integer("to") ?? 0
            return AsyncThrowingStream { continuation in
                for tick in 1...max(1, last) { continuation.yield(.integer(tick)) }
                if last > 5 { continuation.finish(throwing: Failure(description: "Too far")) }
                continuation.finish()
            }
        }
        table.subscription("Subscription", "named") { _, _ in
            throw Failure(description: "Nobody")
        }
        return table
    }

    static func engine(
        _ change: (inout GraphQLEngine.Options) -> Void = { _ in }
    ) throws -> GraphQLEngine {
        let schema = try TestData.testSchema()
        var options = GraphQLEngine.Options()
        options.maskedMessage = nil
        options.limits = Validator.Limits(maximumFields: 20_000)
        change(&options)
        return try GraphQLEngine(
            schema: schema, resolvers: resolvers(for: schema), options: options)
    }
}
