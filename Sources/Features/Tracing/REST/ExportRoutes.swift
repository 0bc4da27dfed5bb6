import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var exportRoutes: [Route] { [Route(Self.exportSpans) { try await exportSpans($0) }] }

    // MARK: Declaration

    private enum ExportFormat: String, CaseIterable {
        case jsonl, otlp

        var contentType: String {
            switch self {
            case .jsonl: "application/x-ndjson"
            case .otlp: "application/json"
            }
        }

        var fileExtension: String {
            switch self {
            case .jsonl: "jsonl"
            case .otlp: "otlp.json"
            }
        }
    }

    private static let format = Parameter<ExportFormat>.choice(
        "format", default: .jsonl,
        "jsonl: one span a line, as the list of spans has them. otlp: one document in OTLP/JSON, "
            + "which every OTLP receiver takes.")
    private static let startTime = Parameter<Timestamp?>.optionalInstant(
        "start_time", "Keeps spans that start at this time or later.")
    private static let endTime = Parameter<Timestamp?>.optionalInstant(
        "end_time", "Keeps spans that start before this time.")
    private static let traceIDs = Parameter<[String]?>.texts(
        "trace_id", "Keeps the spans of these traces, by their OpenTelemetry ids.")
    private static let spanIDs = Parameter<[String]?>.texts(
        "span_id", "Keeps the spans with these OpenTelemetry ids.")
    private static let spanCondition = Parameter<String?>.text(
        "filter", "Keeps spans that satisfy this condition of the span filter language.")
    private static let traceCondition = Parameter<String?>.text(
        "trace_filter",
        "Keeps the spans of traces that satisfy this condition of the trace filter language.")

    private static let exportSpans: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/spans/export", id: "exportSpans",
            tag: "spans", summary: "Downloads the spans of a project as one file.",
            description: "An extension of this server. The oldest spans come first; those that "
                + "arrive during the download are left out.",
            action: TracingAction.readTraces, answer: .other("The file."))
        operation.parameters = [
            projectIdentifier.declaration, format.declaration, startTime.declaration,
            endTime.declaration, traceIDs.declaration, spanIDs.declaration,
            spanCondition.declaration, traceCondition.declaration,
        ]
        operation.refusals = [.forbidden, .badRequest, .notFound, .unprocessable]
        operation.worksReadOnly = true
        operation.isExtension = true
        return operation
    }()

    // MARK: Streaming

    /// How many spans are read at once.
    private static let pageSize = 100

    private func exportSpans(_ request: APIRequest) async throws -> HTTPResponse {
        var filter = SpanFilter()
        filter.startTime = request[Self.startTime]
        filter.endTime = request[Self.endTime]
        // Text that is no id matches no span.
        filter.traceIDs = request[Self.traceIDs].map { $0.compactMap { OTelID(hex: $0) } }
        filter.spanIDs = request[Self.spanIDs].map { $0.compactMap { OTelID(hex: $0) } }
        filter.expressions = [
            try Self.filter(request[Self.spanCondition], in: .span),
            try Self.filter(request[Self.traceCondition], in: .trace),
        ].compactMap { $0 }
        let project = try await project(named: request[Self.projectIdentifier])
        filter.idMax = try await store.lastSpanID()
        let format = request[Self.format]
        let (store, selection) = (store, filter)
        var response = HTTPResponse(
            .ok,
            headers: [
                "content-type": format.contentType, "x-content-type-options": "nosniff",
                "content-disposition": Self.disposition(project.name, format),
            ],
            body: .stream { body in
                var writer = SpanFileWriter(
                    isOTLP: format == .otlp, projectName: project.name)
                writer.begin()
                var position: SpanPosition?
                repeat {
                    let page = try await store.spans(
                        of: project.id, where: selection,
                        order: SpanOrder(.id, isDescending: false), from: position,
                        limit: Self.pageSize)
                    for span in page.rows { try writer.add(span) }
                    position = page.following.map { .id($0.span.id) }
                    if position == nil { writer.end() }
                    let bytes = writer.takeBytes()
                    if !bytes.isEmpty { try await body.write(bytes) }
                } while position != nil
            })
        response.headers.set("cache-control", "no-store")
        return response
    }

    /// The name of the file, once for every browser and once as it is.
    private static func disposition(_ project: String, _ format: ExportFormat) -> String {
        let tail = "-spans.\(format.fileExtension)"
        let plain = String(
            project.unicodeScalars.map { scalar -> Character in
                let isPlain =
                    scalar.isASCII
                    && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-_.".unicodeScalars.contains(scalar))
                return isPlain ? Character(scalar) : "_"
            })
        return "attachment; filename=\"\(plain)\(tail)\"; "
            + "filename*=UTF-8''\(PercentCoding.encode(project))\(tail)"
    }
}

/// Writes spans into a file, piece by piece.
private struct SpanFileWriter {
    private let isOTLP: Bool
    private let projectName: String
    private var writer = JSONWriter(reserving: 1 << 16)
    private var lines: [UInt8] = []

    init(isOTLP: Bool, projectName: String) {
        self.isOTLP = isOTLP
        self.projectName = projectName
    }

    mutating func begin() {
        guard isOTLP else { return }
        writer.beginObject()
        writer.key("resourceSpans")
        writer.beginArray()
        writer.beginObject()
        writer.key("resource")
        writer.beginObject()
        writer.key("attributes")
        OTLPJSON.write(
            ["openinference.project.name": .string(projectName)], to: &writer)
        writer.endObject()
        writer.key("scopeSpans")
        writer.beginArray()
        writer.beginObject()
        writer.key("spans")
        writer.beginArray()
    }

    mutating func add(_ span: StoredSpan) throws {
        if isOTLP {
            try OTLPJSON.write(OTLPSpanResource(span), to: &writer)
        } else {
            try SpanResource(span).write(to: &writer)
            lines += writer.bytes
            lines.append(UInt8(ascii: "\n"))
            writer.reset()
        }
    }

    mutating func end() {
        guard isOTLP else { return }
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
        writer.endArray()
        writer.endObject()
    }

    mutating func takeBytes() -> [UInt8] {
        guard isOTLP else {
            defer { lines = [] }
            return lines
        }
        return writer.takeBytes()
    }
}
