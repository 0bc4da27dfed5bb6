import JSON
import PhoenixModel

extension DatasetUpload {
    /// Reads the JSON body of an upload.
    ///
    /// - Throws: ``DatasetError`` in the words of the contract.
    init(json bytes: [UInt8]) throws(DatasetError) {
        let body: JSONObject
        do throws(JSONError) {
            guard let object = try JSON.parse(bytes).objectValue else {
                throw JSONError(message: "It is no object.", offset: 0)
            }
            body = object
        } catch {
            throw DatasetError(.invalid, error.description)
        }
        let name = try Self.text("name", of: body) ?? ""
        guard !name.isEmpty else { throw DatasetError(.invalid, "Dataset name is required") }
        let action = try Self.action(body["action"])
        guard let given = body["inputs"], !given.isNull else {
            throw DatasetError(.invalid, "input is required")
        }
        let inputFault = "Input should be a list containing only dictionary objects"
        guard let inputs = Self.objects(given) else { throw DatasetError(.invalid, inputFault) }
        let count = inputs.count
        let outputs = try Self.objects("outputs", of: body, count: count)
        let metadata = try Self.objects("metadata", of: body, count: count)
        let splits = try Self.list("splits", of: body, count: count)
        let spanIDs = try Self.list("span_ids", of: body, count: count)
        let exampleIDs = try Self.list("example_ids", of: body, count: count)
        var examples: [Example] = []
        examples.reserveCapacity(count)
        var ids: Set<String> = []
        for (index, input) in inputs.enumerated() {
            var example = Example(
                content: ExampleContent(
                    input: input, output: outputs?[index] ?? [:],
                    metadata: metadata?[index] ?? [:]))
            if let value = splits?[index] { example.splits = try Self.splits(value) }
            if let value = spanIDs?[index] { example.span = try Self.span(value) }
            if let value = exampleIDs?[index] { example.id = try Self.id(value, &ids) }
            examples.append(example)
        }
        self.init(
            name: name, action: action, description: try Self.text("description", of: body) ?? "",
            examples: examples, hasSplits: splits != nil)
    }

    private static func text(
        _ name: String, of body: JSONObject
    ) throws(DatasetError) -> String? {
        switch body[name] {
        case nil, .null?: return nil
        case .string(let text)?: return text
        default: throw DatasetError(.invalid, "Dataset \(name) must be a string")
        }
    }

    private static func action(_ value: JSONValue?) throws(DatasetError) -> Action {
        switch value {
        case nil, .null?: return .create
        case .string(let text)?:
            if let action = Action(rawValue: text) { return action }
            throw DatasetError(.invalid, "Invalid dateset action: \(text)")
        case let value?: throw DatasetError(.invalid, "Invalid dateset action: \(value.text)")
        }
    }

    /// The elements of a list of objects; nil for anything else.
    private static func objects(_ value: JSONValue) -> [JSONObject]? {
        guard let elements = value.arrayValue else { return nil }
        let objects = elements.compactMap(\.objectValue)
        return objects.count == elements.count ? objects : nil
    }

    /// A list with an object for each example. Whatever is empty counts as absent.
    private static func objects(
        _ name: String, of body: JSONObject, count: Int
    ) throws(DatasetError) -> [JSONObject]? {
        switch body[name] {
        case nil, .null?, .array([])?, .bool(false)?, .string("")?, .integer(0)?: return nil
        case .object(let members)? where members.isEmpty: return nil
        case let value?:
            guard let objects = objects(value), objects.count == count else {
                throw DatasetError(
                    .invalid,
                    "\(name) should be a list of same length as input containing only dictionary "
                        + "objects")
            }
            return objects
        }
    }

    private static func list(
        _ name: String, of body: JSONObject, count: Int
    ) throws(DatasetError) -> [JSONValue]? {
        guard let value = body[name], !value.isNull else { return nil }
        guard let elements = value.arrayValue else {
            throw DatasetError(.invalid, "\(name) must be a list")
        }
        guard elements.count == count else {
            throw DatasetError(
                .invalid, "\(name) must have same length as inputs (\(elements.count) != \(count))")
        }
        return elements
    }

    private static func splits(_ value: JSONValue) throws(DatasetError) -> [String] {
        switch value {
        case .null: return []
        case .string(let text): return splitName(text).map { [$0] } ?? []
        case .array(let elements):
            var names: [String] = []
            for element in elements {
                switch element {
                case .null: break
                case .string(let text): names += splitName(text).map { [$0] } ?? []
                default:
                    throw DatasetError(
                        .invalid,
                        "Split value must be a string or None, got \(element.pythonTypeName)")
                }
            }
            return names
        default:
            throw DatasetError(
                .invalid,
                "Split value must be a string, list of strings, or None, got "
                    + value.pythonTypeName)
        }
    }

    private static func span(_ value: JSONValue) throws(DatasetError) -> OTelID? {
        switch value {
        case .null: return nil
        case .string(let text): return spanID(text)
        default:
            throw DatasetError(
                .invalid, "Span ID must be a string or None, got \(value.pythonTypeName)")
        }
    }

    private static func id(
        _ value: JSONValue, _ seen: inout Set<String>
    ) throws(DatasetError) -> String? {
        switch value {
        case .null: return nil
        case .string(let text):
            guard seen.insert(text).inserted else {
                throw DatasetError(.invalid, "Duplicate example_id in request: '\(text)'")
            }
            return text
        default:
            throw DatasetError(.invalid, "example_ids must contain only strings or None")
        }
    }
}

extension JSONValue {
    /// What the contract's sentences call the type.
    fileprivate var pythonTypeName: String {
        switch self {
        case .null: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .double: "float"
        case .number(let literal): literal.contains { ".eE".contains($0) } ? "float" : "int"
        case .string: "str"
        case .array: "list"
        case .object: "dict"
        }
    }
}
