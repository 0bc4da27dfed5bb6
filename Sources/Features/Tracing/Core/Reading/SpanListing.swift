import FilterLanguage
import PhoenixModel
import SQLCore

/// Finds the places of one page of a sorted and filtered list of spans.
struct SpanListing {
    let project: Project.ID
    let filter: SpanFilter
    let sort: SpanSort
    let payloads: any SpanPayloadStore
    let connection: any SQLConnection

    /// Where a page begins.
    enum Start {
        case beginning
        case at(SpanPlace)
        case behind(SpanPlace)
    }

    /// How many spans along an index are looked at before segments are asked which to look at.
    private static let probeSize = 512

    /// - Returns: At most `limit` places, in their order.
    func places(from start: Start, limit: Int) throws -> [SpanPlace] {
        if isServedByIndex {
            let path = try filter.path(in: project, sort: sort, on: connection)
            if path != .segments { return try indexPlaces(along: path, from: start, limit: limit) }
        }
        if let annotations = try fewAnnotations() {
            return try places(annotatedBy: annotations, from: start, limit: limit)
        }
        if let found = try probe(from: start, limit: limit), found.count == limit { return found }
        if sort.column == .cumulativeTokenCostTotal {
            let walk = TraceCostWalk(listing: self, start: start)
            return try walk.places(limit: limit)
        }
        let conditions =
            filter.conditions(in: project, path: nil, payloads)
            + [sort.membership].compactMap { $0 }
        let walk = SegmentWalk(
            project: project, filter: filter, sort: sort,
            conditions: conditions + startConditions(start), connection: connection)
        switch start {
        case .beginning: return try walk.places(limit: limit, after: nil)
        case .at(let place), .behind(let place):
            return try walk.places(limit: limit, after: place)
        }
    }

    /// The conditions on the spans table called `s` for being on the page or behind it.
    func startConditions(_ start: Start) -> [SQL] {
        switch start {
        case .beginning: []
        case .at(let place): [sort.isBehind(place, orAtIt: true)]
        case .behind(let place): [sort.isBehind(place)]
        }
    }

    // MARK: Annotated spans

    /// How many annotations count as few.
    private static let fewAnnotationsMax = 10_000

    /// Which annotations, called `fa0`, every selected span has one of, where those are few.
    private func fewAnnotations() throws -> SQL? {
        let columns = TracingFilterColumns(language: .span, payloads: payloads)
        let conditions = filter.expressions.flatMap { expression in
            expression.requiredSpanAnnotations.sorted().map {
                expression.annotationCondition(named: $0, over: columns)
            }
        }
        for condition in conditions.prefix(4) {
            let count = try connection.first(
                """
                SELECT COUNT(*)
                FROM (
                    SELECT 1
                    FROM span_annotations fa0
                    WHERE \(condition)
                    LIMIT \(Self.fewAnnotationsMax + 1)
                ) few
                """)
            if let count, count.integer(0) <= Self.fewAnnotationsMax { return condition }
        }
        return nil
    }

