import APISupport

/// The shapes of the requests and answers of this feature.
enum TracingSchemas {
    // MARK: Projects

    static let project = ObjectSchema(
        "Project",
        fields: [
            .required("name", .string(minLength: 1)),
            .optional("description", .string.orNull),
            .required("id", .string.described("The global id.")),
        ])

    static let projects = ObjectSchema.page("GetProjectsResponseBody", of: .object(project))
    static let foundProject = ObjectSchema.envelope("GetProjectResponseBody", .object(project))
    static let createdProject = ObjectSchema.envelope("CreateProjectResponseBody", .object(project))
    static let updatedProject = ObjectSchema.envelope("UpdateProjectResponseBody", .object(project))

    static let newProject = ObjectSchema(
        "CreateProjectRequestBody",
        fields: [
            .required("name", .string(minLength: 1).described("A name that no project has yet.")),
            .optional("description", .string.orNull),
        ])

    static let projectChange = ObjectSchema(
        "UpdateProjectRequestBody",
        fields: [
            .optional(
                "description",
                .string.orNull.described("The new description; null leaves it as it is."))
        ])

    static let retentionChange = ObjectSchema(
        "SetProjectRetentionPolicyRequestBody",
        fields: [
            .required(
                "policy_id",
                .string.orNull.described(
                    "The global id of a retention policy, or null for the default one."))
        ])

    static let changedRetention = ObjectSchema.envelope(
        "SetProjectRetentionPolicyResponseBody",
        .object(
            ObjectSchema(
                "ProjectRetentionPolicyData",
                fields: [
                    .required("project_id", .string),
                    .required(
                        "policy_id",
                        .string.orNull.described("Null while the default policy holds.")),
                ])))

    // MARK: Traces

    private static let traceSpan = ObjectSchema(
        "TraceSpanData",
        fields: [
            .required("id", .string), .required("span_id", .string),
            .required("parent_id", .string.orNull), .required("name", .string),
            .required("span_kind", .string), .required("status_code", .string),
            .required("start_time", .timestamp), .required("end_time", .timestamp),
        ])

    private static let tokenCounts: [ObjectSchema.Field] = [
        .optional(
            "token_count_prompt",
            .integer.defaulting(to: 0).described("Tokens sent to language models.")),
        .optional(
            "token_count_completion",
            .integer.defaulting(to: 0).described("Tokens that language models answered.")),
        .optional("token_count_total", .integer.defaulting(to: 0).described("Both together.")),
    ]

    private static let trace = ObjectSchema(
        "TraceData",
        fields: [
            .required("id", .string.described("The global id.")),
            .required("trace_id", .string.described("The OpenTelemetry id.")),
            .required("project_id", .string),
            .required("start_time", .timestamp), .required("end_time", .timestamp),
        ] + tokenCounts + [.optional("spans", .array(of: .object(traceSpan)).orNull)])

    static let traces = ObjectSchema.page("GetTracesResponseBody", of: .object(trace))

    static let traceTransfer = ObjectSchema(
        "TransferTracesRequestBody",
        fields: [
            .required(
                "trace_identifiers",
                .array(of: .string, minItems: 1).described(
                    "Global ids or OpenTelemetry ids of traces of one project.")),
            .required(
                "destination_project_identifier",
                .string.described("The global id or the name of a project.")),
        ])

    static let transferredTraces = ObjectSchema.envelope(
        "TransferTracesResponseBody",
        .object(
            ObjectSchema(
                "TransferTracesData",
                fields: [
                    .required("transferred_trace_count", .integer),
                    .required("destination_project_id", .string),
                ])))

    // MARK: Sessions

    private static let session = ObjectSchema(
        "SessionData",
        fields: [
            .required("id", .string.described("The global id.")),
            .required("session_id", .string.described("The id that the application chose.")),
            .required("project_id", .string),
            .required("start_time", .timestamp), .required("end_time", .timestamp),
            .required(
                "traces",
                .array(
                    of: .object(
                        ObjectSchema(
                            "SessionTraceData",
                            fields: [
                                .required("id", .string), .required("trace_id", .string),
                                .required("start_time", .timestamp),
                                .required("end_time", .timestamp),
                            ])))),
        ] + tokenCounts)

    static let sessions = ObjectSchema.page("GetSessionsResponseBody", of: .object(session))
    static let foundSession = ObjectSchema.envelope("GetSessionResponseBody", .object(session))

    static let sessionDeletion = ObjectSchema(
        "DeleteSessionsRequestBody",
        fields: [
            .required(
                "session_identifiers",
                .array(of: .string).described("Either all global ids or all session ids."))
        ])
}
