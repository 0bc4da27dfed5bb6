import PhoenixModel

/// What can be asked of this feature, and what each needs.
package enum TracingAction: Action {
    case readTraces
    case createProject
    case addSpans
    case deleteTraces
    case moveTraces
    case changeProject
    case deleteProject
    case changeRetention

    package var requiredAccess: Access {
        switch self {
        case .readTraces: .read
        case .createProject, .addSpans, .deleteTraces, .moveTraces: .write
        case .changeProject, .deleteProject, .changeRetention: .administer
        }
    }
}
