import APISupport
import PhoenixModel

/// The shapes of the requests and answers of this feature.
enum AnnotationSchemas {
    // MARK: Annotations

    private static let kinds = Schema.literal(Annotation.AnnotatorKind.allCases.map(\.rawValue))
    private static let sources = Schema.literal(Annotation.Source.allCases.map(\.rawValue))

    private static let result = ObjectSchema(
        "AnnotationResult",
        fields: [
            .optional("label", .string.orNull), .optional("score", .number.orNull),
            .optional("explanation", .string.orNull),
        ])

    /// What new and stored annotations have in common.
    private static func content(of subject: Annotation.Subject) -> [ObjectSchema.Field] {
        [
            .required("name", .string), .required("annotator_kind", kinds),
            .optional("result", Schema.object(result).orNull),
            .optional("metadata", .dictionary.orNull),
            .optional(
                "identifier",
                .string.defaulting(to: "").described(
                    "Tells annotations of one name and target apart.")),
            target(of: subject, .string),
        ]
    }

    private static func target(
        of subject: Annotation.Subject, _ schema: Schema
    ) -> ObjectSchema.Field {
        .required(
            subject.targetMember,
            schema.described(
                subject == .session
                    ? "The id that the application chose."
                    : "The OpenTelemetry id in hexadecimal."))
    }

    static func newAnnotations(of subject: Annotation.Subject) -> ObjectSchema {
        let position: [ObjectSchema.Field] =
            subject == .document
            ? [.required("document_position", .integer.described("Counted from 0."))] : []
        return list(
            "Annotate\(plural(subject))RequestBody",
            ObjectSchema("\(subject.shapeName)Data", fields: content(of: subject) + position))
    }

    static func insertedAnnotations(of subject: Annotation.Subject) -> ObjectSchema {
        list("Annotate\(plural(subject))ResponseBody", inserted(subject))
    }

    private static func plural(_ subject: Annotation.Subject) -> String {
        subject == .document ? "SpanDocuments" : "\(subject.capitalized)s"
    }

    private static func inserted(_ subject: Annotation.Subject) -> ObjectSchema {
        ObjectSchema("Inserted\(subject.shapeName)", fields: [.required("id", .string)])
    }

    static func newNote(of subject: Annotation.Subject) -> ObjectSchema {
        let trimmed = Schema.string(minLength: 1).trimmed
        return .envelope(
            "Create\(subject.capitalized)NoteRequestBody",
            .object(
                ObjectSchema(
                    "\(subject.capitalized)NoteData",
                    fields: [
                        target(of: subject, trimmed), .required("note", trimmed),
                        .optional(
                            "identifier",
                            .string.defaulting(to: "").described(
                                "The note takes the place of one with the same identifier; "
                                    + "without one it is added.")),
                    ])))
    }

    static func insertedNote(of subject: Annotation.Subject) -> ObjectSchema {
        .envelope("Create\(subject.capitalized)NoteResponseBody", .object(inserted(subject)))
    }

    static func annotations(of subject: Annotation.Subject) -> ObjectSchema {
        .page(
            "\(subject.capitalized)AnnotationsResponseBody",
            of: .object(
                ObjectSchema(
                    subject.shapeName,
                    fields: [
                        .required("id", .string.described("The global id.")),
                        .required("created_at", .timestamp), .required("updated_at", .timestamp),
                        .required("source", sources), .required("user_id", .string.orNull),
                    ] + content(of: subject))))
    }

    // MARK: Configs

    private static let direction = Schema(
        .named(
            "OptimizationDirection",
            .literal(AnnotationConfig.OptimizationDirection.allCases.map(\.rawValue))))

    private static let value = ObjectSchema(
        "CategoricalAnnotationValue",
        fields: [.required("label", .string), .optional("score", .number.orNull)])

    /// The forms of a config, of a new one or, with its id, of a stored one.
    private static func forms(isStored: Bool) -> [ObjectSchema] {
        AnnotationConfig.Kind.allCases.map { kind in
            let direction: ObjectSchema.Field =
                kind == .freeform
                ? .optional("optimization_direction", Self.direction.orNull)
                : .required("optimization_direction", Self.direction)
            let bounds: [ObjectSchema.Field] = [
                .optional("lower_bound", .number.orNull), .optional("upper_bound", .number.orNull),
            ]
            let own: [ObjectSchema.Field] =
                switch kind {
                case .categorical: [.required("values", .array(of: .object(value)))]
                case .continuous: bounds
                case .freeform: [.optional("threshold", .number.orNull)] + bounds
                }
            return ObjectSchema(
                kind.nodeTypeName + (isStored ? "" : "Data"),
                fields: [
                    .required("name", .string), .required("type", .literal([kind.rawValue])),
                    .optional("description", .string.orNull), direction,
                ] + own + (isStored ? [.required("id", .string)] : []))
        }
    }

    static let newConfig = Schema(
        .named(
            "CreateAnnotationConfigData", .tagged(by: "type", forms(isStored: false))))

    private static let storedConfig = Schema.tagged(by: "type", forms(isStored: true))

    static func config(_ name: String) -> ObjectSchema { .envelope(name, storedConfig) }
    static func configs(_ name: String) -> ObjectSchema { .page(name, of: storedConfig) }

    static let projectConfigs = ObjectSchema(
        "SetProjectAnnotationConfigsRequestBody",
        fields: [
            .required(
                "annotation_config_ids",
                .array(of: .string).described(
                    "The global ids of all configs that the project is to have."))
        ])

    // MARK: -

    private static func list(_ name: String, _ item: ObjectSchema) -> ObjectSchema {
        .envelope(name, .array(of: .object(item)))
    }
}
