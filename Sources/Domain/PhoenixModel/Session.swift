/// A conversation: traces that share a session id.
package struct Session: Hashable, Sendable, Node {
    package typealias ID = RowID<Session>

    package static let nodeTypeName = "ProjectSession"

    package var id: ID
    /// The id that the application chose.
    package var sessionID: String
    /// The project whose trace brought the session first.
    package var projectID: Project.ID
    package var startTime: Timestamp
    package var endTime: Timestamp

    package init(
        id: ID, sessionID: String, projectID: Project.ID, startTime: Timestamp, endTime: Timestamp
    ) {
        self.id = id
        self.sessionID = sessionID
        self.projectID = projectID
        self.startTime = startTime
        self.endTime = endTime
    }
}
