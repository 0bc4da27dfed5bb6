import PhoenixModel

/// What can be asked of this feature, and what each needs.
package enum PromptAction: Action {
    case readPrompts
    case changePrompts

    package var requiredAccess: Access {
        switch self {
        case .readPrompts: .read
        case .changePrompts: .write
        }
    }
}
