import APISupport
import HTTPMessages
import JSON
import OpenInference
import PhoenixAPITypes
import PhoenixModel

extension TracingRoutes {
    var spanRoutes: [Route] {
        [
            Route(Self.searchSpans) { try await searchSpans($0) },
            Route(Self.listSpans) { try await listSpans($0) },
            Route(Self.createSpans) { try await createSpans($0) },
            Route(Self.deleteSpanOperation) { request in
                try await store.deleteSpan(Identifier(request[Self.spanIdentifier]))
                return HTTPResponse(.noContent)
            },
        ]
    }

    // MARK: Declarations

    private static let limit = Parameter<Int>.integer(
        "limit", default: 100, greaterThan: 0, atMost: 1000, "How many spans a page has at most.")
    private static let sort = Parameter<SpanOrder.Key>.choice(
        "sort", default: .id, "What the list is sorted by.")
    private static let order = Parameter<Order>.choice(
        "order", default: .descending, "In which direction.")
    private static let startTime = Parameter<Timestamp?>.optionalInstant(
        "start_time", "Keeps spans that start at this time or later.")
    private static let endTime = Parameter<Timestamp?>.optionalInstant(
        "end_time", "Keeps spans that start before this time.")
    private static let traceIDs = Parameter<[String]?>.texts(
        "trace_id", "Keeps the spans of these traces, by their OpenTelemetry ids.")
    private static let spanIDs = Parameter<[String]?>.texts(
        "span_id", "Keeps the spans with these OpenTelemetry ids.")
    private static let parentID = Parameter<String?>.text(
        "parent_id", "Keeps the children of this span; `null` keeps the roots.")
    private static let names = Parameter<[String]?>.texts(
        "name", "Keeps the spans with these names.")
    private static let kinds = Parameter<[String]?>.texts(
        "span_kind", "Keeps the spans of these kinds, whatever the case.")
    private static let statusCodes = Parameter<[String]?>.texts(
        "status_code", "Keeps the spans with these status codes: OK, ERROR or UNSET.")
    private static let attributes = Parameter<[String]?>.texts(
        "attribute",
        "Keeps spans with this attribute, as `key:value`. The key is a path with dots and ends at "
            + "the first colon. A value that is a JSON number, boolean or string is taken as such, "
            + "any other as text. All of several conditions must hold.")

