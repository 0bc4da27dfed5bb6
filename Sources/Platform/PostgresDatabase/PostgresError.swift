import CPostgreSQL
import SQLCore

extension DatabaseError {
    /// Turns the SQLSTATE of a failed statement into our error.
    ///
    /// Only the primary message is kept: the detail line quotes values.
    init(result: OpaquePointer?, connection: OpaquePointer) {
        guard libpq.PQstatus(connection) == CONNECTION_OK else {
            self.init(connection: connection)
            return
        }
        let state = Self.field(result, UInt8(ascii: "C")) ?? "?????"
        let message = Self.field(result, UInt8(ascii: "M")) ?? "The statement failed."
        let code: Code =
            switch state {
            case "23505": .uniqueViolation
            case "23503": .foreignKeyViolation
            case "40001", "40P01", "55P03": .conflict
            case "25006": .readOnly
            case "57014": .cancelled
            case "22003": .outOfRange
            case "42501", "28000", "28P01": .permissionDenied
            // No disk or memory left. Not the limits of class 54: those are about one row.
            case "53100", "53200": .full
            case _ where state.hasPrefix("23"): .constraintViolation
            // Connection failures, too many connections, and a server that shuts down or starts.
            case _ where state.hasPrefix("08") || state.hasPrefix("57P") || state == "53300":
                .unavailable
            case _ where state.hasPrefix("XX"): .corrupt
            default: .other
            }
        self.init(code, "PostgreSQL: \(message) (SQLSTATE \(state)).")
    }

    /// The connection itself failed. libpq's text names host and port, never the password.
    init(connection: OpaquePointer?) {
        let text =
            connection.flatMap { libpq.PQerrorMessage($0) }.map { String(cString: $0) }
            ?? "out of memory"
        let line = text.split(separator: "\n").first.map(String.init) ?? "connection lost"
        let refused =
            line.contains("password authentication failed") || line.contains("no pg_hba.conf entry")
            || line.contains("does not exist")
        self.init(refused ? .permissionDenied : .unavailable, "PostgreSQL: \(line)")
    }

    private static func field(_ result: OpaquePointer?, _ code: UInt8) -> String? {
        guard let result, let text = libpq.PQresultErrorField(result, Int32(code)) else {
            return nil
        }
        return String(cString: text)
    }
}
