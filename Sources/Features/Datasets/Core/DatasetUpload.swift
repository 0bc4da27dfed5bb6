import PhoenixModel

/// Examples for a dataset of a name, as one upload brings them.
package struct DatasetUpload: Sendable {
    package enum Action: String, Sendable, CaseIterable {
        /// Makes a new dataset; its name may not be taken.
        case create
        /// Adds and changes, deletes nothing.
        case append
        /// Adds, changes, and deletes what is not among the examples.
        case update
    }

    /// One example. Which stored one it is, its id says, or else its content.
    package struct Example: Sendable, Hashable {
        package var content: ExampleContent
        /// What the client calls it, or the global id of a stored example.
        package var id: String?
        /// The OpenTelemetry id of the span that it was made of; one that is not stored is ignored.
        package var span: OTelID?
        package var splits: [String]

        package init(
            content: ExampleContent, id: String? = nil, span: OTelID? = nil, splits: [String] = []
        ) {
            self.content = content
            self.id = id
            self.span = span
            self.splits = splits
        }
    }

    package var name: String
    package var action: Action
    /// Of a new dataset.
    package var description: String?
    package var examples: [Example]
    /// Whether the splits of the examples are told. Otherwise they stay as they are.
    package var hasSplits: Bool

    package init(
        name: String, action: Action = .create, description: String? = nil, examples: [Example],
        hasSplits: Bool = false
    ) {
        self.name = name
        self.action = action
        self.description = description
        self.examples = examples
        self.hasSplits = hasSplits
    }

    /// What an upload came to.
    package struct Outcome: Sendable, Hashable {
        package var datasetID: Dataset.ID
        /// The version that the upload made, or the latest one when nothing had to change.
        package var versionID: DatasetVersion.ID
        package var createdCount = 0
        /// Examples with another content or other splits.
        package var updatedCount = 0
        package var deletedCount = 0
    }
}
