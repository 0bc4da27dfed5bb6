/// Examples under a name, in versions.
package struct Dataset: Hashable, Sendable, Node {
    package typealias ID = RowID<Dataset>

    package static let nodeTypeName = "Dataset"

    package var id: ID
    package var name: String
    package var description: String?
    /// A JSON object.
    package var metadata: [UInt8]
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: ID, name: String, description: String?, metadata: [UInt8], createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.metadata = metadata
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// One state of a dataset. Versions follow each other by their ids.
package struct DatasetVersion: Hashable, Sendable, Node {
    package typealias ID = RowID<DatasetVersion>

    package static let nodeTypeName = "DatasetVersion"

    package var id: ID
    package var datasetID: Dataset.ID
    package var description: String?
    /// A JSON object.
    package var metadata: [UInt8]
    package var createdAt: Timestamp

    package init(
        id: ID, datasetID: Dataset.ID, description: String?, metadata: [UInt8],
        createdAt: Timestamp
    ) {
        self.id = id
        self.datasetID = datasetID
        self.description = description
        self.metadata = metadata
        self.createdAt = createdAt
    }
}

/// An example of a dataset as it is at one version.
package struct DatasetExample: Hashable, Sendable, Node {
    package typealias ID = RowID<DatasetExample>

    package static let nodeTypeName = "DatasetExample"

    /// What one version changed about an example. It holds until a later version changes it again.
    package struct Revision: Hashable, Sendable {
        package enum Noun {}
        package typealias ID = RowID<Noun>

        package enum Kind: String, Hashable, Sendable, CaseIterable {
            case create = "CREATE"
            case patch = "PATCH"
            case delete = "DELETE"
        }

        package var id: ID
        package var versionID: DatasetVersion.ID
        package var kind: Kind
        /// Three JSON objects, as they were written.
        package var input: [UInt8]
        package var output: [UInt8]
        package var metadata: [UInt8]
        package var createdAt: Timestamp

        package init(
            id: ID, versionID: DatasetVersion.ID, kind: Kind, input: [UInt8], output: [UInt8],
            metadata: [UInt8], createdAt: Timestamp
        ) {
            self.id = id
            self.versionID = versionID
            self.kind = kind
            self.input = input
            self.output = output
            self.metadata = metadata
            self.createdAt = createdAt
        }
    }

    package var id: ID
    package var datasetID: Dataset.ID
    /// What the client calls the example; unique within the dataset.
    package var externalID: String?
    /// The span that the example was made of, while that is stored.
    package var span: SpanSource?
    package var createdAt: Timestamp
    package var revision: Revision

    package struct SpanSource: Hashable, Sendable {
        package var id: Span.ID
        package var otelID: OTelID

        package init(id: Span.ID, otelID: OTelID) {
            self.id = id
            self.otelID = otelID
        }
    }

    package init(
        id: ID, datasetID: Dataset.ID, externalID: String?, span: SpanSource?,
        createdAt: Timestamp, revision: Revision
    ) {
        self.id = id
        self.datasetID = datasetID
        self.externalID = externalID
        self.span = span
        self.createdAt = createdAt
        self.revision = revision
    }
}

/// A name for some examples of any datasets, such as `train`.
package struct DatasetSplit: Hashable, Sendable, Node {
    package typealias ID = RowID<DatasetSplit>

    package static let nodeTypeName = "DatasetSplit"

    package var id: ID
    package var name: String
    package var description: String?
    package var color: String
    /// A JSON object.
    package var metadata: [UInt8]
    package var createdAt: Timestamp
    package var updatedAt: Timestamp

    package init(
        id: ID, name: String, description: String?, color: String, metadata: [UInt8],
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.color = color
        self.metadata = metadata
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A word by which datasets are found.
package struct DatasetLabel: Hashable, Sendable, Node {
    package typealias ID = RowID<DatasetLabel>

    package static let nodeTypeName = "DatasetLabel"

    package var id: ID
    package var name: String
    package var description: String?
    /// As `#rrggbb` in lower case.
    package var color: String

    package init(id: ID, name: String, description: String?, color: String) {
        self.id = id
        self.name = name
        self.description = description
        self.color = color
    }
}
