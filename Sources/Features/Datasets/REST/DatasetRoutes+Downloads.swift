import APISupport
import HTTPMessages
import JSON
import PhoenixModel

extension DatasetRoutes {
    private enum Lines: String, CaseIterable {
        case plain = "jsonl"
        case fineTuning = "jsonl/openai_ft"
        case evals = "jsonl/openai_evals"

        var operationID: String {
            switch self {
            case .plain: "getDatasetJSONL"
            case .fineTuning: "getDatasetJSONLOpenAIFineTuning"
            case .evals: "getDatasetJSONLOpenAIEvals"
            }
        }

        var summary: String {
            switch self {
            case .plain: "Downloads the examples of a dataset, one a line, as JSON."
            case .fineTuning: "Downloads examples as OpenAI's fine-tuning wants them."
            case .evals: "Downloads examples as OpenAI's evals want them."
            }
        }
    }

    /// How many examples are read at a time.
    private static let pageSize = 500

    var downloadRoutes: [Route] {
        let lines = Lines.allCases.map { lines in
            Route(Self.downloading(lines)) { request in
                let download = try await download(request)
                return Self.file(
                    "\(download.dataset.name).jsonl", contentType: "text/plain; charset=utf-8"
                ) { body in
                    let names = try await names(of: download, for: lines)
                    try await eachPage(of: download) { examples in
                        var text: [UInt8] = []
                        for example in examples {
                            Self.line(lines, example, names[example.id] ?? [])
                                .appendSpaced(to: &text)
                            text.append(0x0A)
                        }
                        try await body.write(text)
                    }
                }
            }
        }
        return [Route(Self.downloadingCSV, handler: downloadCSV)] + lines
    }

    private static let downloadingCSV = operation(
        .get, "\(path)/{id}/csv", "getDatasetCsv",
        "Downloads the examples of a dataset as comma-separated values.", .readDatasets,
        .file(
            "The examples.",
            [("text/csv", Schema.string.adding(["contentMediaType": "text/csv"]))]),
        parameters: [id.declaration, versionID.declaration], refusals: [.unprocessable])

    private static func downloading(_ lines: Lines) -> Operation {
        operation(
            .get, "\(path)/{id}/\(lines.rawValue)", lines.operationID, lines.summary,
            .readDatasets, .file("The examples.", [("text/plain", .string)]),
            parameters: [id.declaration, versionID.declaration], refusals: [.unprocessable])
    }

    // MARK: What is downloaded

    private struct Download {
        var dataset: Dataset
        /// Nil when there is nothing to download.
        var version: DatasetVersion.ID?
    }

    private func download(_ request: APIRequest) async throws -> Download {
        let text = request[Self.id]
        guard let id = Dataset.ID(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid dataset ID format: \(text)")
        }
        var versionID: DatasetVersion.ID?
        if let text = request[Self.versionID] {
            guard let id = DatasetVersion.ID(nodeID: text) else {
                throw HTTPError(.unprocessableContent, "Invalid dataset version ID format: \(text)")
            }
            versionID = id
        }
        guard let dataset = try await store.dataset(id) else {
            throw DatasetError(.invalid, "Dataset does not exist.")
        }
        let version =
            if let versionID { try await store.version(versionID, of: id) } else {
                try await store.latestVersion(of: id)
            }
        return Download(dataset: dataset, version: version?.id)
    }

    private func eachPage(
        of download: Download, _ body: ([DatasetExample]) async throws -> Void
    ) async throws {
        guard let version = download.version else { return }
        var last: DatasetExample.ID?
        repeat {
            let page = try await store.examples(
                of: download.dataset.id, at: version, after: last, limit: Self.pageSize)
            try await body(page.rows)
            last = page.following == nil ? nil : page.rows.last?.id
        } while last != nil
    }

    private func names(
        of download: Download, for lines: Lines
    ) async throws -> [DatasetExample.ID: [String]] {
        lines == .plain ? try await store.splitNames(of: download.dataset.id) : [:]
    }

    private static func file(
        _ name: String, contentType: String,
        _ produce: @escaping @Sendable (any HTTPBodyWriter) async throws -> Void
    ) -> HTTPResponse {
        HTTPResponse(
            .ok,
            headers: [
                "content-type": contentType,
                "content-disposition": "attachment; filename*=UTF-8''\(encoded(name))",
            ], body: .stream(produce))
    }

    /// Percent-encodes all but unreserved characters and slashes.
    private static func encoded(_ name: String) -> String {
        name.split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentCoding.encode($0) }.joined(separator: "/")
    }

    // MARK: Lines

    private static func object(_ json: [UInt8]) -> JSONObject {
        // Documents were JSON objects when they were stored.
        (try? JSON.parse(json))?.objectValue ?? [:]
    }

    private static func line(
        _ lines: Lines, _ example: DatasetExample, _ splits: [String]
    ) -> JSONValue {
        let revision = example.revision
        let (input, output) = (object(revision.input), object(revision.output))
        let (asked, answered) = (
            input["messages"]?.arrayValue ?? [], output["messages"]?.arrayValue ?? []
        )
        switch lines {
        case .plain:
            return [
                "id": .string(example.downloadID),
                "node_id": .string(example.id.nodeID.description),
                "input": .object(input), "output": .object(output),
                "metadata": .object(object(revision.metadata)),
                "splits": .array(splits.map(JSONValue.string)),
            ]
        case .fineTuning:
            var line: JSONValue = ["messages": .array(asked + answered)]
            let tools = input["tools"]?.arrayValue ?? []
            if !tools.isEmpty { line["tools"] = .array(tools) }
            return line
        case .evals:
            let ideal = answered.last?.objectValue?["content"]?.stringValue ?? ""
            return ["messages": .array(asked), "ideal": .string(ideal)]
        }
    }

    // MARK: CSV

    @Sendable private func downloadCSV(_ request: APIRequest) async throws -> HTTPResponse {
        let download = try await download(request)
        let splits = try await store.splitNames(of: download.dataset.id)
        var columns = CSVColumns()
        try await eachPage(of: download) { examples in
            for example in examples { columns.add(example, hasSplits: !splits.isEmpty) }
        }
        let name = "\(download.dataset.name).csv"
        return Self.file(name, contentType: "text/csv") { [columns] body in
            try await body.write(columns.header())
            try await eachPage(of: download) { examples in
                try await body.write(
                    examples.flatMap {
                        columns.row($0, splits: splits.isEmpty ? nil : splits[$0.id] ?? [])
                    })
            }
        }
    }
}

extension JSONValue {
    /// Appends the value as JSON with blanks behind commas and colons.
    package func appendSpaced(to output: inout [UInt8]) {
        switch self {
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            for (index, element) in elements.enumerated() {
                if index > 0 { output += ", ".utf8 }
                element.appendSpaced(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output += ", ".utf8 }
                output += JSONValue.string(member.key).serialized()
                output += ": ".utf8
                member.value.appendSpaced(to: &output)
            }
            output.append(UInt8(ascii: "}"))
        default: output += serialized()
        }
    }
}
