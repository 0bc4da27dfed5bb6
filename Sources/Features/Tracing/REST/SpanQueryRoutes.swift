import APISupport
import HTTPMessages
import JSON
import PhoenixModel

extension TracingRoutes {
    var spanQueryRoutes: [Route] { [Route(Self.querySpans) { try await querySpans($0) }] }

    private static let body = ObjectSchema(
        "QuerySpansRequestBody",
        fields: [
            .required("queries", .array(of: .any)),
            .optional("start_time", .timestamp.orNull),
            .optional("end_time", .timestamp.orNull),
            .optional("stop_time", .timestamp.orNull),
            .optional("limit", .integer(atLeast: 0).defaulting(to: 1000)),
            .optional("root_spans_only", .boolean.orNull),
            .optional("orphan_span_as_root_span", .boolean.orNull.defaulting(to: true)),
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

    /// Which spans a table holds, and in which order.
    private struct Selection: Sendable {
        static let order = SpanOrder(.startTime, isDescending: true)
        static let pageSize = 500

        var project: Project.ID?
        var filter: SpanFilter
        var limit: Int
    }

    private func querySpans(_ request: APIRequest) async throws -> HTTPResponse {
        let queries = request.body["queries"].array ?? []
        guard !queries.isEmpty else { throw HTTPError(.notFound, "Not Found") }
        guard queries.allSatisfy({ $0.json?.objectValue?.isEmpty == true }) else {
            throw HTTPError(
                .badRequest,
                "The query language for spans arrives with a later version of this server. "
                    + "Leave select, filter, explode, concat, rename and index out.")
        }
        guard request.http.headers["accept"] == "application/json" else {
            throw HTTPError(
                .notAcceptable,
                "Tables of spans are answered as JSON only. Send the header "
                    + "`accept: application/json`, as newer clients do.")
        }
        let selection = try await selection(request)
        let columns = try await columns(selection)
        let count = queries.count
        return HTTPResponse(
            .ok, headers: ["content-type": "multipart/mixed; boundary=\(Self.boundary)"],
            body: .stream { writer in
                for _ in 0..<count { try await write(selection, columns, to: writer) }
                try await writer.write(Array("--\(Self.boundary)--".utf8))
            })
    }

    /// JSON has no line breaks inside of strings, so no part can hold this at the start of a line.
    private static let boundary = "phoenix-table-of-spans"

    private func selection(_ request: APIRequest) async throws -> Selection {
        let name =
            request[Self.projectName] ?? request[Self.dashedProjectName]
            ?? request.http.headers["project-name"] ?? request.body["project_name"].string
            ?? Project.defaultName
        var filter = SpanFilter()
        filter.startTime = request.body["start_time"].timestamp?.timestamp
        filter.endTime =
            (request.body["end_time"].timestamp ?? request.body["stop_time"].timestamp)?.timestamp
        if request.body["root_spans_only"].bool == true {
            let adoptsOrphans = request.body["orphan_span_as_root_span"].bool ?? true
            filter.parent = adoptsOrphans ? .missing : SpanFilter.Parent.none
        }
        // A project that nothing was sent to has a table without rows.
        let project = try await store.projectIfAny(named: name)
        return Selection(
            project: project?.id, filter: filter, limit: request.body["limit"].integer ?? 1000)
    }

    /// Reads all pages once for their columns. They are read again for their rows, so that a large
    /// table takes no more memory than a page.
    private func columns(_ selection: Selection) async throws -> SpanFrameColumns {
        var columns = SpanFrameColumns()
        try await forEachPage(selection) { page in
            for stored in page { columns.observe(try SpanFrameRow(stored)) }
        }
        return columns
    }

    private func write(
        _ selection: Selection, _ columns: SpanFrameColumns, to body: any HTTPBodyWriter
    ) async throws {
        let partHead = "--\(Self.boundary)\r\nContent-Type: application/json\r\n\r\n"
        try await body.write(Array(partHead.utf8))
        var writer = JSONWriter(reserving: 1 << 16)
        writer.beginObject()
        columns.writeHead(to: &writer)
        writer.key("data")
        writer.beginArray()
        try await forEachPage(selection) { page in
            for stored in page { columns.write(try SpanFrameRow(stored), to: &writer) }
            try await body.write(writer.takeBytes())
        }
        writer.endArray()
        writer.endObject()
        try await body.write(writer.takeBytes() + Array("\r\n".utf8))
    }

    private func forEachPage(
        _ selection: Selection, _ visit: ([StoredSpan]) async throws -> Void
    ) async throws {
        guard let project = selection.project else { return }
        var left = selection.limit
        var position: SpanPosition?
        while left > 0 {
            let page = try await store.spans(
                of: project, where: selection.filter, order: Selection.order, from: position,
                limit: min(left, Selection.pageSize))
            try await visit(page.rows)
            left -= page.rows.count
            guard let next = page.following?.span else { return }
            position = .startTime(next.startTime, next.id)
        }
    }
}
