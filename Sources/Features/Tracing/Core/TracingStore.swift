import SQLCore
import SQLiteDatabase

/// Projects, sessions, traces and spans in the database.
///
/// The queries of each noun are in an extension of its own.
package struct TracingStore: Sendable {
    package let database: any SQLDatabase
    package let payloads: any SpanPayloadStore
    private let pricing: (any SpanPricing)?

    /// - Parameter pricing: What says what a call of a language model costs; without it none has a
    ///   cost.
    package init(_ database: any SQLDatabase, pricing: (any SpanPricing)? = nil) {
        self.database = database
        self.pricing = pricing
        payloads = spanPayloadStore(for: database.dialect)
    }

    /// The functions that statements of this feature call on SQLite; register them when opening it.
    package static let sqliteFunctions: [SQLiteFunction] = [BlockPayloadStore.attributeFunction]

    /// Writes spans in one transaction and returns when it is durable.
    ///
    /// A race with another server for the same trace is run again, up to five times.
    ///
    /// - Parameters:
    ///   - batches: Spans, in the order received, as groups of any size.
    ///   - now: The time in microseconds since 1970.
    package func insert(_ batches: [[IncomingSpan]], now: Int64) async throws -> SpanWriteSummary {
        var attempt = 0
        while true {
            do {
                let payloads = payloads
                let pricing = pricing
                return try await database.write { connection in
                    var writer = SpanBatchWriter(
                        connection: connection, payloadStore: payloads, pricing: pricing, now: now)
                    return try writer.write(
                        batches.count == 1 ? batches[0] : batches.flatMap { $0 })
                }
            } catch let error as DatabaseError where Self.isRace(error) && attempt < 5 {
                attempt += 1
            }
        }
    }

    private static func isRace(_ error: DatabaseError) -> Bool {
        switch error.code {
        case .uniqueViolation, .foreignKeyViolation, .conflict: true
        default: false
        }
    }
}
