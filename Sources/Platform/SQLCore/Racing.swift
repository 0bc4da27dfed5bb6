/// Runs a transaction again, up to eight times, when a concurrent one was faster.
///
/// A unique key, a foreign key or a conflict of transactions refuses a row that a look just before
/// found possible; looked at again, the database says why.
///
/// - Throws: What `body` throws otherwise, and the refusal of the last attempt.
package func racing<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
    let attemptsMax = 8
    var attempt = 0
    while true {
        do {
            return try await body()
        } catch let error as DatabaseError where error.isRace && attempt < attemptsMax {
            attempt += 1
        }
    }
}

extension DatabaseError {
    fileprivate var isRace: Bool {
        switch code {
        case .uniqueViolation, .foreignKeyViolation, .conflict: true
        default: false
        }
    }
}
