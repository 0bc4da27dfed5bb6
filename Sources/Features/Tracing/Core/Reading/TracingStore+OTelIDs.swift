import PhoenixModel
import SQLCore

extension TracingStore {
    /// The trace of a global id or of an OpenTelemetry id; nil when there is none.
    package func traceIfAny(_ identifier: Identifier<Trace>) async throws -> Trace? {
        let condition: SQL
        if let id = identifier.rowID {
            condition = "t.id = \(id)"
        } else if let id = OTelID(shownAs: identifier.text) {
            condition = "t.trace_id = \(id)"
        } else {
            return nil
        }
        return try await database.read { connection in
            try connection.first("SELECT \(Self.traceColumns) FROM traces t WHERE \(condition)")
                .map(Self.trace)
        }
    }

    /// The span of an OpenTelemetry id; nil when there is none.
    package func spanIfAny(otelID text: String) async throws -> Span? {
        guard let id = OTelID(shownAs: text) else { return nil }
        return try await database.read { try Self.span(where: "s.span_id = \(id)", on: $0) }
    }
}
