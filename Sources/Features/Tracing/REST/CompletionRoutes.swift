import APISupport
import FilterLanguage
import HTTPMessages
import JSON

extension TracingRoutes {
    var completionRoutes: [Route] { [Route(Self.completeFilter) { try await completeFilter($0) }] }

    private enum Language: String, CaseIterable {
        case span, trace, session

        var filterLanguage: FilterLanguage {
            switch self {
            case .span: .span
            case .trace: .trace
            case .session: .session
            }
        }
    }

    private static let language = Parameter<Language>.choice(
        "language", default: .span, "What the condition selects.")
    private static let condition = Parameter<String?>.text(
        "condition", "The condition, which may be unfinished.")
    /// No condition is as long as this; the place beyond its end means the end.
    private static let endPosition = 1_000_000
    private static let position = Parameter<Int>.integer(
        "position", default: endPosition, greaterThan: -1,
        "The place in the condition, in Unicode code points.")
    private static let completionLimit = Parameter<Int>.integer(
        "limit", default: 20, greaterThan: 0, atMost: FilterLanguage.completionsMax,
        "How many completions are wanted at most.")

    private static let completion = ObjectSchema(
        "FilterCompletion",
        fields: [
            .required("text", .string),
            .required(
                "kind",
                .literal([
                    "field", "attribute", "collection", "function", "keyword", "annotation",
                    "value",
                ])),
        ])

    private static let completions = ObjectSchema(
        "FilterCompletionsResponseBody",
        fields: [
            .required("data", .array(of: .object(completion))),
            .required(
                "start",
                .integer.described(
                    "Where the word begins that a completion replaces, in Unicode code points.")),
        ])

    private static let completeFilter: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/filter_completions",
            id: "completeFilterCondition", tag: "projects",
            summary: "Tells what could stand at a place of a filter condition.",
            description: "An extension of this server. Names of the filter language, attributes "
                + "seen in recent spans of the project, and values seen of them.",
            action: TracingAction.readTraces, answer: .json(completions))
        operation.parameters = [
            projectIdentifier.declaration, language.declaration, condition.declaration,
            position.declaration, completionLimit.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        operation.isExtension = true
        return operation
    }()

    private func completeFilter(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        let found = try await store.filterCompletions(
            of: request[Self.condition] ?? "", at: request[Self.position],
            in: request[Self.language].filterLanguage, project: project.id,
            limit: request[Self.completionLimit])
        let items = found.items.map { item -> JSONValue in
            ["text": .string(item.text), "kind": .string(item.kind.rawValue)]
        }
        let body: JSONValue = ["data": .array(items), "start": .integer(Int64(found.start))]
        return .json(.ok, body.serialized())
    }
}
