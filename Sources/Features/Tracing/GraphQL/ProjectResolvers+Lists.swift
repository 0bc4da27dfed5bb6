import APISupport
import BinaryText
import FilterLanguage
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import SQLCore

extension ProjectResolvers {
    func addLists(to fields: inout Fields) {
        let store = store
        fields.field("spans") { parent, arguments, context in
            try await Self.spans(of: parent.id, arguments, store)
        }
        fields.field("sessions") { parent, arguments, context in
            try await Self.sessions(of: parent.id, arguments, store)
        }
        fields.field("trace") { parent, arguments, _ in
            let id = Identifier<Trace>(arguments.string("traceId") ?? "")
            guard let trace = try await store.traceIfAny(id), trace.projectID == parent.id else {
                return .null
            }
            return .object(NodeValue(trace))
        }
    }

    // MARK: Spans

    private static func spans(
        of project: Project.ID, _ arguments: FieldArguments, _ store: TracingStore
    ) async throws -> ResolvedValue {
        let page = try KeysetPage(arguments)
        var filter = SpanFilter()
        let range = arguments.timeRange
        filter.startTime = range.start
        filter.endTime = range.end
        filter.expressions = [
            try arguments.filter("filterCondition", in: .span),
            try arguments.filter("traceFilterCondition", in: .trace),
        ].compactMap { $0 }
        let skipped = arguments.integer("skip") ?? 0
        guard skipped >= 0 else {
            throw GraphQLFault.badRequest("The argument skip must not be negative.")
        }
        guard skipped == 0 || page.after == nil else {
            throw GraphQLFault.badRequest("Give skip or after, not both.")
        }
        guard let sort = arguments.object("sort") else {
            let place = try page.after.map { cursor in
                guard let id = KeysetCursor(cursor)?.rowID else { throw page.invalidCursor }
                return SpanPlace(.integer(id), Span.ID(id))
            }
            let spans = try await store.sortedSpans(
                of: project, where: filter, by: SpanSort(.id, isDescending: false), after: place,
                skipping: skipped, limit: page.first)
            return connection(spans, page) { KeysetCursor(rowID: $0.span.id.value).description }
        }
        guard let column = try spanColumn(sort) else {
            return try await annotatedSpans(of: project, where: filter, sort, page, store)
        }
        let place = try page.after.map { cursor in
            guard let value = KeysetCursor(cursor), let place = column.place(of: value) else {
                throw page.invalidCursor
            }
            return SpanPlace(place, Span.ID(value.rowID))
        }
        let spans = try await store.sortedSpans(
            of: project, where: filter,
            by: SpanSort(column.column, isDescending: sort["dir"]?.stringValue == "desc"),
            after: place, skipping: skipped, limit: page.first)
        return connection(spans, page) { span in
            let value = column.cursorValue(of: span.place.value)
            return KeysetCursor(rowID: span.span.id.value, value: value).description
        }
    }

    private static func connection(
        _ spans: Page<SortedSpan>, _ page: KeysetPage, cursor: (SortedSpan) -> String
    ) -> ResolvedValue {
        let read = spans.rows + (spans.following.map { [$0] } ?? [])
        return .connection(
            page.connection(read, cursor: cursor) { .object(NodeValue($0.span)) })
    }

    private static func annotatedSpans(
        of project: Project.ID, where filter: SpanFilter, _ sort: JSONObject, _ page: KeysetPage,
        _ store: TracingStore
    ) async throws -> ResolvedValue {
        let sort = AnnotationSort(sort["evalResultKey"], sort)
        let spans = try await store.annotatedSpans(
            of: project, where: filter, by: sort, after: try sort.place(page), limit: page.limit)
        return .connection(
            page.connection(spans) {
                sort.cursor(of: $0.place)
            } node: {
                .object(NodeValue($0.span))
            })
    }

    /// The column that spans are sorted by; nil for an annotation.
    private static func spanColumn(_ sort: JSONObject) throws -> SpanColumn? {
        let name = sort["col"]?.stringValue
        let key = sort["evalResultKey"]?.objectValue
        switch (name, key) {
        case (let name?, nil):
            guard let column = SpanColumn(name) else {
                throw GraphQLFault.badRequest("Spans cannot be sorted by \(name).")
            }
            return column
        case (nil, _?): return nil
        default:
            throw GraphQLFault.badRequest(
                "Spans are sorted either by `col` or by `evalResultKey`; give one of the two.")
        }
    }

    // MARK: Sessions

    private static func sessions(
        of project: Project.ID, _ arguments: FieldArguments, _ store: TracingStore
    ) async throws -> ResolvedValue {
        let page = try KeysetPage(arguments)
        let selection = try arguments.selection()
        var column: SessionColumn?
        var sort = SessionSort(.id, isDescending: false)
        if let order = arguments.object("sort") {
            switch (order["col"]?.stringValue, order["annoResultKey"]?.objectValue) {
            case (let name?, nil):
                guard let known = SessionColumn(name) else {
                    throw GraphQLFault.badRequest("Sessions cannot be sorted by \(name).")
                }
                column = known
                sort = SessionSort(
                    known.column, isDescending: order["dir"]?.stringValue == "desc")
            case (nil, let key?):
                let sort = AnnotationSort(.object(key), order)
                let sessions = try await store.annotatedSessions(
                    of: project, in: selection, by: sort, after: try sort.place(page),
                    limit: page.limit)
                return .connection(
                    page.connection(sessions) {
                        sort.cursor(of: $0.place)
                    } node: {
                        .object(NodeValue($0.session))
                    })
            default:
                throw GraphQLFault.badRequest(
                    "Sessions are sorted either by `col` or by `annoResultKey`; give one of the"
                        + " two.")
            }
        }
        let place = try page.after.map { text -> (value: SQLValue, id: Session.ID) in
            guard let cursor = KeysetCursor(text) else { throw page.invalidCursor }
            let id = Session.ID(cursor.rowID)
            guard let column else { return (.integer(cursor.rowID), id) }
            guard let value = column.place(of: cursor) else { throw page.invalidCursor }
            return (value, id)
        }
        let sessions = try await store.sortedSessions(
            of: project, in: selection, by: sort, after: place, limit: page.limit)
        let connection = page.connection(sessions) { session in
            let value = column?.cursorValue(of: session.value)
            return KeysetCursor(rowID: session.session.id.value, value: value).description
        } node: {
            .object(NodeValue($0.session))
        }
        return .connection(connection)
    }
}

extension AnnotationSort {
    /// - Parameters:
    ///   - key: `EvalResultKey` or `ProjectSessionAnnoResultKey`.
    ///   - sort: What it is a member of.
    fileprivate init(_ key: JSONValue?, _ sort: JSONObject) {
        self.init(
            name: key?["name"]?.stringValue ?? "",
            attribute: key?["attr"]?.stringValue.flatMap(Attribute.init) ?? .score,
            isDescending: sort["dir"]?.stringValue == "desc")
    }

    private var form: CursorForm { attribute == .score ? .float : .text }

    fileprivate func cursor(of place: AnnotationPlace) -> String {
        KeysetCursor(rowID: place.row, value: form.value(of: place.value)).description
    }

    fileprivate func place(_ page: KeysetPage) throws -> AnnotationPlace? {
        guard let text = page.after else { return nil }
        guard let cursor = KeysetCursor(text), let value = form.stored(cursor.value) else {
            throw page.invalidCursor
        }
        return AnnotationPlace(value, row: cursor.rowID)
    }
}
