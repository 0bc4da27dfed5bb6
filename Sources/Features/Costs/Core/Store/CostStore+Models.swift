import JSON
import PhoenixModel
import SQLCore
import Tracing

/// A model as a user describes it.
package struct ModelDraft: Hashable, Sendable {
    package var name: String
    /// Nil and empty are the same.
    package var provider: String?
    package var namePattern: String
    package var startTime: Timestamp?
    package var prices: [TokenPrice]

    package init(
        name: String, provider: String?, namePattern: String, startTime: Timestamp?,
        prices: [TokenPrice]
    ) {
        self.name = name
        self.provider = provider
        self.namePattern = namePattern
        self.startTime = startTime
        self.prices = prices
    }
}

extension CostStore {
    static let modelColumns: SQL = """
        g.id, g.name, g.provider, g.name_pattern, g.start_time, g.is_built_in, g.created_at,
        g.updated_at, g.deleted_at
        """

    static func model(_ row: SQLRow) -> GenerativeModel {
        GenerativeModel(
            id: GenerativeModel.ID(row.integer(0)), name: row.text(1), provider: row.text(2),
            namePattern: row.text(3),
            startTime: row.optionalInteger(4).map { Timestamp(microseconds: $0) },
            isBuiltIn: row.integer(5) != 0, createdAt: Timestamp(microseconds: row.integer(6)),
            updatedAt: Timestamp(microseconds: row.integer(7)),
            isDeleted: row.optionalInteger(8) != nil)
    }

    // MARK: Reading

    /// The models that are not deleted: first the custom ones, then by provider and name.
    package func models() async throws -> [GenerativeModel] {
        try await database.read { connection in
            try connection.query(
                """
                SELECT \(Self.modelColumns)
                FROM generative_models g
                WHERE g.deleted_at IS NULL
                """
            ).map(Self.model).sorted {
                ($0.isBuiltIn ? 1 : 0, $0.provider, $0.name, $0.id.value)
                    < ($1.isBuiltIn ? 1 : 0, $1.provider, $1.name, $1.id.value)
            }
        }
    }

    /// Models by their ids, deleted ones too.
    package func models(
        _ ids: [GenerativeModel.ID]
    ) async throws -> [GenerativeModel.ID: GenerativeModel] {
        try await database.read { connection in
            var found: [GenerativeModel.ID: GenerativeModel] = [:]
            for chunk in ids.map(\.value).chunked() {
                for row in try connection.query(
                    """
                    SELECT \(Self.modelColumns)
                    FROM generative_models g
                    WHERE g.id IN (\(list: chunk))
                    """)
                {
                    let model = Self.model(row)
                    found[model.id] = model
                }
            }
            return found
        }
    }

    /// The prices of models: by type, of one type the completion first.
    package func prices(
        of ids: [GenerativeModel.ID]
    ) async throws -> [GenerativeModel.ID: [TokenPrice]] {
        try await database.read { connection in
            var found: [GenerativeModel.ID: [TokenPrice]] = [:]
            for chunk in ids.map(\.value).chunked() {
                let prices = try Self.prices(where: "p.model_id IN (\(list: chunk))", connection)
                found.merge(prices) { $1 }
            }
            return found
        }
    }

    static func prices(
        where condition: SQL, _ connection: any SQLConnection
    ) throws -> [GenerativeModel.ID: [TokenPrice]] {
        let rows = try connection.query(
            """
            SELECT p.model_id, p.is_prompt, p.token_type, p.base_rate, p.customization
            FROM token_prices p
            WHERE \(condition)
            ORDER BY p.model_id, p.token_type, p.is_prompt
            """)
        var found: [GenerativeModel.ID: [TokenPrice]] = [:]
        for row in rows {
            let price = TokenPrice(
                isPrompt: row.integer(1) != 0, tokenType: row.text(2), rate: row.double(3),
                threshold: row.optionalBlob(4).flatMap(Self.threshold))
            found[GenerativeModel.ID(row.integer(0)), default: []].append(price)
        }
        return found
    }

    /// Reads a price's customization. One of an unknown kind changes nothing.
    private static func threshold(_ bytes: [UInt8]) -> TokenPrice.Threshold? {
        guard let value = try? JSON.parse(bytes),
            value["type"]?.stringValue == "threshold_based", let key = value["key"]?.stringValue,
            let threshold = value["threshold"]?.doubleValue,
            let rate = value["new_rate"]?.doubleValue
        else { return nil }
        return TokenPrice.Threshold(key: key, value: threshold, rate: rate)
    }

    /// Changes whenever a model does.
    static func version(_ connection: any SQLConnection) throws -> Int64 {
        try connection.first("SELECT COALESCE(MAX(updated_at), 0) FROM generative_models")?
            .integer(0) ?? 0
    }

    /// All models that calls are matched with.
    static func pricedModels(
        _ connection: any SQLConnection
    ) throws -> [(model: GenerativeModel, prices: [TokenPrice])] {
        let models = try connection.query(
            """
            SELECT \(modelColumns)
            FROM generative_models g
            WHERE g.deleted_at IS NULL
            ORDER BY g.id
            """
        ).map(model)
        let prices = try prices(
            where:
                "p.model_id IN (SELECT g.id FROM generative_models g WHERE g.deleted_at IS NULL)",
            connection)
        return models.map { ($0, prices[$0.id] ?? []) }
    }

    // MARK: Writing

