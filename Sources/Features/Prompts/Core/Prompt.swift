import JSON
import PhoenixModel

/// A prompt: a name for a line of immutable versions.
package struct Prompt: Hashable, Sendable, Node {
    package typealias ID = RowID<Prompt>

    package static let nodeTypeName = "Prompt"

    package var id: ID
    /// The prompt that this one was cloned from, while that exists.
    package var sourceID: ID?
    /// A ``PromptName``.
    package var name: String
    package var description: String?
    /// A JSON object.
    package var metadata: JSONValue
    package var createdAt: Timestamp
}

/// What is sent to a model, and to which: the messages as templates, the tools, the parameters.
/// Versions never change; the latest of a prompt is the one with the highest id.
package struct PromptVersion: Hashable, Sendable, Node {
    package typealias ID = RowID<PromptVersion>

    package static let nodeTypeName = "PromptVersion"

    package var id: ID
    package var promptID: Prompt.ID
    package var content: PromptContent
    package var createdAt: Timestamp
}

/// A name for one version of a prompt. A prompt has each name once: setting it again moves it.
package struct PromptVersionTag: Hashable, Sendable, Node {
    package typealias ID = RowID<PromptVersionTag>

    package static let nodeTypeName = "PromptVersionTag"

    package var id: ID
    package var promptID: Prompt.ID
    package var versionID: PromptVersion.ID
    /// A ``PromptName``.
    package var name: String
    package var description: String?
}

/// A label of prompts, of any text.
package struct PromptLabel: Hashable, Sendable, Node {
    package typealias ID = RowID<PromptLabel>

    package static let nodeTypeName = "PromptLabel"

    package var id: ID
    package var name: String
    package var description: String?
    package var color: String?
}

/// The rule of the contract for names of prompts and tags.
package enum PromptName {
    /// The rule as a regular expression.
    package static let pattern = "^[a-z0-9]([_a-z0-9-]*[a-z0-9])?$"

    /// Whether a text begins and ends with a small letter or digit of ASCII, with nothing but those,
    /// `_` and `-` between.
    package static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last,
            isAlphanumeric(first), isAlphanumeric(last)
        else { return false }
        return text.utf8.allSatisfy {
            isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