    private static let listSpans: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/spans", id: "getSpans", tag: "spans",
            summary: "Lists the spans of a project.", action: TracingAction.readTraces,
            answer: .json(SpanSchemas.spans))
        operation.parameters = [
            projectIdentifier.declaration, cursor.declaration, limit.declaration,
            sort.declaration, order.declaration, startTime.declaration, endTime.declaration,
            traceIDs.declaration, spanIDs.declaration, parentID.declaration, names.declaration,
            kinds.declaration, statusCodes.declaration, attributes.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let searchSpans: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/spans/otlpv1", id: "spanSearch", tag: "spans",
            summary: "Lists the spans of a project in the form of OTLP/JSON.",
            description: "Ids are hexadecimal here and names are in snake case.",
            action: TracingAction.readTraces, answer: .json(OTLPSpanSchemas.spans))
        operation.parameters = [
            projectIdentifier.declaration, cursor.declaration, limit.declaration,
            startTime.declaration, endTime.declaration, traceIDs.declaration, spanIDs.declaration,
            parentID.declaration, names.declaration, statusCodes.declaration,
            attributes.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let createSpans: Operation = {
        var operation = Operation(
            .post, "/v1/projects/{project_identifier}/spans", id: "createSpans", tag: "spans",
            summary: "Adds spans to a project, all of them or none.",
            description: "An unknown name creates its project. The answer comes when the spans are "
                + "stored durably.",
            action: TracingAction.addSpans, answer: .json(SpanSchemas.receipt, status: .accepted))
        operation.parameters = [projectIdentifier.declaration]
        operation.body = .json(SpanSchemas.newSpans)
        operation.refusals = [.forbidden, .notFound, .badRequest, .atCapacity, .invalid]
        operation.storesData = true
        return operation
    }()

    private static let spanIdentifier = Parameter<String>.path(
        "span_identifier", "The global id or the OpenTelemetry id of a span.")

    private static let deleteSpanOperation: Operation = {
        var operation = Operation(
            .delete, "/v1/spans/{span_identifier}", id: "deleteSpan", tag: "spans",
            summary: "Deletes one span.",
            description: "Its children stay. Its trace goes when it has no other span.",
            action: TracingAction.deleteTraces, answer: .noContent)
        operation.parameters = [spanIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .invalid]
        return operation
    }()

    // MARK: Listing

    private func listSpans(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        var filter = try Self.filter(request)
        filter.kinds = try Self.words(
            request[Self.kinds], named: "span_kind", among: SpanKind.allCases.map(\.rawValue))
        let order = SpanOrder(request[Self.sort], isDescending: request[Self.order] == .descending)
        let page = try await store.spans(
            of: project.id, where: filter, order: order,
            from: try Self.position(in: request[Self.cursor], for: order.key),
            limit: request[Self.limit])
        let items = try page.rows.map { try SpanResource($0) }
        return .page(
            items, nextCursor: page.following.map { Self.cursor(at: $0.span, for: order.key) })
    }

    private func searchSpans(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        let page = try await store.spans(
            of: project.id, where: try Self.filter(request),
            from: try Self.position(in: request[Self.cursor], for: .id),
            limit: request[Self.limit])
        let items = try page.rows.map { try OTLPSpanResource($0) }
        return .page(
            items, nextCursor: page.following.map { Self.cursor(at: $0.span, for: .id) })
    }

    private static func position(
        in text: String?, for key: SpanOrder.Key
    ) throws(HTTPError) -> SpanPosition? {
        switch key {
        case .id:
            let id: Span.ID? = try rowID(in: text) { _ in invalidCursor.message }
            return id.map(SpanPosition.id)
        case .startTime:
            guard let cursor = try sortCursor(text) else { return nil }
            guard case .timestamp(let time) = cursor.value else { throw invalidCursor }
            return .startTime(time, Span.ID(cursor.rowID))
        }
    }

    private static func cursor(at span: Span, for key: SpanOrder.Key) -> String {
        switch key {
        case .id: span.id.nodeID.description
        case .startTime:
            SortCursor(rowID: span.id.value, value: .timestamp(span.startTime)).description
        }
    }

    // MARK: Filters

    /// The conditions that both lists know.
    private static func filter(_ request: APIRequest) throws(HTTPError) -> SpanFilter {
        var filter = SpanFilter()
        filter.startTime = request[startTime]
        filter.endTime = request[endTime]
        // Text that is no id matches no span.
        filter.traceIDs = request[traceIDs].map { $0.compactMap { OTelID(hex: $0) } }
        filter.spanIDs = request[spanIDs].map { $0.compactMap { OTelID(hex: $0) } }
        filter.parent = request[parentID].map { text in
            if text == "null" { return .none }
            return OTelID(hex: text).map(SpanFilter.Parent.id) ?? .impossible
        }
        filter.names = request[names]
        filter.statusCodes = try words(
            request[statusCodes], named: "status_code",
            among: SpanStatusCode.allCases.map(\.rawValue))
        for text in request[attributes] ?? [] {
            filter.attributes.append(try attributeCondition(text))
        }
        return filter
    }

    private static func words(
        _ given: [String]?, named name: String, among known: [String]
    ) throws(HTTPError) -> [String]? {
        guard let words = given?.map({ $0.uppercased() }) else { return nil }
        let unknown = words.filter { !known.contains($0) }
        guard unknown.isEmpty else {
            let listed = unknown.map { "'\($0)'" }.joined(separator: ", ")
            throw HTTPError(.unprocessableContent, "Invalid \(name) values: [\(listed)]")
        }
        return words
    }

    private static func attributeCondition(
        _ text: String
    ) throws(HTTPError) -> SpanFilter.AttributeCondition {
        guard let colon = text.firstIndex(of: ":") else {
            throw HTTPError(
                .unprocessableContent,
                "Invalid attribute '\(text)': expected format 'key:value'")
        }
        let key = text[..<colon]
        let value = String(text[text.index(after: colon)...])
        guard !key.isEmpty else {
            throw HTTPError(.unprocessableContent, "Invalid attribute: key must not be empty")
        }
        guard !value.isEmpty else {
            throw HTTPError(.unprocessableContent, "Invalid attribute: value must not be empty")
        }
        // Text that is no JSON stands for itself.
        let parsed = (try? JSON.parse(value)) ?? .string(value)
        switch parsed {
        case .string, .integer, .double, .number, .bool: break
        case .null, .array, .object:
            throw HTTPError(
                .unprocessableContent,
                "Invalid attribute value '\(value)': must be a string, integer, float, or boolean. "
                    + "To match a string that looks like a number or boolean, JSON-quote the "
                    + "value: `key:\"12345\"`.")
        }
        return SpanFilter.AttributeCondition(
            path: key.split(separator: ".").map(String.init), value: parsed)
    }

    // MARK: Adding

    private func createSpans(_ request: APIRequest) async throws -> HTTPResponse {
        let identifier = Identifier<Project>(request[Self.projectIdentifier])
        // An unknown name makes a project; an unknown id does not.
        let projectName =
            identifier.rowID == nil ? identifier.text : try await store.project(identifier).name
        let given = (request.body["data"].array ?? []).compactMap(\.object)
        var spans: [SpanMapper.DirectSpan] = []
        var refusal = SpanRefusalResource(
            receivedCount: Int64(given.count), duplicates: [], invalid: [])
        for object in given {
            do throws(SpanDraftError) {
                spans.append(try SpanMapper.DirectSpan(object, projectName: projectName))
            } catch {
                refusal.invalid.append(Self.culprit(object, error: error.reason))
            }
        }
        let stored = try await store.storedSpanIDs(among: spans.map { OTelID($0.spanID) })
        refusal.duplicates = given.compactMap { object in
            guard let id = OTelID(hex: object["context"].object?.text("span_id") ?? ""),
                stored.contains(id)
            else { return nil }
            return Self.culprit(object)
        }
        if refusal.invalid.isEmpty, refusal.duplicates.isEmpty, !spans.isEmpty {
            for (index, reason) in try await ingesting.ingest(spans) {
                refusal.invalid.append(Self.culprit(given[index], error: reason))
            }
        }
        guard refusal.invalid.isEmpty, refusal.duplicates.isEmpty else {
            var writer = JSONWriter()
            refusal.write(to: &writer)
            return .text(.badRequest, String(decoding: writer.bytes, as: UTF8.self))
        }
        var writer = JSONWriter()
        SpanReceiptResource(
            receivedCount: Int64(given.count), queuedCount: Int64(given.count)
        ).write(to: &writer)
        return .json(.accepted, writer.bytes)
    }

    private static func culprit(
        _ object: DecodedObject, error: String? = nil
    ) -> SpanRefusalResource.Culprit {
        let context = object["context"].object
        return SpanRefusalResource.Culprit(
            spanID: context?.text("span_id") ?? "", traceID: context?.text("trace_id") ?? "",
            error: error)
    }
}
