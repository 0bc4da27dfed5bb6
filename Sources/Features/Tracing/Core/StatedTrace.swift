import PhoenixModel

/// A trace as another database had it, for spans with an ``IncomingSpan/Statement``.
package struct StatedTrace: Sendable {
    /// The row id that it keeps.
    package let row: Int64
    package let id: OTelID
    /// Rows that are stored already.
    package let project: Int64
    package let session: Int64?
    /// Microseconds since 1970.
    package let startTime: Int64
    package let endTime: Int64

    package init(
        row: Int64, id: OTelID, project: Int64, session: Int64?, startTime: Int64, endTime: Int64
    ) {
        self.row = row
        self.id = id
        self.project = project
        self.session = session
        self.startTime = startTime
        self.endTime = endTime
    }
}
