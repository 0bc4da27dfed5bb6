import APISupport
import JSON
import PhoenixModel

/// The shapes of the requests and answers of this feature.
enum ExperimentSchemas {
    // MARK: Experiments

    private static let experiment = ObjectSchema(
        "Experiment",
        fields: [
            .required("id", .string.described("The global id.")),
            .required("dataset_id", .string), .required("dataset_version_id", .string),
            .required("name", .string), .required("description", .string.orNull),
            .required(
                "repetitions",
                .integer(greaterThan: 0).described("How often each example is to be run.")),
            .required("metadata", .dictionary),
            .required(
                "project_name",
                .string.orNull.described("The project that the traces of its task are in.")),
            .required("created_at", .timestamp), .required("updated_at", .timestamp),
            .required("example_count", .integer),
            .required("successful_run_count", .integer),
            .required("failed_run_count", .integer),
            .required("missing_run_count", .integer.described("Runs that nobody has tried.")),
        ])

    static let newExperiment = ObjectSchema(
        "CreateExperimentRequestBody",
        fields: [
            .optional("name", .string.orNull.described("Made up when there is none.")),
            .optional("description", .string.orNull),
            .optional("metadata", .dictionary.orNull),
            .optional(
                "version_id",
                .string.orNull.described(
                    "The version of the dataset; the latest one when there is none.")),
            .optional(
                "splits",
                .array(of: .string).orNull.described(
                    "Keeps the examples of these splits, by global id or name.")),
            .optional(
                "repetitions",
                .integer.defaulting(to: 1).described("How often to run each example.")),
        ])

    static let experimentPatch = ObjectSchema(
        "UpdateExperimentRequestBody",
        fields: [
            .optional("name", .string.orNull.described("Not null.")),
            .optional("description", .string.orNull.described("Null takes it away.")),
            .optional(
                "metadata",
                .dictionary.orNull.described("Takes the place of the whole object. Not null.")),
        ],
        rule: { body in
            for name in ["name", "metadata"] where body.given.contains(name) && body[name].isNull {
                return "\(name) cannot be null"
            }
            return nil
        })

    static func experiment(_ name: String) -> ObjectSchema {
        .envelope(name, .object(experiment))
    }

    static let experiments = ObjectSchema.page(
        "ListExperimentsResponseBody", of: .object(experiment))

    // MARK: Runs

    private static let runContent: [ObjectSchema.Field] = [
        .required("dataset_example_id", .string),
        .required("output", .any.described("What the task returned.")),
        .required("repetition_number", .integer(greaterThan: 0).described("Counted from 1.")),
        .required("start_time", .timestamp), .required("end_time", .timestamp),
        .optional("trace_id", .string.orNull.described("The trace of the task, if there is one.")),
        .optional("error", .string.orNull.described("Why the task failed.")),
    ]

    private static let run = ObjectSchema(
        "ExperimentRun",
        fields: runContent + [.required("id", .string), .required("experiment_id", .string)])

    static let newRun = ObjectSchema("CreateExperimentRunRequestBody", fields: runContent)

    static let createdRun = ObjectSchema.envelope(
        "CreateExperimentRunResponseBody",
        .object(
            ObjectSchema(
                "CreateExperimentRunResponseBodyData", fields: [.required("id", .string)])))

    static let runs = ObjectSchema.page("ListExperimentRunsResponseBody", of: .object(run))

    // MARK: What is left to do

    private static let example = ObjectSchema(
        "DatasetExample",
        fields: [
            .required("id", .string), .required("node_id", .string),
            .required("input", .dictionary), .required("output", .dictionary),
            .required("metadata", .dictionary), .required("updated_at", .timestamp),
            .optional(
                "source",
                Schema.object(
                    ObjectSchema(
                        "DatasetExampleSource",
                        fields: [
                            .required("span_id", .string), .required("span_node_id", .string),
                        ])
                ).orNull),
        ])

    static let incompleteRuns = ObjectSchema.page(
        "GetIncompleteExperimentRunsResponseBody",
        of: .object(
            ObjectSchema(
                "IncompleteExperimentRun",
                fields: [
                    .required("dataset_example", .object(example)),
                    .required("repetition_numbers", .array(of: .integer)),
                ])))

    static let incompleteEvaluations = ObjectSchema.page(
        "GetIncompleteEvaluationsResponseBody",
        of: .object(
            ObjectSchema(
                "IncompleteExperimentEvaluation",
                fields: [
                    .required("experiment_run", .object(run)),
                    .required("dataset_example", .object(example)),
                    .required("evaluation_names", .array(of: .string)),
                ])))

    // MARK: Evaluations

    static let newEvaluation = ObjectSchema(
        "UpsertExperimentEvaluationRequestBody",
        fields: [
            .required("experiment_run_id", .string), .required("name", .string),
            .required(
                "annotator_kind", .literal(Annotation.AnnotatorKind.allCases.map(\.rawValue))),
            .required("start_time", .timestamp), .required("end_time", .timestamp),
            .optional(
                "result",
                Schema.object(
                    ObjectSchema(
                        "ExperimentEvaluationResult",
                        fields: [
                            .optional("label", .string.orNull),
                            .optional("score", .number.orNull),
                            .optional("explanation", .string.orNull),
                            .undocumented("metadata", .any),
                        ])
                ).orNull.described("Needed unless there is an error.")),
            .optional(
                "error", .string.orNull.described("Why the evaluator failed, where it did.")),
            .optional("metadata", .dictionary.orNull),
            .optional("trace_id", .string.orNull.described("The trace of the evaluator.")),
        ],
        rule: { body in
            body["result"].isNull && body["error"].isNull
                ? "Either 'result' or 'error' must be provided" : nil
        })

    static let storedEvaluation = ObjectSchema.envelope(
        "UpsertExperimentEvaluationResponseBody",
        .object(
            ObjectSchema(
                "UpsertExperimentEvaluationResponseBodyData", fields: [.required("id", .string)])))

    // MARK: Tags

    private static let tag = ObjectSchema(
        "ExperimentTag",
        fields: [
            .required("id", .string), .required("name", .string),
            .required("description", .string.orNull),
        ])

    static let namePattern = "^[a-z0-9]([_a-z0-9-]*[a-z0-9])?$"

    static let newTag = ObjectSchema(
        "SetExperimentTagRequestBody",
        fields: [
            .required(
                "name",
                Schema(.named("Identifier", .string.adding(["pattern": .string(namePattern)])))),
            .optional("description", .string.orNull),
        ])

    static let storedTag = ObjectSchema.envelope("SetExperimentTagResponseBody", .object(tag))
    static let tags = ObjectSchema.envelope(
        "ListExperimentTagsResponseBody", .array(of: .object(tag)))
}
