import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

/// The REST route of secrets, which can be written but not read.
package struct SettingsRoutes: Sendable {
    private let secrets: SecretStore
    private let now: @Sendable () -> Timestamp

    package init(secrets: SecretStore, now: @escaping @Sendable () -> Timestamp) {
        self.secrets = secrets
        self.now = now
    }

    private static let entry = ObjectSchema(
        "SecretKeyValue",
        fields: [
            .required("key", .string),
            .required("value", .string.orNull.described("Null deletes the secret.")),
        ])

    private static let result = ObjectSchema(
        "UpsertOrDeleteSecretsResult",
        fields: [
            .required("upserted_keys", .array(of: .string)),
            .required("deleted_keys", .array(of: .string)),
        ])

    private static let change: Operation = {
        var operation = Operation(
            .put, "/v1/secrets", id: "upsertOrDeleteSecrets", tag: "secrets",
            summary: "Stores and deletes secrets, all of them or none.",
            description:
                "Of several entries with one key the last counts. Deleting what is not there "
                + "succeeds. Values are never answered.",
            action: SettingsAction.changeSecrets,
            answer: .json(
                .envelope("ResponseBody_UpsertOrDeleteSecretsResult_", .object(result))))
        operation.body = .json(
            ObjectSchema(
                "UpsertOrDeleteSecretsRequest",
                fields: [.required("secrets", .array(of: .object(entry)))]))
        operation.refusals = [.forbidden, .invalid]
        operation.storesData = true
        return operation
    }()

    package var routes: [Route] {
        [
            Route(Self.change) { request in
                let entries = (request.body["secrets"].array ?? []).compactMap(\.object)
                let changes = entries.map { entry in
                    SecretChange(key: entry.text("key").trimmed, value: entry["value"].string)
                }
                try Self.check(changes)
                let (stored, deleted) = try await secrets.apply(changes, now: now())
                return .data(
                    SecretChangesResource(upsertedKeys: stored.map(\.key), deletedKeys: deleted))
            }
        ]
    }

    private static func check(_ changes: [SecretChange]) throws(ValidationError) {
        func issue(
            _ location: [JSONValue], _ message: String, _ input: JSONValue
        ) -> ValidationIssue {
            ValidationIssue(
                type: "value_error", location: ["body", "secrets"] + location,
                message: "Value error, \(message)", input: input, context: ["error": [:]])
        }
        guard !changes.isEmpty else {
            throw ValidationError(issues: [issue([], "At least one secret is required", [])])
        }
        var issues: [ValidationIssue] = []
        for (index, change) in changes.enumerated() {
            if let fault = SecretChange.fault(ofKey: change.key) {
                issues.append(issue([.integer(Int64(index)), "key"], fault, .string(change.key)))
            }
            if let fault = SecretChange.fault(ofValue: change.value) {
                // What was to be a secret is not repeated.
                issues.append(issue([.integer(Int64(index)), "value"], fault, ""))
            }
        }
        guard issues.isEmpty else { throw ValidationError(issues: issues) }
    }
}

extension String {
    /// Without the blanks around it.
    var trimmed: String {
        let start = unicodeScalars.drop { $0.properties.isWhitespace }
        let end = start.reversed().drop { $0.properties.isWhitespace }.reversed()
        return String(String.UnicodeScalarView(end))
    }
}
