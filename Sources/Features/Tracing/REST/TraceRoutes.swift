import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var traceRoutes: [Route] {
        [
            Route(Self.listTraces) { try await listTraces($0) },
            Route(Self.deleteTracesOperation) { request in
                let (start, end) = (request[Self.windowStart], request[Self.windowEnd])
                guard start < end else {
                    throw HTTPError(
                        .unprocessableContent,
                        "`start_time` must be strictly earlier than `end_time`.")
                }
                try await store.deleteTraces(
                    of: Identifier(request[Self.projectIdentifier]), from: start, to: end)
                return HTTPResponse(.noContent)
            },
            Route(Self.transferTraces) { request in
                let moved = try await store.moveTraces(
                    (request.body["trace_identifiers"].strings ?? []).map { Identifier($0) },
                    to: Identifier(request.body.text("destination_project_identifier")))
                return .data(
                    TraceTransferResource(
                        transferredCount: Int64(moved.count),
                        destinationProjectID: moved.project.nodeID.description))
            },
            Route(Self.deleteTraceOperation) { request in
                try await store.deleteTrace(Identifier(request[Self.traceIdentifier]))
                return HTTPResponse(.noContent)
            },
        ]
    }

    // MARK: Declarations

    private static let startTime = Parameter<Timestamp?>.optionalInstant(
        "start_time", "Keeps traces that start at this time or later.")
    private static let endTime = Parameter<Timestamp?>.optionalInstant(
        "end_time", "Keeps traces that start before this time.")
    private static let sort = Parameter<TraceOrder.Key>.choice(
        "sort", default: .startTime, "What the list is sorted by.")
    private static let order = Parameter<Order>.choice(
        "order", default: .descending, "In which direction.")
    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, atMost: 1000,
        "How many traces a page has at most.")
    private static let includeSpans = Parameter<Bool>.flag(
        "include_spans", "Whether each trace comes with its spans, without their attributes.")
    private static let sessionIdentifier = Parameter<[String]?>.texts(
        "session_identifier", "Keeps the traces of these sessions: global ids or session ids.")
    private static let hasError = Parameter<Bool?>.optionalFlag(
        "error", "Keeps traces with, or without, a span that has the status ERROR."
    ).deprecated
    private static let latencyMsMin = Parameter<Double?>.number(
        "min_latency_ms", atLeast: 0, "Keeps traces that took this many milliseconds or more."
    ).deprecated
    private static let latencyMsMax = Parameter<Double?>.number(
        "max_latency_ms", atLeast: 0, "Keeps traces that took this many milliseconds or less."
    ).deprecated
    private static let filter = Parameter<String?>.text(
        "filter",
        "Keeps traces that satisfy this expression of the trace filter language. An empty one "
            + "keeps all of them.")

    private static let listTraces: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/traces", id: "listProjectTraces",
            tag: "traces", summary: "Lists the traces of a project.",
            action: TracingAction.readTraces, answer: .json(TracingSchemas.traces))
        operation.parameters = [
            projectIdentifier.declaration, startTime.declaration, endTime.declaration,
            sort.declaration, order.declaration, limit.declaration, cursor.declaration,
            includeSpans.declaration, sessionIdentifier.declaration, hasError.declaration,
            latencyMsMin.declaration, latencyMsMax.declaration, filter.declaration,
        ]
        operation.refusals = [.forbidden, .badRequest, .notFound, .unprocessable]
        return operation
    }()

    private static let windowStart = Parameter<Timestamp>.instant(
        "start_time", "Deletes traces that start at this time or later.")
    private static let windowEnd = Parameter<Timestamp>.instant(
        "end_time", "Deletes traces that start before this time.")

    private static let deleteTracesOperation: Operation = {
        var operation = Operation(
            .delete, "/v1/projects/{project_identifier}/traces", id: "deleteProjectTraces",
            tag: "traces", summary: "Deletes the traces of a project that start in a time window.",
            description: "Sessions of the project that are left without traces go too. A time "
                + "without an offset is UTC.",
            action: TracingAction.deleteTraces, answer: .noContent)
        operation.parameters = [
            projectIdentifier.declaration, windowStart.declaration, windowEnd.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let transferTraces: Operation = {
        var operation = Operation(
            .post, "/v1/traces/transfer", id: "transferTraces", tag: "traces",
            summary: "Moves traces of one project to another.",
            description: "Their sessions stay in the project that they are of.",
            action: TracingAction.moveTraces, answer: .json(TracingSchemas.transferredTraces))
        operation.body = .json(TracingSchemas.traceTransfer)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let traceIdentifier = Parameter<String>.path(
        "trace_identifier", "The global id or the OpenTelemetry id of a trace.")

    private static let deleteTraceOperation: Operation = {
        var operation = Operation(
            .delete, "/v1/traces/{trace_identifier}", id: "deleteTrace", tag: "traces",
            summary: "Deletes a trace with all of its spans.",
            action: TracingAction.deleteTraces, answer: .noContent)
        operation.parameters = [traceIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    // MARK: Listing

    private func listTraces(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        var filter = TraceFilter()
        filter.expression = try Self.filter(request[Self.filter], in: .trace)
        filter.startTime = request[Self.startTime]
        filter.endTime = request[Self.endTime]
        filter.sessions = request[Self.sessionIdentifier].map { $0.map { Identifier($0) } }
        filter.hasError = request[Self.hasError]
        filter.latencyMsMin = request[Self.latencyMsMin]
        filter.latencyMsMax = request[Self.latencyMsMax]
        let order = TraceOrder(request[Self.sort], isDescending: request[Self.order] == .descending)
        let page = try await store.traces(
            of: project.id, where: filter, order: order,
            after: try Self.position(in: request[Self.cursor], for: order.key),
            limit: request[Self.limit])
        var spans: [Trace.ID: [Span]] = [:]
        if request[Self.includeSpans] {
            spans = try await store.spans(ofTraces: page.rows.map(\.id))
        }
        let includesSpans = request[Self.includeSpans]
        let items = page.rows.lazy.map { trace in
            TraceResource(trace, spans: includesSpans ? spans[trace.id] ?? [] : nil)
        }
        let last = page.following == nil ? nil : page.rows.last
        return .page(items, nextCursor: last.map { Self.cursor(behind: $0, for: order.key) })
    }

    private static func position(
        in text: String?, for key: TraceOrder.Key
    ) throws(HTTPError) -> TracePosition? {
        guard let cursor = try sortCursor(text) else { return nil }
        let id = Trace.ID(cursor.rowID)
        switch (key, cursor.value) {
        case (.startTime, .timestamp(let time)): return .startTime(time, id)
        case (.latency, .float(let latencyMs)) where abs(latencyMs) < 1e15:
            return .latency(microseconds: Int64((latencyMs * 1000).rounded()), id)
        default: throw invalidCursor
        }
    }

    private static func cursor(behind trace: Trace, for key: TraceOrder.Key) -> String {
        let value: SortCursor.Value =
            switch key {
            case .startTime: .timestamp(trace.startTime)
            case .latency: .float(trace.latencyMs)
            }
        return SortCursor(rowID: trace.id.value, value: value).description
    }
}

extension TraceResource {
    init(_ trace: Trace, spans: [Span]?) {
        self.init(
            id: trace.id.nodeID.description, traceID: trace.otelID.hex,
            projectID: trace.projectID.nodeID.description,
            startTime: trace.startTime.description, endTime: trace.endTime.description,
            promptTokens: trace.promptTokens, completionTokens: trace.completionTokens,
            spans: spans?.map(TraceSpanResource.init))
    }
}

extension TraceSpanResource {
    init(_ span: Span) {
        self.init(
            id: span.id.nodeID.description, spanID: span.otelID.hex, parentID: span.parentID?.hex,
            name: span.name, kind: span.kind, statusCode: span.statusCode,
            startTime: span.startTime.description, endTime: span.endTime.description)
    }
}
