import JSON
import PhoenixModel

/// Which columns of a file become what.
struct UploadKeys {
    var input: [String] = []
    var output: [String] = []
    var metadata: [String] = []
    /// Columns with one split each.
    var splits: [String] = []
    /// A column with one split, or with several as a JSON list.
    var split: String?
    /// Columns whose objects give their members away.
    var flatten: Set<String> = []
    var spanID: String?
    var exampleID: String?

    var hasSplits: Bool { split != nil || !splits.isEmpty }

    /// Keeps the keys of each bucket once, in the order of a header.
    mutating func sort(by header: [String]) {
        var places: [String: Int] = [:]
        for (index, name) in header.enumerated() { places[name] = index }
        func sorted(_ keys: [String]) -> [String] {
            Set(keys).sorted { places[$0, default: .max] < places[$1, default: .max] }
        }
        (input, output, metadata) = (sorted(input), sorted(output), sorted(metadata))
    }

    /// - Throws: ``DatasetError`` when a key is none of the columns.
    func require(in header: [String]) throws(DatasetError) {
        let names = Set(header)
        let buckets = [
            ("input", input), ("output", output), ("metadata", metadata), ("split", splits),
        ]
        for (bucket, keys) in buckets {
            let missing = Set(keys).subtracting(names)
            guard missing.isEmpty else {
                throw DatasetError(
                    .invalid,
                    "\(bucket) keys not found in column headers: frozenset({\(quoted(missing))})")
            }
        }
        let single = [
            ("split_key", split), ("span_id_key", spanID), ("example_id_key", exampleID),
        ]
        for (field, key) in single {
            guard let key, !names.contains(key) else { continue }
            throw DatasetError(.invalid, "\(field) '\(key)' not found in column headers")
        }
    }
}

private func quoted(_ names: some Sequence<String>) -> String {
    names.sorted().map { "'\($0)'" }.joined(separator: ", ")
}

/// Makes examples of the rows of a file.
struct UploadRows {
    /// What cells are in a kind of file.
    enum Cells {
        /// Texts; an empty one is absent, and keys with dots make nested objects.
        case text
        /// JSON values, some of which may be absent.
        case values
    }

    let keys: UploadKeys
    let cells: Cells

    /// - Parameters:
    ///   - line: Where the row is, for what is wrong with it.
    ///   - value: The cell of a column, nil when it is absent.
    /// - Throws: ``DatasetError`` when a cell cannot be flattened.
    func example(
        line: Int, _ value: (String) -> JSONValue?
    ) throws(DatasetError) -> DatasetUpload.Example {
        let content = ExampleContent(
            input: try bucket("input", keys.input, line, value),
            output: try bucket("output", keys.output, line, value),
            metadata: try bucket("metadata", keys.metadata, line, value))
        return DatasetUpload.Example(
            content: content,
            id: keys.exampleID.flatMap(value).flatMap(Self.text),
            span: keys.spanID.flatMap(value).flatMap(Self.text).flatMap(DatasetUpload.spanID),
            splits: splits(value))
    }

    // MARK: Buckets

    /// How deep a document may be nested: what is deeper could not be read again, nor could the
    /// answers that have it some levels down.
    private static let depthMax = JSON.ParsingOptions().maximumDepth - 12