    private func places(
        annotatedBy annotations: SQL, from start: Start, limit: Int
    ) throws -> [SpanPlace] {
        let conditions =
            filter.conditions(in: project, path: nil, payloads)
            + [sort.membership].compactMap { $0 } + startConditions(start)
        let join: SQL = .dialect(sqlite: "CROSS JOIN", postgres: "JOIN")
        return try connection.query(
            """
            SELECT s.id, \(sort.key)
            FROM (
                SELECT DISTINCT fa0.span_rowid
                FROM span_annotations fa0
                WHERE \(annotations)
            ) AS annotated \(join) spans s ON s.id = annotated.span_rowid
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    // MARK: Passing over

    /// How many places are passed over where no index has them in order.
    static let sortedPlacesMax = 2000

    /// The last of the first `count` places; nil when there are fewer.
    ///
    /// - Throws: ``TracingError`` when that would take too long: no index has the order, and there are
    ///   more than ``sortedPlacesMax``.
    func place(behind count: Int) throws -> SpanPlace? {
        let isOrdered =
            filter.selectsByTimeOnly && (sort.column == .id || sort.column == .startTime)
            || filter.selectsRootsByTimeOnly && sort.column == .startTime
        var path = SpanFilter.Path.startTime
        if isOrdered, sort.column == .id {
            path = try filter.path(in: project, sort: sort, on: connection)
        }
        guard isOrdered, path != .segments || count > Self.sortedPlacesMax else {
            guard count <= Self.sortedPlacesMax else {
                throw TracingError(
                    .malformed,
                    "With this filter and order, \(Self.sortedPlacesMax) spans can be skipped at "
                        + "most, not \(count). Go on from a cursor instead.")
            }
            let places = try places(from: .beginning, limit: count)
            return places.count == count ? places.last : nil
        }
        return try connection.first(
            """
            SELECT s.id, \(sort.key)
            FROM spans s
            WHERE \(filter.conditions(in: project, path: path, payloads), separator: " AND ")
            ORDER BY \(SpanFilter.ordering(sort, path: path))
            LIMIT 1 OFFSET \(count - 1)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    // MARK: Indexes

    /// Whether an index leads to the page without passing over many spans.
    private var isServedByIndex: Bool {
        if filter.traceIDs != nil || filter.spanIDs != nil { return true }
        if case .id? = filter.parent { return true }
        if filter.expressions.contains(where: \.isServedByIndex) { return true }
        return filter.selectsByTimeOnly && (sort.column == .id || sort.column == .startTime)
    }

    private func indexPlaces(
        along path: SpanFilter.Path, from start: Start, limit: Int
    ) throws -> [SpanPlace] {
        let conditions =
            filter.conditions(
                in: project, path: sort.column == .startTime ? .startTime : path, payloads)
            + [sort.membership].compactMap { $0 }
        return try connection.query(
            """
            SELECT s.id, \(sort.key)
            FROM spans s
            WHERE \(conditions + startConditions(start), separator: " AND ")
            ORDER BY \(SpanFilter.ordering(sort, path: path))
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    /// What the filter selects of the first spans along the index that has the order; nil without
    /// such an index, or when those spans cannot fill the page.
    private func probe(from start: Start, limit: Int) throws -> [SpanPlace]? {
        guard limit <= Self.probeSize else { return nil }
        switch sort.column {
        case .id: return try probeIDs(from: start, limit: limit)
        case .startTime: return try probeStartTimes(from: start, limit: limit)
        default: return nil
        }
    }

    private func probeIDs(from start: Start, limit: Int) throws -> [SpanPlace]? {
        let window = ["s.project_rowid = \(project)"] + startConditions(start)
        let last = try connection.integers(
            """
            SELECT s.id
            FROM spans s
            WHERE \(window, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT 1 OFFSET \(Self.probeSize - 1)
            """
        ).first
        guard let last else { return nil }
        let conditions =
            filter.conditions(in: project, path: .rowID, payloads) + startConditions(start)
            + [sort.isDescending ? "s.id >= \(last)" : "s.id <= \(last)"]
        return try connection.query(
            """
            SELECT s.id, \(sort.key)
            FROM spans s
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    private func probeStartTimes(from start: Start, limit: Int) throws -> [SpanPlace]? {
        var window: [SQL] = ["s.project_rowid = \(project)"]
        if let startTime = filter.startTime { window.append("s.start_time >= \(startTime)") }
        if let endTime = filter.endTime { window.append("s.start_time < \(endTime)") }
        window += startConditions(start)
        let near = try connection.integers(
            """
            SELECT s.id
            FROM spans s
            WHERE \(window, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT \(Self.probeSize)
            """)
        guard near.count >= limit else { return nil }
        let conditions = filter.conditions(in: project, path: nil, payloads)
        // In the order of their ids, in which payloads lie together.
        let rows = near.sorted().map { [SQLValue.integer($0)] }
        let join: SQL = .dialect(sqlite: "CROSS JOIN", postgres: "JOIN")
        return try connection.query(
            """
            SELECT s.id, s.start_time
            FROM (VALUES \(rows: rows, padded: false)) AS near \(join) spans s
                ON s.id = near.column1
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(sort.ordering)
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }
}

extension Filter {
    /// Whether the filter selects by an id that has an index.
    fileprivate var isServedByIndex: Bool {
        guard language == .span, let condition else { return false }
        if case .all(let terms) = condition { return terms.contains(where: Self.selectsByID) }
        return Self.selectsByID(condition)
    }

    private static func selectsByID(_ term: FilterTerm) -> Bool {
        switch term {
        case .comparison(.field(let field, of: 0), .equal, .text),
            .comparison(.text, .equal, .field(let field, of: 0)),
            .membership(.field(let field, of: 0), _):
            field == .spanID || field == .parentID || field == .traceID
        default: false
        }
    }
}
