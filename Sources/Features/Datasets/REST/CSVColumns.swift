import JSON
import PhoenixModel
import Tabular

/// The columns of the examples of a dataset: one for each leaf of their documents, in the order of
/// their appearance.
struct CSVColumns: Sendable {
    private var names: [String] = []
    private var places: [String: Int] = [:]

    /// Adds the columns that an example has.
    mutating func add(_ example: DatasetExample, hasSplits: Bool) {
        for (name, _) in Self.cells(example, splits: hasSplits ? [] : nil)
        where places[name] == nil {
            places[name] = names.count
            names.append(name)
        }
    }

    func header() -> [UInt8] { Self.line(names) }

    /// The row of an example whose columns were added.
    func row(_ example: DatasetExample, splits: [String]?) -> [UInt8] {
        var cells = [String](repeating: "", count: names.count)
        for (name, text) in Self.cells(example, splits: splits) {
            if let place = places[name] { cells[place] = text }
        }
        return Self.line(cells)
    }

    private static func line(_ cells: [String]) -> [UInt8] {
        var writer = CSVWriter()
        for cell in cells { writer.cell(cell) }
        writer.endRow()
        return writer.bytes
    }

    private static func cells(
        _ example: DatasetExample, splits: [String]?
    ) -> [(name: String, text: String)] {
        let nodeID = example.id.nodeID.description
        var cells = [("id", example.downloadID), ("node_id", nodeID)]
        let documents = [
            ("input", example.revision.input), ("output", example.revision.output),
            ("metadata", example.revision.metadata),
        ]
        for (name, json) in documents {
            // Documents were JSON objects when they were stored.
            guard let object = (try? JSON.parse(json))?.objectValue else { continue }
            append(object, under: name, to: &cells)
        }
        if let splits { cells.append(("splits", text(.array(splits.map(JSONValue.string))))) }
        return cells
    }

    private static func append(
        _ object: JSONObject, under name: String, to cells: inout [(String, String)]
    ) {
        for (key, value) in object {
            if case .object(let inner) = value {
                append(inner, under: "\(name).\(key)", to: &cells)
            } else {
                cells.append(("\(name).\(key)", text(value)))
            }
        }
    }

    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: return ""
        case .bool(let flag): return flag ? "True" : "False"
        case .string(let text): return text
        default:
            var bytes: [UInt8] = []
            value.appendSpaced(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }
}

extension DatasetExample {
    /// What downloads call the example: as the client does, else by its global id.
    var downloadID: String {
        if let externalID, !externalID.isEmpty { externalID } else { id.nodeID.description }
    }
}
