import APISupport
import PhoenixModel

/// The shapes of spans in the contract's own form.
enum SpanSchemas {
    private static let context = ObjectSchema(
        "SpanContext",
        fields: [
            .required("trace_id", .string.described("16 bytes in hexadecimal.")),
            .required("span_id", .string.described("8 bytes in hexadecimal.")),
        ])

    private static let event = ObjectSchema(
        "SpanEvent",
        fields: [
            .required("name", .string),
            .required("timestamp", .timestamp.described("With an offset.")),
            .optional("attributes", .dictionary),
        ],
        rule: { naiveMember(of: $0, among: ["timestamp"]) })

    private static let span = ObjectSchema(
        "Span",
        fields: [
            .optional("id", .string.defaulting(to: "").described("The global id.")),
            .required("name", .string),
            .required("context", .object(context)),
            .required("span_kind", .string),
            .optional("parent_id", .string.orNull.described("The span id of the parent.")),
            .required("start_time", .timestamp.described("With an offset.")),
            .required("end_time", .timestamp.described("With an offset.")),
            .required("status_code", .string),
            .optional("status_message", .string.defaulting(to: "")),
            .optional("attributes", .dictionary.described("Under dotted keys.")),
            .optional("events", .array(of: .object(event))),
        ],
        rule: { naiveMember(of: $0, among: ["start_time", "end_time"]) })

    static let spans = ObjectSchema.page("SpansResponseBody", of: .object(span))

    static let newSpans = ObjectSchema(
        "CreateSpansRequestBody", fields: [.required("data", .array(of: .object(span)))])

    static let receipt = ObjectSchema(
        "CreateSpansResponseBody",
        fields: [.required("total_received", .integer), .required("total_queued", .integer)])

    /// The contract takes no time for a span that leaves its offset out.
    private static func naiveMember(of object: DecodedObject, among names: [String]) -> String? {
        names.first { object[$0].timestamp?.isNaive == true }.map {
            "\($0): timezone-naive timestamp is not allowed; all timestamps must be "
                + "timezone-aware (e.g., use UTC)."
        }
    }
}

/// The shapes of spans in the form that follows OTLP/JSON.
enum OTLPSpanSchemas {
    private static let base64 = Schema.string.adding(["pattern": "^[A-Za-z0-9+/]*={0,2}$"]).orNull
    private static let uint32 = Schema.integer(atLeast: 0, atMost: 4_294_967_295).orNull
    private static let int32 = Schema.integer(atLeast: -2_147_483_648, atMost: 2_147_483_647)
    private static let text = Schema.string.orNull

    private static let uint64 = Schema.either([
        .integer(atLeast: 0).adding(["exclusiveMaximum": 18_446_744_073_709_551_616.0]),
        .string.adding(["pattern": "^[0-9]+$"]),
    ]).orNull

    private static let int64 = Schema.either([
        Schema.integer.adding([
            "minimum": -9_223_372_036_854_775_808.0,
            "exclusiveMaximum": 9_223_372_036_854_775_808.0,
        ]),
        .string.adding(["pattern": "^-?[0-9]+$"]),
    ]).orNull

    private static let double = Schema.either([
        .number,
        Schema(.named("OtlpDoubleValue", .literal(["Infinity", "-Infinity", "NaN"]))),
        .string,
    ]).orNull

    private static let anyValue: ObjectSchema = ObjectSchema(
        "OtlpAnyValue", forbidsOthers: true,
        fields: [
            .optional("array_value", Schema(.recursive { arrayValue }).orNull),
            .optional("bool_value", .boolean.orNull),
            .optional("bytes_value", base64),
            .optional("double_value", double),
            .optional("int_value", int64),
            .optional("kvlist_value", .null),
            .optional("string_value", text),
        ])

    private static let arrayValue: ObjectSchema = ObjectSchema(
        "OtlpArrayValue", forbidsOthers: true,
        fields: [.optional("values", .array(of: Schema(.recursive { anyValue })).orNull)])

    private static let keyValue = ObjectSchema(
        "OtlpKeyValue", forbidsOthers: true,
        fields: [.optional("key", text), .optional("value", Schema.object(anyValue).orNull)])

    private static let attributes = Schema.array(of: .object(keyValue)).orNull

    private static let event = ObjectSchema(
        "OtlpEvent", forbidsOthers: true,
        fields: [
            .optional("attributes", attributes),
            .optional("dropped_attributes_count", uint32),
            .optional("name", text),
            .optional("time_unix_nano", uint64),
        ])

    private static let status = ObjectSchema(
        "OtlpStatus", forbidsOthers: true,
        fields: [.optional("code", int32.orNull), .optional("message", text)])

    private static let kind = Schema(
        .named(
            "OtlpKind",
            .literal(
                [
                    "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER",
                ].map { "SPAN_KIND_\($0)" })))

    private static let span = ObjectSchema(
        "OtlpSpan", forbidsOthers: true,
        fields: [
            .optional("attributes", attributes),
            .optional("dropped_attributes_count", uint32),
            .optional("dropped_events_count", uint32),
            .optional("dropped_links_count", uint32),
            .optional("end_time_unix_nano", uint64),
            .optional("events", .array(of: .object(event)).orNull),
            .optional("flags", uint32),
            .optional(
                "kind",
                Schema.either([kind, int32]).orNull.defaulting(to: "SPAN_KIND_INTERNAL")),
            .optional("links", .null),
            .optional("name", text),
            .optional("parent_span_id", base64),
            .optional("span_id", base64),
            .optional("start_time_unix_nano", uint64),
            .optional("status", Schema.object(status).orNull),
            .optional("trace_id", base64),
            .optional("trace_state", text),
        ])

    static let spans = ObjectSchema.page("OtlpSpansResponseBody", of: .object(span))
}
