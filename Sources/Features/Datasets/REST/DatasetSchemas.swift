import APISupport
import JSON
import PhoenixModel

/// The shapes of the requests and answers of this feature.
enum DatasetSchemas {
    private static func data(_ name: String) -> ObjectSchema {
        ObjectSchema(
            name,
            fields: [
                .required("id", .string), .required("name", .string),
                .required("description", .string.orNull), .required("metadata", .dictionary),
                .required("created_at", .timestamp), .required("updated_at", .timestamp),
                .required("example_count", .integer),
            ])
    }

    static let datasets = ObjectSchema.page(
        "ListDatasetsResponseBody", of: .object(data("Dataset")))
    static let dataset = ObjectSchema.envelope(
        "GetDatasetResponseBody", .object(data("DatasetWithExampleCount")))

    static let versions = ObjectSchema.page(
        "ListDatasetVersionsResponseBody",
        of: .object(
            ObjectSchema(
                "DatasetVersion",
                fields: [
                    .required("version_id", .string), .required("description", .string.orNull),
                    .required("metadata", .dictionary), .required("created_at", .timestamp),
                ])))

    /// An example, which experiments show too.
    package static let example = ObjectSchema(
        "DatasetExample",
        fields: [
            .required("id", .string.described("What the client calls it, else the global id.")),
            .required("node_id", .string), .required("input", .dictionary),
            .required("output", .dictionary), .required("metadata", .dictionary),
            .required("updated_at", .timestamp),
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

    static let examples = ObjectSchema.envelope(
        "ListDatasetExamplesResponseBody",
        .object(
            ObjectSchema(
                "ListDatasetExamplesData",
                fields: [
                    .required("dataset_id", .string), .required("version_id", .string),
                    .optional("filtered_splits", .array(of: .string)),
                    .required("examples", .array(of: .object(example))),
                ])))

    static let upload = ObjectSchema.envelope(
        "UploadDatasetResponseBody",
        .object(
            ObjectSchema(
                "UploadDatasetData",
                fields: [
                    .required("dataset_id", .string), .required("version_id", .string),
                    .required("num_created_examples", .integer),
                    .required("num_updated_examples", .integer),
                    .required("num_deleted_examples", .integer),
                ])))

    // MARK: Splits

    private static let split = ObjectSchema(
        "DatasetSplit",
        fields: [
            .required("id", .string), .required("name", .string),
            .required("description", .string.orNull), .required("color", .string),
            .required("metadata", .dictionary),
            .required("example_count", .integer.described("Of the dataset asked about.")),
            .required("created_at", .timestamp), .required("updated_at", .timestamp),
        ])

    static let splits = ObjectSchema.page("ListDatasetSplitsResponseBody", of: .object(split))
    static func split(_ name: String) -> ObjectSchema { .envelope(name, .object(split)) }

    static let newSplit = ObjectSchema(
        "CreateDatasetSplitRequestBody",
        fields: [
            .required("name", .string), .optional("description", .string.orNull),
            .optional("color", .string.orNull), .optional("metadata", .dictionary),
            .optional(
                "example_ids",
                .array(of: .string).described("Global ids, or what the client calls them.")),
        ])

    static let splitChange = ObjectSchema(
        "UpdateDatasetSplitRequestBody",
        fields: [
            .optional("name", .string.orNull), .optional("description", .string.orNull),
            .optional("color", .string.orNull), .optional("metadata", .dictionary.orNull),
            .optional("add_example_ids", .array(of: .string)),
            .optional("remove_example_ids", .array(of: .string)),
        ])

    // MARK: Labels

    private static let label = ObjectSchema(
        "DatasetLabel",
        fields: [
            .required("id", .string), .required("name", .string),
            .required("description", .string.orNull), .required("color", .string),
        ])

    static func label(_ name: String) -> ObjectSchema { .envelope(name, .object(label)) }
    static func labels(_ name: String) -> ObjectSchema {
        .envelope(name, .array(of: .object(label)))
    }
    static let labelPage = ObjectSchema.page("GetDatasetLabelsResponseBody", of: .object(label))

    private static let color = Schema.string.matching(
        Schema.Pattern("^#([0-9a-f]{6})$", matches: isColor))

    /// Whether a text is `#` and six hexadecimal digits in lower case.
    @Sendable static func isColor(_ text: String) -> Bool {
        text.utf8.count == 7 && text.hasPrefix("#")
            && text.utf8.dropFirst().allSatisfy {
                (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
            }
    }

    static let newLabel = ObjectSchema(
        "CreateDatasetLabelRequestBody",
        fields: [
            .required("name", .string(minLength: 1)), .required("color", color),
            .optional("description", .string.orNull),
        ])

    static let labelChange = ObjectSchema(
        "UpdateDatasetLabelRequestBody",
        description: "What to change about a label. A member that is left out stays as it is.",
        fields: [
            .optional("name", Schema.string(minLength: 1).orNull),
            .optional("color", color.orNull), .optional("description", .string.orNull),
        ])

    static let labelIDs = ObjectSchema(
        "SetDatasetLabelsRequestBody",
        fields: [
            .optional(
                "dataset_label_ids",
                .array(of: .string).described(
                    "All labels that the dataset is to have, by their global ids."))
        ])
}

/// What the document says of the body of an upload.
enum UploadDocument {
    private static func array(_ items: JSONValue) -> JSONValue {
        ["type": "array", "items": items]
    }

    private static let text: JSONValue = ["type": "string"]
    private static let texts: JSONValue = [
        "type": "array", "items": ["type": "string"], "uniqueItems": true,
    ]
    private static let textOrNull: JSONValue = ["oneOf": [["type": "string"], ["type": "null"]]]
    private static let action: JSONValue = [
        "type": "string", "enum": ["create", "append", "update"],
    ]

    private static let json: JSONValue = [
        "type": "object", "required": ["name", "inputs"],
        "properties": [
            "action": action, "name": text, "description": text,
            "inputs": array(["type": "object"]), "outputs": array(["type": "object"]),
            "metadata": array(["type": "object"]),
            "splits": array([
                "oneOf": [["type": "string"], array(text), ["type": "null"]]
            ]),
            "span_ids": array(textOrNull), "example_ids": array(textOrNull),
        ],
    ]

    private static let form: JSONValue = [
        "type": "object", "required": ["name", "input_keys[]", "output_keys[]", "file"],
        "properties": [
            "action": action, "name": text, "description": text, "input_keys[]": texts,
            "output_keys[]": texts, "metadata_keys[]": texts, "split_keys[]": texts,
            "split_key": text, "flatten_keys[]": texts, "span_id_key": text,
            "example_id_key": text, "file": ["type": "string", "format": "binary"],
        ],
    ]

    static let body: JSONValue = [
        "content": [
            "application/json": ["schema": json], "multipart/form-data": ["schema": form],
        ]
    ]
}
