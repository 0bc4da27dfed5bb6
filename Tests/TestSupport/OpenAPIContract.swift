import APISupport
import FoundationEssentials
import JSON

/// The operations of one feature as the contract's document of version 20.26.1 has them, without
/// titles and descriptions, beside those of our routes.
package struct OpenAPIContract: Sendable {
    package let theirs: JSONValue
    package let ours: JSONValue

    /// - Parameter fixture: The name of a file in `Tests/Fixtures`.
    package init(fixture: String, routes: [Route]) {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        guard let data = FileManager.default.contents(atPath: "/\(tests)/Fixtures/\(fixture)"),
            let json = try? JSON.parse(Array(data))  // The precondition tells enough.
        else { preconditionFailure("The fixture \(fixture) is missing or damaged.") }
        theirs = json
        ours = OpenAPIDocument(operations: routes.map(\.operation)).json
    }

    /// Every operation of the contract.
    package var operations: [(path: String, method: String)] {
        var operations: [(String, String)] = []
        for (path, methods) in theirs["paths"]?.objectValue ?? [:] {
            for (method, _) in methods.objectValue ?? [:] { operations.append((path, method)) }
        }
        return operations
    }

    /// The name of every shape of the contract.
    package var shapes: [String] {
        (theirs["components"]?["schemas"]?.objectValue ?? [:]).keys
    }

    /// How the title and the paths differ, but for the paths of extensions alone.
    package var outlineDifferences: [String] {
        let extensions = (ours["paths"]?.objectValue ?? [:]).filter { _, methods in
            (methods.objectValue ?? [:]).allSatisfy {
                $0.value[OpenAPIDocument.extensionMark]?.boolValue == true
            }
        }.map(\.key)
        let our = Set(ours["paths"]?.objectValue?.keys ?? []).subtracting(extensions)
        let their = Set(theirs["paths"]?.objectValue?.keys ?? [])
        return ["openapi", "info"].filter { ours[$0] != theirs[$0] }
            + our.symmetricDifference(their).sorted()
    }

    /// How an operation differs, but for its prose.
    ///
    /// - Parameter besides: Statuses that ours documents besides those of the contract.
    package func differences(
        path: String, method: String, besides: [String] = []
    ) -> [String] {
        guard let theirs = theirs["paths"]?[path]?[method],
            var ours = ours["paths"]?[path]?[method]
        else { return ["There is no such operation."] }
        for status in besides {
            if theirs["responses"]?[status] != nil || ours["responses"]?[status] == nil {
                return ["Only ours should document \(status)."]
            }
            ours["responses"]?[status] = nil
        }
        var parts = ["operationId", "tags"].map { ($0, ours[$0], theirs[$0]) }
        parts += ["requestBody", "responses"].map {
            ($0, normalized(ours[$0] ?? .null), normalized(theirs[$0] ?? .null))
        }
        parts[parts.count - 1].1 = Self.withoutSecondForm(
            parts[parts.count - 1].1, theirs["responses"])
        let ourParameters = ours["parameters"]?.arrayValue ?? []
        let theirParameters = theirs["parameters"]?.arrayValue ?? []
        parts.append(
            (
                "parameters", .array(ourParameters.map { normalized($0) }),
                .array(theirParameters.map { normalized($0) })
            ))
        return parts.filter { $0.1 != $0.2 }.map { Self.sentence($0.0, $0.1, $0.2) }
    }

    /// How a shape differs, but for its prose.
    package func differences(shape name: String) -> [String] {
        let theirs = theirs["components"]?["schemas"]?[name].map { normalized($0) }
        let ours = ours["components"]?["schemas"]?[name].map { normalized($0) }
        return theirs == ours ? [] : [Self.sentence(name, ours, theirs)]
    }

    /// Our answers without the form of a 422 that the contract leaves out.
    ///
    /// The contract names one of its two forms, a list of faults or a sentence, though either can be
    /// met. Ours are documented with both.
    private static func withoutSecondForm(_ ours: JSONValue?, _ theirs: JSONValue?) -> JSONValue? {
        guard var ours, let named = theirs?["422"]?["content"] else { return ours }
        for form in ["application/json", "text/plain"] where named[form] == nil {
            ours["422"]?["content"]?[form] = nil
        }
        return ours
    }

    private static func sentence(_ part: String, _ our: JSONValue?, _ their: JSONValue?) -> String {
        "\(part) is \(our?.text ?? "absent") and not \(their?.text ?? "absent")"
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
