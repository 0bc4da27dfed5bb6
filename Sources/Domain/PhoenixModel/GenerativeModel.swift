/// A model, or a family of models, with the prices of its tokens.
package struct GenerativeModel: Hashable, Sendable, Node {
    package typealias ID = RowID<GenerativeModel>

    package static let nodeTypeName = "GenerativeModel"

    package var id: ID
    package var name: String
    /// Empty when the model is of no particular provider.
    package var provider: String
    /// A regular expression that is searched for in the names of models that spans report.
    package var namePattern: String
    /// The prices hold for spans that start then or later.
    package var startTime: Timestamp?
    /// Whether the model came with the price list and not from a user.
    package var isBuiltIn: Bool
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    package var isDeleted: Bool

    package init(
        id: ID, name: String, provider: String, namePattern: String, startTime: Timestamp?,
        isBuiltIn: Bool, createdAt: Timestamp, updatedAt: Timestamp, isDeleted: Bool = false
    ) {
        self.id = id
        self.name = name
        self.provider = provider
        self.namePattern = namePattern
        self.startTime = startTime
        self.isBuiltIn = isBuiltIn
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.isDeleted = isDeleted
    }
}
