import PhoenixModel

/// What can be asked of this feature, and what each needs.
package enum ExperimentAction: Action {
    case readExperiments
    case changeExperiments
    case deleteExperiments
    case writeRuns

    package var requiredAccess: Access {
        switch self {
        case .readExperiments: .read
        case .changeExperiments, .deleteExperiments, .writeRuns: .write
        }
    }
}
