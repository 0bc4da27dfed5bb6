import HTTPMessages
import PhoenixModel

/// A request about experiments that cannot be met. The wording is the contract's.
package struct ExperimentError: APIErrorConvertible, Hashable {
    package enum Code: Sendable, Hashable {
        case notFound, conflict, invalid, malformed
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var response: HTTPResponse {
        switch code {
        case .notFound: .text(.notFound, message)
        case .conflict: .text(.conflict, message)
        case .invalid: .text(.unprocessableContent, message)
        case .malformed: .text(.badRequest, message)
        }
    }

    static func datasetNotFound(_ id: Dataset.ID) -> ExperimentError {
        ExperimentError(.notFound, "Dataset with ID \(id.nodeID) does not exist")
    }

    static func versionNotFound(_ id: DatasetVersion.ID) -> ExperimentError {
        ExperimentError(.notFound, "DatasetVersion with ID \(id.nodeID) does not exist")
    }

    static func notFound(_ id: Experiment.ID) -> ExperimentError {
        ExperimentError(.notFound, "Experiment with ID \(id.nodeID) does not exist")
    }

    static func exampleNotFound(_ id: DatasetExample.ID) -> ExperimentError {
        ExperimentError(.notFound, "DatasetExample with ID \(id.nodeID) does not exist")
    }

    static func runNotFound(_ id: ExperimentRun.ID) -> ExperimentError {
        ExperimentError(.notFound, "ExperimentRun with ID \(id.nodeID) does not exist")
    }

    static func isFinal(_ id: ExperimentRun.ID) -> ExperimentError {
        ExperimentError(
            .conflict,
            "Experiment run \(id.nodeID) already exists with a successful result and cannot be "
                + "updated")
    }

    static let hasNoRuns = ExperimentError(.notFound, "Experiment has no runs")
}
