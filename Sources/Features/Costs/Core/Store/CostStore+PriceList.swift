import PhoenixModel
import SQLCore

extension CostStore {
    /// Makes the built-in models what the price list of this version says.
    ///
    /// Models keep their ids from list to list; those that a list no longer has are marked as deleted.
    /// Nothing is written when the database has the list already.
    ///
    /// - Returns: Whether anything was written.
    @discardableResult
    package func applyPriceList(now: Timestamp) async throws -> Bool {
        // The list is read only when it is needed, which is once for each version of it.
        if try await isApplied(PriceList.builtInDigest) { return false }
        return try await apply(try PriceList.builtIn(), now: now)
    }

    func apply(_ list: PriceList, now: Timestamp) async throws -> Bool {
        if try await isApplied(list.digest) { return false }
        return try await database.write { connection in
            let version = try Self.nextVersion(connection, now: now)
            // Another server may have been here since.
            guard try Self.latestList(connection) != list.digest else { return false }
            try Self.replaceBuiltIns(with: list, version: version, now: now, connection)
            try connection.execute("DELETE FROM price_lists WHERE digest = \(list.digest)")
            try connection.execute(
                """
                INSERT INTO price_lists (digest, applied_at)
                VALUES (\(list.digest), \(version))
                """)
            return true
        }
    }

    private func isApplied(_ digest: String) async throws -> Bool {
        try await database.read { try Self.latestList($0) == digest }
    }

    private static func latestList(_ connection: any SQLConnection) throws -> String? {
        try connection.first(
            "SELECT l.digest FROM price_lists l ORDER BY l.applied_at DESC, l.digest LIMIT 1")?
            .text(0)
    }

    private static func replaceBuiltIns(
        with list: PriceList, version: Int64, now: Timestamp, _ connection: any SQLConnection
    ) throws {
        var known: [String: Int64] = [:]
        for row in try connection.query(
            "SELECT g.name, MAX(g.id) FROM generative_models g WHERE g.is_built_in = 1 GROUP BY g.name"
        ) { known[row.text(0)] = row.integer(1) }
        // All are deleted first, so that two models may swap their patterns.
        try connection.execute(
            """
            UPDATE generative_models
            SET deleted_at = \(now.microseconds), updated_at = \(version)
            WHERE is_built_in = 1 AND deleted_at IS NULL
            """)
        let fresh = list.models.filter { known[$0.name] == nil }
        let ids = try connection.allocateIDs(fresh.count, for: "generative_models")
        var rows = BulkRows([
            .init("id", .bigint), .init("name", .text), .init("provider", .text),
            .init("name_pattern", .text), .init("is_built_in", .integer),
            .init("created_at", .bigint), .init("updated_at", .bigint),
        ])
        var prices = PriceRows()
        for (model, id) in zip(fresh, ids) {
            prices.append(model.prices, of: id)
            rows.append(id)
            rows.append(model.name)
            rows.append(model.provider)
            rows.append(model.pattern)
            rows.append(Int64(1))
            rows.append(now.microseconds)
            rows.append(version)
        }
        for model in list.models {
            guard let id = known[model.name] else { continue }
            try connection.execute(
                """
                UPDATE generative_models
                SET provider = \(model.provider), name_pattern = \(model.pattern),
                    deleted_at = NULL
                WHERE id = \(id)
                """)
            prices.append(model.prices, of: id)
        }
        try connection.insert(rows, into: "generative_models")
        try connection.execute(
            """
            DELETE FROM token_prices
            WHERE model_id IN (SELECT g.id FROM generative_models g WHERE g.is_built_in = 1)
            """)
        try prices.store(on: connection)
    }
}
