import APISupport
import Datasets
import HTTPMessages
import JSON
import PhoenixModel

extension ExperimentRoutes {
    /// How many runs are read at once.
    static let runsAtOnce = 500

    var downloadRoutes: [Route] {
        [
            Route(Self.getJSON) { try await download($0, as: .json) },
            Route(Self.getCSV) { try await download($0, as: .csv) },
        ]
    }

    private enum Format: String {
        case json, csv

        var contentType: String {
            switch self {
            case .json: "application/json"
            case .csv: "text/csv"
            }
        }
    }

    private static let getJSON: Operation = {
        var operation = Operation(
            .get, "\(path)/json", id: "getExperimentJSON", tag: tag,
            summary: "Downloads the runs of an experiment as a JSON file.",
            action: ExperimentAction.readExperiments,
            answer: .file("The file.", [("application/json", .any), ("text/plain", .string)]))
        operation.parameters = [experimentID.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private static let getCSV: Operation = {
        var operation = Operation(
            .get, "\(path)/csv", id: "getExperimentCSV", tag: tag,
            summary: "Downloads the runs of an experiment as a CSV file.",
            description: "One row a run; columns for each annotation name.",
            action: ExperimentAction.readExperiments,
            answer: .file(
                "The file.",
                [
                    ("application/json", .any),
                    ("text/csv", .string.adding(["contentMediaType": "text/csv"])),
                ]))
        operation.parameters = [experimentID.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    private func download(
        _ request: APIRequest, as format: Format
    ) async throws -> HTTPResponse {
        let text = request[Self.experimentID]
        guard let node = NodeID(text) else {
            throw HTTPError(.unprocessableContent, "Invalid experiment ID format: \(text)")
        }
        guard let id = node.rowID(as: Experiment.self) else {
            throw HTTPError(.unprocessableContent, "Invalid experiment ID: \(text)")
        }
        let store = store
        let experiment = try await Self.naming { try await store.experiment(id) }
        let first = try await store.downloadedRuns(of: id, limit: Self.runsAtOnce)
        guard !first.isEmpty else { throw ExperimentError.hasNoRuns }
        let names = format == .csv ? try await store.annotationNames(of: id) : []
        return HTTPResponse(
            .ok,
            headers: [
                "content-type": format.contentType,
                "content-disposition": Self.disposition(experiment.name, format),
            ],
            body: .stream { body in
                var file = ExperimentFileWriter(
                    isCSV: format == .csv, annotationNames: names)
                var runs = first
                while !runs.isEmpty {
                    for run in runs { file.add(run) }
                    try await body.write(file.takeBytes())
                    guard runs.count == Self.runsAtOnce, let last = runs.last else { break }
                    runs = try await store.downloadedRuns(
                        of: id,
                        behind: .init(example: last.run.example, repetition: last.run.repetition),
                        limit: Self.runsAtOnce)
                }
                file.end()
                try await body.write(file.takeBytes())
            })
    }

    /// The name of the file; where it is not plain, once for old browsers and once as it is.
    private static func disposition(_ name: String, _ format: Format) -> String {
        func isPlain(_ scalar: Unicode.Scalar) -> Bool {
            (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
        }
        let plain = String(
            String.UnicodeScalarView(name.unicodeScalars.map { isPlain($0) ? $0 : "_" }))
        let whole = "attachment; filename=\"\(plain).\(format.rawValue)\""
        guard plain != name else { return whole }
        return whole + "; filename*=UTF-8''\(PercentCoding.encode(name)).\(format.rawValue)"
    }
}

/// Writes runs into a file, part by part.
struct ExperimentFileWriter {
    private let isCSV: Bool
    private let annotationNames: [String]
    private var writer = JSONWriter(reserving: 1 << 16)
    private var lines: [UInt8] = []

    init(isCSV: Bool, annotationNames: [String]) {
        self.isCSV = isCSV
        self.annotationNames = annotationNames
        if isCSV {
            let columns = annotationNames.flatMap { name in
                Self.annotationColumns.map { "annotation_\(name)_\($0)" }
            }
            line(Self.columns + columns)
        } else {
            writer.beginArray()
        }
    }

    mutating func takeBytes() -> [UInt8] {
        guard isCSV else { return writer.takeBytes() }
        defer { lines.removeAll(keepingCapacity: true) }
        return lines
    }

    mutating func end() {
        if !isCSV { writer.endArray() }
    }

    mutating func add(_ run: ExperimentStore.DownloadedRun) {
        if isCSV { line(cells(run)) } else { object(run) }
    }

    // MARK: JSON

    private mutating func object(_ run: ExperimentStore.DownloadedRun) {
        writer.beginObject()
        text("example_id", run.run.example.nodeID.description)
        integer("repetition_number", run.run.repetition)
        raw("input", run.example.input)
        raw("reference_output", run.example.output)
        raw("output", run.run.output)
        text("error", run.run.error)
        writer.key("latency_ms")
        writer.double(run.run.latencyMs)
        text("start_time", run.run.startTime.description)
        text("end_time", run.run.endTime.description)
        text("trace_id", run.run.traceID)
        integer("prompt_token_count", run.promptTokenCount)
        integer("completion_token_count", run.completionTokenCount)
        writer.key("annotations")
        writer.beginArray()
        for annotation in run.annotations { object(annotation) }
        writer.endArray()
        writer.endObject()
    }

    private mutating func object(_ annotation: ExperimentRunAnnotation) {
        writer.beginObject()
        text("name", annotation.name)
        text("annotator_kind", annotation.annotatorKind.rawValue)
        text("label", annotation.label)
        writer.key("score")
        if let score = annotation.score { writer.double(score) } else { writer.null() }
        text("explanation", annotation.explanation)
        text("trace_id", annotation.traceID)
        text("error", annotation.error)
        raw("metadata", annotation.metadata)
        text("start_time", annotation.startTime.description)
        text("end_time", annotation.endTime.description)
        writer.endObject()
    }

    private mutating func text(_ name: String, _ text: String?) {
        writer.key(name)
        if let text { writer.string(text) } else { writer.null() }
    }

    private mutating func integer(_ name: String, _ number: Int64?) {
        writer.key(name)
        if let number { writer.integer(number) } else { writer.null() }
    }

    private mutating func raw(_ name: String, _ json: [UInt8]?) {
        writer.key(name)
        if let json { writer.raw(json) } else { writer.null() }
    }

    // MARK: CSV

    private static let columns = [
        "example_id", "repetition_number", "input", "reference_output", "output", "metadata",
        "error", "latency_ms", "start_time", "end_time", "trace_id", "prompt_token_count",
        "completion_token_count",
    ]

    private static let annotationColumns = [
        "label", "score", "explanation", "metadata", "annotator_kind", "trace_id", "error",
        "start_time", "end_time",
    ]

    private func cells(_ run: ExperimentStore.DownloadedRun) -> [String] {
        var cells = [
            run.run.example.nodeID.description, String(run.run.repetition),
            Self.spaced(run.example.input), Self.spaced(run.example.output),
            Self.plain(run.run.output), Self.spaced(run.example.metadata), run.run.error ?? "",
            String(run.run.latencyMs), run.run.startTime.description,
            run.run.endTime.description, run.run.traceID ?? "",
            run.promptTokenCount.map(String.init) ?? "",
            run.completionTokenCount.map(String.init) ?? "",
        ]
        var annotations: [String: ExperimentRunAnnotation] = [:]
        for annotation in run.annotations { annotations[annotation.name] = annotation }
        for name in annotationNames {
            guard let annotation = annotations[name] else {
                cells += Self.annotationColumns.map { _ in "" }
                continue
            }
            cells += [
                annotation.label ?? "", annotation.score.map { String($0) } ?? "",
                annotation.explanation ?? "", Self.spaced(annotation.metadata),
                annotation.annotatorKind.rawValue, annotation.traceID ?? "",
                annotation.error ?? "", annotation.startTime.description,
                annotation.endTime.description,
            ]
        }
        return cells
    }

    /// An output as a cell: a string as it is, anything else as JSON.
    private static func plain(_ output: [UInt8]?) -> String {
        guard let output else { return "" }
        if output.first == UInt8(ascii: "\""), case .string(let text)? = try? JSON.parse(output) {
            return text  // What cannot be parsed is shown as it is.
        }
        return spaced(output)
    }

    /// A document with blanks behind its commas and colons. What cannot be parsed is shown as it is.
    private static func spaced(_ document: [UInt8]) -> String {
        guard let value = try? JSON.parse(document) else {
            return String(decoding: document, as: UTF8.self)
        }
        var bytes: [UInt8] = []
        value.appendSpaced(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Adds a line (RFC 4180, with line feeds alone).
    private mutating func line(_ cells: [String]) {
        for (index, cell) in cells.enumerated() {
            if index > 0 { lines.append(UInt8(ascii: ",")) }
            let needsQuotes = cell.utf8.contains { byte in
                byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 10
                    || byte == 13
            }
            guard needsQuotes else {
                lines += cell.utf8
                continue
            }
            lines.append(UInt8(ascii: "\""))
            for byte in cell.utf8 {
                if byte == UInt8(ascii: "\"") { lines.append(byte) }
                lines.append(byte)
            }
            lines.append(UInt8(ascii: "\""))
        }
        lines.append(10)
    }
}