    /// The number of the lock of PostgreSQL that whoever changes models holds: `prices` in ASCII.
    private static let lock: Int64 = 0x7072_6963_6573

    /// A time for `updated_at` that no model has yet, so that ``version(_:)`` changes.
    static func nextVersion(
        _ connection: any SQLConnection, now: Timestamp
    ) throws -> Int64 {
        if connection.dialect == .postgres {
            _ = try connection.query("SELECT pg_advisory_xact_lock(\(lock))")
        }
        return max(now.microseconds, try version(connection) + 1)
    }

    /// Adds a custom model.
    ///
    /// - Throws: ``ModelError`` when the draft is not complete or collides with another model.
    package func create(_ draft: ModelDraft, now: Timestamp) async throws -> GenerativeModel {
        try draft.validate()
        return try await database.write { connection in
            let version = try Self.nextVersion(connection, now: now)
            try Self.check(draft, except: nil, connection)
            let id = try connection.allocateIDs(1, for: "generative_models")[0]
            let start = draft.startTime.map { SQLValue.integer($0.microseconds) } ?? .null
            try connection.execute(
                """
                INSERT INTO generative_models (
                    id, name, provider, name_pattern, start_time, is_built_in, created_at,
                    updated_at)
                VALUES (
                    \(id), \(draft.name), \(draft.provider ?? ""), \(draft.namePattern),
                    CAST(\(start) AS BIGINT), 0, \(now.microseconds), \(version))
                """)
            try Self.insert(draft.prices, of: id, connection)
            return try Self.stored(id, connection)
        }
    }

    /// Changes a custom model. What its calls cost so far stays.
    ///
    /// - Throws: ``ModelError`` when there is no such model, it is a built-in one, or the draft is not
    ///   right.
    package func update(
        _ id: GenerativeModel.ID, to draft: ModelDraft, now: Timestamp
    ) async throws -> GenerativeModel {
        try draft.validate()
        return try await database.write { connection in
            let version = try Self.nextVersion(connection, now: now)
            let model = try Self.live(id, connection)
            if model.isBuiltIn { throw ModelError(.invalid, "Cannot update built-in model") }
            try Self.check(draft, except: id, connection)
            let start = draft.startTime.map { SQLValue.integer($0.microseconds) } ?? .null
            try connection.execute(
                """
                UPDATE generative_models
                SET name = \(draft.name), provider = \(draft.provider ?? ""),
                    name_pattern = \(draft.namePattern),
                    start_time = CAST(\(start) AS BIGINT),
                    updated_at = \(version)
                WHERE id = \(id)
                """)
            try connection.execute("DELETE FROM token_prices WHERE model_id = \(id)")
            try Self.insert(draft.prices, of: id.value, connection)
            return try Self.stored(id.value, connection)
        }
    }

    /// Deletes a custom model: it matches no more, and what its calls cost stays.
    ///
    /// - Throws: ``ModelError`` when there is no such model or it is a built-in one.
    package func delete(_ id: GenerativeModel.ID, now: Timestamp) async throws -> GenerativeModel {
        try await database.write { connection in
            let version = try Self.nextVersion(connection, now: now)
            let model = try Self.live(id, connection)
            if model.isBuiltIn { throw ModelError(.invalid, "Cannot delete built-in model") }
            try connection.execute(
                """
                UPDATE generative_models
                SET deleted_at = \(now.microseconds), updated_at = \(version)
                WHERE id = \(id)
                """)
            return try Self.stored(id.value, connection)
        }
    }

    private static func stored(
        _ id: Int64, _ connection: any SQLConnection
    ) throws -> GenerativeModel {
        let row = try connection.first(
            "SELECT \(modelColumns) FROM generative_models g WHERE g.id = \(id)")
        guard let row else { throw ModelError.notFound(GenerativeModel.ID(id)) }
        return model(row)
    }

    private static func live(
        _ id: GenerativeModel.ID, _ connection: any SQLConnection
    ) throws -> GenerativeModel {
        let model = try stored(id.value, connection)
        if model.isDeleted { throw ModelError.notFound(id) }
        return model
    }

    private static func insert(
        _ prices: [TokenPrice], of model: Int64, _ connection: any SQLConnection
    ) throws {
        var rows = PriceRows()
        rows.append(prices, of: model)
        try rows.store(on: connection)
    }

    /// Looks for custom models that a draft collides with.
    private static func check(
        _ draft: ModelDraft, except id: GenerativeModel.ID?, _ connection: any SQLConnection
    ) throws {
        let rows = try connection.query(
            """
            SELECT g.name, g.name_pattern, g.provider
            FROM generative_models g
            WHERE g.deleted_at IS NULL AND g.is_built_in = 0 AND g.id <> \(id?.value ?? 0)
                AND (g.name = \(draft.name)
                    OR (g.name_pattern = \(draft.namePattern)
                        AND g.provider = \(draft.provider ?? "")))
            ORDER BY g.id
            """)
        if rows.contains(where: { $0.text(0) == draft.name }) {
            throw ModelError(.conflict, "Model with name '\(draft.name)' already exists")
        }
        if let other = rows.first {
            let provider = draft.provider.flatMap { $0.isEmpty ? nil : "provider '\($0)'" }
            throw ModelError(
                .conflict,
                "Model '\(other.text(0))' already uses name pattern '\(draft.namePattern)' "
                    + "with \(provider ?? "no provider")")
        }
    }
}
