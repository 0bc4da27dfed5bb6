import JSON
import PhoenixModel

/// A prompt as somebody describes it.
package struct PromptDraft: Hashable, Sendable {
    package var name: String
    package var description: String?
    package var metadata: JSONValue
    package var sourceID: Prompt.ID?

    package init(
        name: String, description: String? = nil, metadata: JSONValue = [:],
        sourceID: Prompt.ID? = nil
    ) {
        self.name = name
        self.description = description
        self.metadata = metadata
        self.sourceID = sourceID
    }
}

/// Changes of a prompt; what is nil stays as it is.
package struct PromptPatch: Hashable, Sendable {
    package var description: String??
    package var metadata: JSONValue?

    package init(description: String?? = nil, metadata: JSONValue? = nil) {
        self.description = description
        self.metadata = metadata
    }

    package var isEmpty: Bool { description == nil && metadata == nil }
}

/// A tag as somebody sets it.
package struct PromptTagDraft: Hashable, Sendable {
    package var name: String
    package var description: String?

    package init(name: String, description: String? = nil) {
        self.name = name
        self.description = description
    }
}
