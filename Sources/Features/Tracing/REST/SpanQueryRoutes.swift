import APISupport
import HTTPMessages
import JSON
import PhoenixModel

extension TracingRoutes {
    var spanQueryRoutes: [Route] { [Route(Self.querySpans) { try await querySpans($0) }] }

    private static let table = ObjectSchema(
        "SpanQuery",
        fields: ["select", "filter", "explode", "concat", "rename", "index"].map {
            .optional($0, .dictionary.orNull)
        })
    private static let body = ObjectSchema(
        "QuerySpansRequestBody",
        fields: [
            .required("queries", .array(of: .object(table))),
            .optional("start_time", .timestamp.orNull),
            .optional("end_time", .timestamp.orNull),
            .optional("stop_time", .timestamp.orNull),
            .optional("limit", .integer().defaulting(to: 1000)),
            .optional("root_spans_only", .boolean.orNull),
            .optional("orphan_span_as_root_span", .boolean.defaulting(to: true)),
            .optional("project_name", .string.orNull),
        ])
    private static let projectName = Parameter<String?>.text("project_name", "The project.")
    private static let dashedProjectName = Parameter<String?>.text(
        "project-name", "The project.")

    /// Hidden as in the contract: it is the clients' own way to a table of spans.
    private static let querySpans: Operation = {
        var operation = Operation(
            .post, "/v1/spans", id: "querySpans", tag: "spans",
            summary: "Answers tables of spans.", action: TracingAction.readTraces,
            answer: .other("The tables."))
        operation.parameters = [projectName.declaration, dashedProjectName.declaration]
        operation.body = .json(body)
        operation.isHidden = true
        return operation
    }()

    private func querySpans(_ request: APIRequest) async throws -> HTTPResponse {
        let queries = (request.body["queries"].array ?? []).compactMap(\.object)
        guard !queries.isEmpty else { throw HTTPError(.notFound, "Not Found") }
        guard queries.count <= SpanTable.countMax else {
            throw HTTPError(
                .unprocessableContent,
                "Invalid query: there are more than \(SpanTable.countMax) queries in one request")
        }
        let tables = try queries.map { query in
            try SpanTable(
                Dictionary(
                    uniqueKeysWithValues: Self.table.fields.compactMap { field in
                        query[field.name].json?.objectValue.map { (field.name, $0) }
                    }))
        }
        // As in the contract, which knows no other spelling.
        let format: SpanTableReader.Format =
            request.http.headers["accept"] == "application/json" ? .json : .arrow
        // A project that nothing was sent to has tables without rows.
        let project = try await store.projectIfAny(named: projectName(request))
        let limit = request.body["limit"].integer ?? 1000
        var readers: [SpanTableReader] = []
        for table in tables {
            readers.append(
                try await SpanTableReader(
                    table, of: project?.id, where: filter(request), limit: limit, on: store,
                    as: format, bytesKept: Self.bytesKept / tables.count))
        }
        switch format {
        case .json: return Self.parts(readers)
        case .arrow:
            return HTTPResponse(
                .ok, headers: ["content-type": "application/x-pandas-arrow"],
                body: .stream { [readers] body in
                    for reader in readers { try await reader.write { try await body.write($0) } }
                })
        }
    }

    private static func parts(_ readers: [SpanTableReader]) -> HTTPResponse {
        HTTPResponse(
            .ok, headers: ["content-type": "multipart/mixed; boundary=\(boundary)"],
            body: .stream { body in
                let partHead = "--\(boundary)\r\nContent-Type: application/json\r\n\r\n"
                for reader in readers {
                    try await body.write(Array(partHead.utf8))
                    try await reader.write { try await body.write($0) }
                    try await body.write(Array("\r\n".utf8))
                }
                try await body.write(Array("--\(boundary)--".utf8))
            })
    }

    /// Up to how many bytes of payloads a request keeps in memory, instead of reading them twice.
    private static let bytesKept = 8 << 20

    /// JSON has no line breaks inside of strings, so no part can hold this at the start of a line.
    private static let boundary = "phoenix-table-of-spans"

    private func projectName(_ request: APIRequest) -> String {
        request[Self.projectName] ?? request[Self.dashedProjectName]
            ?? request.http.headers["project-name"] ?? request.body["project_name"].string
            ?? Project.defaultName
    }

    private func filter(_ request: APIRequest) -> SpanFilter {
        var filter = SpanFilter()
        filter.startTime = request.body["start_time"].timestamp?.timestamp
        filter.endTime =
            (request.body["end_time"].timestamp ?? request.body["stop_time"].timestamp)?.timestamp
        if request.body["root_spans_only"].bool == true {
            let adoptsOrphans = request.body["orphan_span_as_root_span"].bool ?? true
            filter.parent = adoptsOrphans ? .missing : SpanFilter.Parent.none
        }
        return filter
    }
}
