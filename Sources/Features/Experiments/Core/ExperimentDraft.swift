import PhoenixModel

/// An experiment as somebody asks for it.
package struct ExperimentDraft: Sendable {
    package var dataset: Dataset.ID
    /// Nil for the latest one.
    package var version: DatasetVersion.ID?
    /// Keeps the examples of these splits, by global id or name; nil for all examples.
    package var splits: [String]?
    /// Nil lets the store make one up.
    package var name: String?
    package var description: String?
    package var repetitions: Int64
    /// A JSON object.
    package var metadata: [UInt8]
    package var isEphemeral: Bool

    package init(
        dataset: Dataset.ID, version: DatasetVersion.ID? = nil, splits: [String]? = nil,
        name: String? = nil, description: String? = nil, repetitions: Int64 = 1,
        metadata: [UInt8] = Array("{}".utf8), isEphemeral: Bool = false
    ) {
        self.dataset = dataset
        self.version = version
        self.splits = splits
        self.name = name
        self.description = description
        self.repetitions = repetitions
        self.metadata = metadata
        self.isEphemeral = isEphemeral
    }
}

/// What is to change about an experiment; nil leaves a thing as it is.
package struct ExperimentPatch: Hashable, Sendable {
    package var name: String?
    /// An inner nil takes the description away.
    package var description: String??
    /// A JSON object.
    package var metadata: [UInt8]?
    package var isEphemeral: Bool?

    package init(
        name: String? = nil, description: String?? = nil, metadata: [UInt8]? = nil,
        isEphemeral: Bool? = nil
    ) {
        self.name = name
        self.description = description
        self.metadata = metadata
        self.isEphemeral = isEphemeral
    }

    var isEmpty: Bool {
        name == nil && description == nil && metadata == nil && isEphemeral == nil
    }
}

/// A run as a client reports it.
package struct ExperimentRunDraft: Hashable, Sendable {
    package var experiment: Experiment.ID
    package var example: DatasetExample.ID
    package var repetition: Int64
    package var traceID: String?
    /// JSON; nil where the task returned nothing.
    package var output: [UInt8]?
    package var error: String?
    package var startTime: Timestamp
    package var endTime: Timestamp

    package init(
        experiment: Experiment.ID, example: DatasetExample.ID, repetition: Int64,
        traceID: String? = nil, output: [UInt8]?, error: String? = nil, startTime: Timestamp,
        endTime: Timestamp
    ) {
        self.experiment = experiment
        self.example = example
        self.repetition = repetition
        self.traceID = traceID
        self.output = output
        self.error = error
        self.startTime = startTime
        self.endTime = endTime
    }
}

/// What an evaluator says about a run, as a client reports it.
package struct ExperimentRunAnnotationDraft: Hashable, Sendable {
    package var run: ExperimentRun.ID
    package var name: String
    package var annotatorKind: Annotation.AnnotatorKind
    package var label: String?
    /// A score that is not a number counts as none.
    package var score: Double?
    package var explanation: String?
    package var traceID: String?
    package var error: String?
    /// A JSON object.
    package var metadata: [UInt8]
    package var startTime: Timestamp
    package var endTime: Timestamp

    package init(
        run: ExperimentRun.ID, name: String, annotatorKind: Annotation.AnnotatorKind,
        label: String? = nil, score: Double? = nil, explanation: String? = nil,
        traceID: String? = nil, error: String? = nil, metadata: [UInt8] = Array("{}".utf8),
        startTime: Timestamp, endTime: Timestamp
    ) {
        self.run = run
        self.name = name
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score.flatMap { $0.isNaN ? nil : $0 }
        self.explanation = explanation
        self.traceID = traceID
        self.error = error
        self.metadata = metadata
        self.startTime = startTime
        self.endTime = endTime
    }
}
