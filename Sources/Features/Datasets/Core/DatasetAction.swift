import PhoenixModel

/// What can be asked of this feature, and what each needs.
package enum DatasetAction: Action {
    case readDatasets
    case changeDatasets
    case deleteDatasets

    package var requiredAccess: Access {
        switch self {
        case .readDatasets: .read
        case .changeDatasets, .deleteDatasets: .write
        }
    }
}
