/// One way of doing a task, tried on the examples of a dataset.
package struct Experiment: Hashable, Sendable, Node {
    package typealias ID = RowID<Experiment>

    package static let nodeTypeName = "Experiment"

    package var id: ID
    package var dataset: Dataset.ID
    package var datasetVersion: DatasetVersion.ID
    package var name: String
    package var description: String?
    /// How often the task is to be done with each example.
    package var repetitions: Int64
    /// A JSON object.
    package var metadata: [UInt8]
    /// Whether it is deleted a day after its last change, unless somebody wants to keep it.
    package var isEphemeral: Bool
    /// The project that the traces of its task are sent to.
    package var projectName: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// Its place in the list that it was read for, counted from 1; nil when it was read for none.
    package var sequenceNumber: Int64?

    package init(
        id: ID, dataset: Dataset.ID, datasetVersion: DatasetVersion.ID, name: String,
        description: String?, repetitions: Int64, metadata: [UInt8], isEphemeral: Bool,
        projectName: String?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.dataset = dataset
        self.datasetVersion = datasetVersion
        self.name = name
        self.description = description
        self.repetitions = repetitions
        self.metadata = metadata
        self.isEphemeral = isEphemeral
        self.projectName = projectName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// What the task of an experiment returned for one example, once.
package struct ExperimentRun: Hashable, Sendable, Node {
    package typealias ID = RowID<ExperimentRun>

    package static let nodeTypeName = "ExperimentRun"

    package var id: ID
    package var experiment: Experiment.ID
    package var example: DatasetExample.ID
    /// Counted from 1.
    package var repetition: Int64
    /// What the client called the trace; its spans may come later, or never.
    package var traceID: String?
    /// JSON; nil where the task returned nothing.
    package var output: [UInt8]?
    /// Why the task failed. A run without an error is final.
    package var error: String?
    package var startTime: Timestamp
    package var endTime: Timestamp

    package init(
        id: ID, experiment: Experiment.ID, example: DatasetExample.ID, repetition: Int64,
        traceID: String?, output: [UInt8]?, error: String?, startTime: Timestamp,
        endTime: Timestamp
    ) {
        self.id = id
        self.experiment = experiment
        self.example = example
        self.repetition = repetition
        self.traceID = traceID
        self.output = output
        self.error = error
        self.startTime = startTime
        self.endTime = endTime
    }

    package var latencyMs: Double {
        Double(endTime.microseconds - startTime.microseconds) / 1000
    }
}

/// What an evaluator, or a person, says about a run. A run has one of each name.
package struct ExperimentRunAnnotation: Hashable, Sendable, Node {
    package typealias ID = RowID<ExperimentRunAnnotation>

    package static let nodeTypeName = "ExperimentRunAnnotation"
    /// What REST calls it.
    package static let evaluationTypeName = "ExperimentEvaluation"

    package var id: ID
    package var run: ExperimentRun.ID
    package var name: String
    package var annotatorKind: Annotation.AnnotatorKind
    package var label: String?
    package var score: Double?
    package var explanation: String?
    package var traceID: String?
    /// Why the evaluator failed.
    package var error: String?
    /// A JSON object.
    package var metadata: [UInt8]
    package var startTime: Timestamp
    package var endTime: Timestamp

    package init(
        id: ID, run: ExperimentRun.ID, name: String, annotatorKind: Annotation.AnnotatorKind,
        label: String?, score: Double?, explanation: String?, traceID: String?, error: String?,
        metadata: [UInt8], startTime: Timestamp, endTime: Timestamp
    ) {
        self.id = id
        self.run = run
        self.name = name
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score
        self.explanation = explanation
        self.traceID = traceID
        self.error = error
        self.metadata = metadata
        self.startTime = startTime
        self.endTime = endTime
    }
}

/// A name that one experiment of a dataset bears at a time.
package struct ExperimentTag: Hashable, Sendable, Node {
    package typealias ID = RowID<ExperimentTag>

    package static let nodeTypeName = "ExperimentTag"
    /// The tag of the experiment that others are compared with.
    package static let baselineName = "baseline"

    package var id: ID
    package var experiment: Experiment.ID
    package var name: String
    package var description: String?

    package init(id: ID, experiment: Experiment.ID, name: String, description: String?) {
        self.id = id
        self.experiment = experiment
        self.name = name
        self.description = description
    }
}
