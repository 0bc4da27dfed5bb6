import PhoenixModel

/// What can be asked of ingestion.
package enum IngestionAction: Action {
    case addSpans

    package var requiredAccess: Access { .write }
}
