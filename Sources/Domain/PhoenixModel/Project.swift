/// A named place that traces are sent to.
package struct Project: Hashable, Sendable, Node {
    package typealias ID = RowID<Project>

    package static let nodeTypeName = "Project"
    /// The project of spans that name none. It always exists and cannot be deleted.
    package static let defaultName = "default"

    package var id: ID
    package var name: String
    package var description: String?
    /// The two ends of the colour gradient that stands for the project, as `#rrggbb`.
    package var gradientStartColor: String
    package var gradientEndColor: String
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Nil while the default policy holds.
    package var retentionPolicyID: TraceRetentionPolicy.ID?

    package init(
        id: ID, name: String, description: String?, gradientStartColor: String,
        gradientEndColor: String, createdAt: Timestamp, updatedAt: Timestamp,
        retentionPolicyID: TraceRetentionPolicy.ID?
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.gradientStartColor = gradientStartColor
        self.gradientEndColor = gradientEndColor
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.retentionPolicyID = retentionPolicyID
    }
}

/// A rule about how long traces are kept.
package enum TraceRetentionPolicy: Node {
    package typealias ID = RowID<TraceRetentionPolicy>

    package static let nodeTypeName = "ProjectTraceRetentionPolicy"
    /// The policy of projects that have none of their own.
    package static let defaultID = ID(0)
}
