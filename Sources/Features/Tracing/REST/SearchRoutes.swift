import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var searchRoutes: [Route] { [Route(Self.searchTexts) { try await searchTexts($0) }] }

    private static let text = Parameter<String>.requiredText(
        "q",
        "The text, of 1 to \(SpanSearch.lengthMax) characters. White space around it does not count, "
            + "and neither does the case of its letters.")
    private static let startTime = Parameter<Timestamp?>.optionalInstant(
        "start_time", "Keeps spans that start at this time or later.")
    private static let endTime = Parameter<Timestamp?>.optionalInstant(
        "end_time", "Keeps spans that start before this time.")
    private static let limit = Parameter<Int>.integer(
        "limit", default: 20, greaterThan: 0, atMost: 1000, "How many spans a page has at most.")

    private static let match = ObjectSchema(
        "SpanTextMatch",
        fields: [
            .required("id", .string.described("The global id.")),
            .required("span_id", .string),
            .required("trace_id", .string),
            .required("parent_id", .string.orNull),
            .required("name", .string),
            .required("span_kind", .string),
            .required("status_code", .string),
            .required("start_time", .timestamp),
            .required("end_time", .timestamp),
            .required(
                "field",
                .string.described(
                    "Where the text is: name, status_message, the dotted path of an attribute, or "
                        + "the key of an event's attribute such as exception.message.")),
            .required("snippet", .string.described("The text with what is around it.")),
            .required("match_offset", .integer.described("In code points of the snippet.")),
            .required("match_length", .integer.described("In code points of the snippet.")),
        ])

    private static let matches = ObjectSchema(
        "SearchSpansResponseBody",
        fields: [
            .required("data", .array(of: .object(match))),
            .required("next_cursor", .string.orNull),
            .required(
                "is_complete",
                .boolean.described(
                    "False when the time of a request was up before the page was full. Go on with "
                        + "next_cursor.")),
        ])

    private static let searchTexts: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/text_search", id: "searchProjectSpans",
            tag: "spans", summary: "Finds the spans of a project that contain a text.",
            description: "An extension of this server. Names, status messages, the texts in "
                + "attributes and in the attributes of events are searched, the newest spans "
                + "first.",
            action: TracingAction.readTraces, answer: .json(matches))
        operation.parameters = [
            projectIdentifier.declaration, text.declaration, startTime.declaration,
            endTime.declaration, limit.declaration, cursor.declaration,
        ]
        operation.refusals = [.forbidden, .badRequest, .notFound, .unprocessable]
        operation.isExtension = true
        return operation
    }()

    private func searchTexts(_ request: APIRequest) async throws -> HTTPResponse {
        var search = try SpanSearch(for: request[Self.text])
        search.startTime = request[Self.startTime]
        search.endTime = request[Self.endTime]
        let position: Span.ID? = try Self.rowID(in: request[Self.cursor]) { _ in
            Self.invalidCursor.message
        }
        let project = try await project(named: request[Self.projectIdentifier])
        let page = try await store.searchSpans(
            of: project.id, for: search, below: position, limit: request[Self.limit],
            budget: searchBudget())
        let resource = SpanSearchPageResource(
            items: page.matches.map { SpanSearchResource($0) },
            nextCursor: page.following?.nodeID.description, isComplete: page.isComplete)
        var writer = JSONWriter(reserving: 4096)
        resource.write(to: &writer)
        return .json(.ok, writer.bytes)
    }
}

extension SpanSearchResource {
    init(_ found: SpanSearchMatch) {
        let span = found.span
        self.init(
            id: span.id.nodeID.description, spanID: span.otelID.hex, traceID: found.traceID.hex,
            parentID: span.parentID?.hex, name: span.name, kind: span.kind,
            statusCode: span.statusCode, startTime: span.startTime.description,
            endTime: span.endTime.description, field: found.match.field,
            snippet: found.match.snippet.text, matchOffset: found.match.snippet.matchOffset,
            matchLength: found.match.snippet.matchLength)
    }
}