    private func bucket(
        _ name: String, _ keys: [String], _ line: Int, _ value: (String) -> JSONValue?
    ) throws(DatasetError) -> JSONObject {
        let plain = keys.filter { !self.keys.flatten.contains($0) }
        var object = JSONObject()
        for key in plain {
            guard let cell = value(key), !isEmpty(cell) else { continue }
            if cells == .text, key.hasPrefix(name + "."), key.utf8.count > name.utf8.count {
                let path = key.dropFirst(name.count + 1).split(
                    separator: ".", omittingEmptySubsequences: false)
                let value = Self.container(cell)
                guard path.count + value.depth <= Self.depthMax else {
                    throw DatasetError(
                        .invalid,
                        "A column among the \(name) keys makes a document that is nested deeper "
                            + "than \(Self.depthMax) levels (line \(line)).")
                }
                Self.set(value, at: path[...], in: &object)
            } else {
                object[key] = cell
            }
        }
        guard plain.count < keys.count else { return object }
        var emitted: Set<String> = []
        for key in keys where self.keys.flatten.contains(key) {
            guard let cell = value(key) else { continue }
            guard let members = Self.object(cell, isText: cells == .text) else {
                throw DatasetError(
                    .invalid, "Cannot flatten '\(key)': expected object values (line \(line))")
            }
            let again = emitted.intersection(members.keys)
            guard again.isEmpty else {
                throw DatasetError(
                    .invalid,
                    "Cannot flatten '\(key)': keys {\(quoted(again))} already emitted (line \(line))"
                )
            }
            emitted.formUnion(members.keys)
            for (member, value) in members { object[member] = value }
        }
        let conflicts = emitted.intersection(plain)
        guard conflicts.isEmpty else {
            throw DatasetError(
                .invalid,
                "Keys {\(quoted(conflicts))} conflict with flattened children (line \(line))")
        }
        return object
    }

    private func isEmpty(_ cell: JSONValue) -> Bool { cells == .text && cell == .string("") }

    /// The object that a cell is, or that its text is in JSON.
    private static func object(_ cell: JSONValue, isText: Bool) -> JSONObject? {
        guard isText, case .string(let text) = cell else { return cell.objectValue }
        return (try? JSON.parse(text))?.objectValue  // Whatever is no object is refused alike.
    }

    /// A cell with an object or a list in JSON as that, any other as it is.
    private static func container(_ cell: JSONValue) -> JSONValue {
        guard case .string(let text) = cell,
            let first = text.utf8.first(where: { !blanks.contains($0) }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["),
            let value = try? JSON.parse(text)  // What is no JSON stays text.
        else { return cell }
        return value
    }

    private static let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]

    /// Sets a nested member. Where a shorter path has a value of its own already, that stays.
    private static func set(
        _ value: JSONValue, at path: ArraySlice<Substring>, in object: inout JSONObject
    ) {
        guard let first = path.first else { return }
        let name = String(first)
        guard path.count > 1 else {
            object[name] = value
            return
        }
        switch object[name] {
        case nil:
            var inner = JSONObject()
            set(value, at: path.dropFirst(), in: &inner)
            object[name] = .object(inner)
        case .object(var inner):
            object[name] = .null  // So that the members are not copied.
            set(value, at: path.dropFirst(), in: &inner)
            object[name] = .object(inner)
        default: break
        }
    }

    // MARK: Splits and ids

    private func splits(_ value: (String) -> JSONValue?) -> [String] {
        if let key = keys.split {
            guard let cell = value(key) else { return [] }
            var elements = [cell]
            if case .array(let list) = Self.list(cell) { elements = list }
            return elements.compactMap(Self.split)
        }
        return keys.splits.compactMap { value($0).flatMap(Self.split) }
    }

    /// A text with a JSON list as that list.
    private static func list(_ cell: JSONValue) -> JSONValue {
        let value = container(cell)
        return value.arrayValue == nil ? cell : value
    }

    private static func split(_ value: JSONValue) -> String? {
        text(value).flatMap(DatasetUpload.splitName)
    }

    /// A scalar as text, as Python shows it; nil when it is empty or null.
    private static func text(_ value: JSONValue) -> String? {
        switch value {
        case .null: nil
        case .bool(let flag): flag ? "True" : "False"
        case .string(let text): text.isEmpty ? nil : text
        default: value.text
        }
    }
}

extension JSONValue {
    /// How deep lists and objects are nested in it; 0 when it is neither.
    fileprivate var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.lazy.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.lazy.map(\.value.depth).max() ?? 0)
        default: 0
        }
    }
}

extension DatasetUpload {
    /// The name of a split without white space around it; nil when nothing is left.
    static func splitName(_ text: String) -> String? {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return scalars.isEmpty ? nil : String(scalars)
    }

    /// The id of a span; nil for what no span can be called.
    static func spanID(_ text: String) -> OTelID? {
        OTelID(shownAs: text)
    }
}
