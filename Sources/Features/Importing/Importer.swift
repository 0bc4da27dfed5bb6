import SQLCore
import Tracing

/// Copies a database of Arize Phoenix into an empty one of this Phoenix.
///
/// Row ids stay, and so do all ids that clients and links know. Each batch is stored together with how
/// far it came, so an import that was cut off at any moment goes on from there when it is run again.
package struct Importer: Sendable {
    /// How far a table is.
    package struct Progress: Sendable {
        package let table: String
        package let copied: Int64
        package let total: Int64
    }

    private let source: ImportSource
    private let target: TracingStore
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int64

    /// - Parameter target: A database with the current schema that nobody else writes to.
    package init(
        from source: ImportSource, to target: any SQLDatabase,
        now: @escaping @Sendable () -> Int64
    ) {
        self.source = source
        self.target = TracingStore(target)
        self.now = now
    }

    /// Copies what is missing, and compares.
    ///
    /// - Parameter progress: Called before a table and after each batch of it.
    /// - Throws: ``ImportError`` when the target holds something else already; then nothing was
    ///   changed.
    package func run(
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> ImportReport {
        try await begin()
        for table in ImportedTable.beforeSpans { try await copy(table, progress) }
        try await copySpans(progress)
        for table in ImportedTable.afterSpans { try await copy(table, progress) }
        let report = try await compare()
        if report.isEqual {
            let now = now()
            try await target.database.write { connection in
                _ = try connection.execute("UPDATE imports SET finished_at = \(now)")
            }
        }
        return report
    }

    // MARK: Beginning

    /// The tables that must have no rows of their own.
    private static let tables =
        ImportedTable.beforeSpans + [ImportedTable("spans", [:])] + ImportedTable.afterSpans

    /// Checks the target and takes away what every database begins with, unless an import was begun.
    func begin() async throws {
        let source = source
        let highest = try await Self.highestIDs(source)
        let now = now()
        try await target.database.write { connection in
            let begun = try connection.first("SELECT i.source, i.finished_at FROM imports i")
            if let begun {
                guard begun.text(0) == source.fingerprint else {
                    throw ImportError(
                        "An import of another database was begun here. Finish that one, or give "
                            + "this one an empty database.")
                }
                guard begun[1].isNull else {
                    throw ImportError("This source was imported here already; nothing is left.")
                }
            } else {
                try Self.requireEmpty(connection)
                try Self.removeSeeds(connection)
                try connection.execute(
                    """
                    INSERT INTO imports (id, source, revision, started_at)
                    VALUES (1, \(source.fingerprint), \(source.revision), \(now))
                    """)
            }
            for (table, id) in highest { try connection.reserveIDs(upTo: id, for: table) }
        }
    }

    private static func highestIDs(_ source: ImportSource) async throws -> [(String, Int64)] {
        try await source.database.read { connection in
            try tables.filter(\.hasSequence).compactMap { table in
                let query: SQL = "SELECT MAX(id) FROM \(unsafe: table.name)"
                guard let id = try connection.first(query)?.optionalInteger(0) else { return nil }
                return (table.name, id)
            }
        }
    }

    /// What every database has from its start, as conditions for the rows that are not of that.
    private static let foreign: [String: SQL] = [
        "projects": "name <> 'default'",
        "project_trace_retention_policies": "id <> 0",
        "annotation_configs": "name <> 'user_feedback'",
        "generative_models": "is_built_in = 0",
        "token_prices":
            "model_id IN (SELECT g.id FROM generative_models g WHERE g.is_built_in = 0)",
    ]

    private static func requireEmpty(_ connection: any SQLConnection) throws {
        for table in tables {
            let condition = foreign[table.name] ?? "1 = 1"
            let row = try connection.first(
                "SELECT 1 FROM \(unsafe: table.name) WHERE \(condition) LIMIT 1")
            guard row == nil else {
                throw ImportError(
                    "The database to import into is not empty: it has rows of its own in "
                        + "\(table.name). Give the import a new database, such as another "
                        + "PHOENIX_WORKING_DIR.")
            }
        }
    }

    private static func removeSeeds(_ connection: any SQLConnection) throws {
        for table in [
            "projects", "project_trace_retention_policies", "annotation_configs", "token_prices",
            "generative_models", "price_lists",
        ] {
            try connection.execute("DELETE FROM \(unsafe: table)")
        }
    }

    // MARK: Copying

    private func copy(
        _ table: ImportedTable, _ progress: @escaping @Sendable (Progress) -> Void
    ) async throws {
        let copy = TableCopy(table: table, source: source, target: target.database)
        try await following(table.name, progress) { try await copy.run(progress: $0) }
    }

    private func copySpans(_ progress: @escaping @Sendable (Progress) -> Void) async throws {
        let copy = SpanCopy(source: source, target: target, now: now())
        try await following("spans", progress) { try await copy.run(progress: $0) }
    }

    private func following(
        _ table: String, _ progress: @escaping @Sendable (Progress) -> Void,
        _ body: ((Int) -> Void) async throws -> Void
    ) async throws {
        let total = try await source.count(table)
        var copied = try await target.database.read {
            try $0.first("SELECT COUNT(*) FROM \(unsafe: table)")!.integer(0)
        }
        progress(Progress(table: table, copied: copied, total: total))
        try await body { count in
            copied += Int64(count)
            progress(Progress(table: table, copied: copied, total: total))
        }
    }

    // MARK: Comparing

    func compare() async throws -> ImportReport {
        var report = ImportReport(revision: source.revision, leftOut: source.leftOut)
        let comparison = Comparison(source: source, target: target)
        for table in ImportedTable.beforeSpans {
            report.tables.append(try await comparison.tableReport(table))
        }
        report.tables += try await comparison.spanReports(recounted: &report.recountedSpans)
        for table in ImportedTable.afterSpans {
            report.tables.append(try await comparison.tableReport(table))
        }
        return report
    }
}

extension SQLConnection {
    /// Lets the sequence of a table give out ids beyond `id` only.
    fileprivate func reserveIDs(upTo id: Int64, for table: String) throws {
        guard id > 0 else { return }
        switch dialect {
        case .sqlite:
            try execute(
                """
                INSERT INTO id_sequences (table_name, last_id)
                VALUES (\(table), \(id))
                ON CONFLICT (table_name) DO UPDATE SET last_id = MAX(last_id, excluded.last_id)
                """)
        case .postgres:
            let name = "\(table)_id_seq"
            _ = try query(
                """
                SELECT setval(\(name)::text::regclass, GREATEST(\(id)::bigint, last_value))
                FROM \(unsafe: name)
                """)
        }
    }
}
