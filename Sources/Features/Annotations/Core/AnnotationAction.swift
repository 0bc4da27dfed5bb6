import PhoenixModel

/// What can be asked of this feature, and what each needs.
package enum AnnotationAction: Action {
    case readAnnotations
    case annotate
    case deleteAnnotations
    /// Deletes all annotations of a name in a project.
    case deleteByName
    case readConfigs
    case changeConfigs

    package var requiredAccess: Access {
        switch self {
        case .readAnnotations, .readConfigs: .read
        case .annotate, .deleteAnnotations, .changeConfigs: .write
        case .deleteByName: .administer
        }
    }
}
