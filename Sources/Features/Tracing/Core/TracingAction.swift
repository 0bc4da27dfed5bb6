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
    /// Members change, empty and delete projects through GraphQL; the contract keeps that for
    /// administrators in REST only.
    case manageProject

    package var requiredAccess: Access {
        switch self {
        case .readTraces: .read
        case .createProject, .addSpans, .deleteTraces, .moveTraces, .manageProject: .write
        case .changeProject, .deleteProject, .changeRetention: .administer
        }
    }
}
