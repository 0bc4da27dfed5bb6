import PhoenixModel
import SQLCore

/// Finds the first spans of a list by what their traces cost: an index of the traces leads to them.
struct TraceCostWalk {
    let listing: SpanListing
    let start: SpanListing.Start

    /// How many traces one statement looks at, from the first statement on.
    private static let groupSizes = [64, 256, 1024, 4096]
    private static let groupSizeMax = 16384
    /// How many traces of the same cost are sorted at most.
    private static let tiedMax = 4096

    private static let cost: SQL = "(ct.prompt_cost + ct.completion_cost)"
    /// Nothing is known of a cost that is 0.
    private static let isKnown: SQL = "ct.cost_count > 0 AND \(cost) > 0"

    private var isDescending: Bool { listing.sort.isDescending }
    private var direction: SQL { isDescending ? "DESC" : "ASC" }

    /// - Returns: At most `limit` places, in their order.
    func places(limit: Int) throws -> [SpanPlace] {
        var found: [SpanPlace] = []
        var bound: SQL?
        switch start {
        case .beginning: break
        case .at(let place) where place.value.isNull, .behind(let place) where place.value.isNull:
            return try places(costing: nil, limit: limit)
        case .at(let place), .behind(let place): bound = atOrBehind(place.value)
        }
        var turn = 0
        while found.count < limit {
            let size = turn < Self.groupSizes.count ? Self.groupSizes[turn] : Self.groupSizeMax
            turn += 1
            let group = traces(bound, limit: size)
            guard let ends = try ends(of: group) else { break }
            let left = limit - found.count
            if ends.count == size, ends.first == ends.last {
                guard size >= Self.tiedMax else { continue }
                // More traces cost the same than one may sort: the order among them is that of the
                // spans' ids.
                found += try places(costing: ends.first, limit: left)
                bound = behind(.double(ends.first))
                turn = 0
                continue
            }
            let rows = try places(of: group, limit: left)
            if ends.count < size {
                found += rows
                break
            }
            // Of the traces that cost as much as the last one, some may have been left out.
            found += rows.filter { $0.value != .double(ends.last) }
            bound = atOrBehind(.double(ends.last))
        }
        guard found.count < limit else { return found }
        return try found + places(costing: nil, limit: limit - found.count)
    }

    private func atOrBehind(_ value: SQLValue) -> SQL {
        isDescending ? "\(Self.cost) <= \(value)" : "\(Self.cost) >= \(value)"
    }

    private func behind(_ value: SQLValue) -> SQL {
        isDescending ? "\(Self.cost) < \(value)" : "\(Self.cost) > \(value)"
    }

    private func traces(_ bound: SQL?, limit: Int) -> SQL {
        let conditions: [SQL] =
            ["ct.project_rowid = \(listing.project)", Self.isKnown]
            + [bound].compactMap { $0 }
        return """
            SELECT ct.id, \(Self.cost) AS cost
            FROM traces ct
            WHERE \(conditions, separator: " AND ")
            ORDER BY \(Self.cost) \(direction)
            LIMIT \(limit)
            """
    }

    /// How many traces a group has, and what its first and its last one cost; nil when it is empty.
    private func ends(of group: SQL) throws -> (count: Int, first: Double, last: Double)? {
        let row = try listing.connection.first(
            "SELECT COUNT(*), MIN(g.cost), MAX(g.cost) FROM (\(group)) g")!
        guard let least = row.optionalDouble(1), let most = row.optionalDouble(2) else {
            return nil
        }
        let count = Int(row.integer(0))
        return isDescending ? (count, most, least) : (count, least, most)
    }

    private func places(of group: SQL, limit: Int) throws -> [SpanPlace] {
        // The traces are of the project, so the spans need not be asked: where nothing is filtered,
        // SQLite reads the first page from their index by traces alone.
        let conditions: [SQL] =
            ["s.trace_rowid = g.id"] + listing.filter.conditions(path: nil, listing.payloads)
            + listing.startConditions(start)
        return try listing.connection.query(
            """
            SELECT s.id, g.cost
            FROM (\(group)) g
            JOIN spans s ON \(conditions, separator: " AND ")
            ORDER BY g.cost \(direction), s.id \(direction)
            LIMIT \(limit)
            """
        ).map { SpanPlace($0[1], $0.id(0)) }
    }

    /// The places of spans whose traces cost as much, or of those of unknown cost.
    private func places(costing cost: Double?, limit: Int) throws -> [SpanPlace] {
        let isOfCost: SQL = cost.map { "\(Self.cost) = \($0)" } ?? "\(Self.cost) = 0"
        let exists: SQL = """
            EXISTS (
                SELECT 1
                FROM traces ct
                WHERE ct.id = s.trace_rowid AND ct.cost_count > 0 AND \(isOfCost))
            """
        let conditions =
            listing.filter.conditions(in: listing.project, path: nil, listing.payloads)
            + listing.startConditions(start) + [exists]
        let walk = SegmentWalk(
            project: listing.project, filter: listing.filter,
            sort: SpanSort(.id, isDescending: isDescending), conditions: conditions,
            connection: listing.connection)
        return try walk.places(limit: limit, after: nil)
            .map { SpanPlace(cost.sqlValue, $0.id) }
    }
}
