import APISupport
import FilterLanguage
import HTTPMessages
import PhoenixModel

/// The REST routes of projects, traces, spans and sessions.
package struct TracingRoutes: Sendable {
    let store: TracingStore
    let ingesting: any SpanIngesting
    let now: @Sendable () -> Timestamp
    let searchBudget: @Sendable () -> SearchBudget

    /// - Parameter searchBudget: Begins the time that one search may take.
    package init(
        store: TracingStore, ingesting: any SpanIngesting, now: @escaping @Sendable () -> Timestamp,
        searchBudget: @escaping @Sendable () -> SearchBudget = {
            SearchBudget(SearchBudget.usualDuration, clock: ContinuousClock())
        }
    ) {
        self.store = store
        self.ingesting = ingesting
        self.now = now
        self.searchBudget = searchBudget
    }

    package var routes: [Route] {
        projectRoutes + spanRoutes + spanQueryRoutes + searchRoutes + completionRoutes
            + traceRoutes + skeletonRoutes + exportRoutes + sessionRoutes
    }

    // MARK: What several routes share

    enum Order: String, CaseIterable {
        case ascending = "asc"
        case descending = "desc"
    }

    static let projectIdentifier = Parameter<String>.path(
        "project_identifier",
        "The global id or the name of a project. A slash in a name is written %2F.")

    static let cursor = Parameter<String?>.text("cursor", "The next_cursor of the page before.")

    /// A condition of one of the filter languages; nil when there is none, or an empty one.
    ///
    /// - Throws: An answer in the words of the filter language.
    static func filter(
        _ text: String?, in language: FilterLanguage
    ) throws(HTTPError) -> Filter? {
        guard let text, !text.isEmpty else { return nil }
        let filter: Filter
        do throws(FilterError) {
            filter = try Filter(text, in: language)
        } catch {
            throw HTTPError(.badRequest, error.message)
        }
        // Blanks are no empty filter here, other than in GraphQL.
        guard filter.condition != nil else {
            throw HTTPError(.badRequest, "invalid syntax (<unknown>, line 0)")
        }
        return filter
    }

    /// The row id in a cursor of a list that is sorted by it. The type in the cursor does not count.
    static func rowID<Noun>(
        in cursor: String?, fault: (String) -> String
    ) throws(HTTPError) -> RowID<Noun>? {
        guard let cursor, !cursor.isEmpty else { return nil }
        guard let id = NodeID(cursor) else {
            throw HTTPError(.unprocessableContent, fault(cursor))
        }
        return RowID(id.rowID)
    }

    static func sortCursor(_ text: String?) throws(HTTPError) -> SortCursor? {
        guard let text, !text.isEmpty else { return nil }
        guard let cursor = SortCursor(text) else { throw invalidCursor }
        return cursor
    }

    static let invalidCursor = HTTPError(.unprocessableContent, "Invalid cursor")

    func project(named text: String) async throws -> Project {
        try await store.project(Identifier(text))
    }
}
