import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

/// The REST routes of prompts, their versions and tags.
package struct PromptRoutes: Sendable {
    let store: PromptStore
    let now: @Sendable () -> Timestamp

    package init(store: PromptStore, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.now = now
    }

    package var routes: [Route] { promptRoutes + versionRoutes + tagRoutes }

    // MARK: What requests name

    static let promptIdentifier = Parameter<String>.path(
        "prompt_identifier", "The name or the global id of a prompt.")
    static let versionID = Parameter<String>.path(
        "prompt_version_id", "The global id of a version.")
    static let tagName = Parameter<String>.path("tag_name", "The name of a tag.")
    static let cursor = Parameter<String?>.text("cursor", "The next_cursor of the page before.")

    static func limit(_ things: String) -> Parameter<Int> {
        .integer(
            "limit", default: 100, greaterThan: 0, "How many \(things) a page has at most.")
    }

    static func prompt(_ request: APIRequest) throws(HTTPError) -> Identifier<Prompt> {
        let identifier = Identifier<Prompt>(request[promptIdentifier])
        guard identifier.rowID != nil || PromptName.isValid(identifier.text) else {
            throw HTTPError(.unprocessableContent, "Invalid prompt name")
        }
        return identifier
    }

    static func version(_ request: APIRequest) throws(HTTPError) -> PromptVersion.ID {
        guard let id = PromptVersion.ID(nodeID: request[versionID]) else {
            throw HTTPError(.unprocessableContent, "Invalid prompt version ID")
        }
        return id
    }

    static func tag(_ request: APIRequest) throws(HTTPError) -> String {
        let name = request[tagName]
        guard PromptName.isValid(name) else {
            throw HTTPError(.unprocessableContent, "Invalid tag name")
        }
        return name
    }

    /// The row that a page begins with. As in the contract the type in the cursor does not matter.
    static func first<Noun>(
        _ request: APIRequest, _ noun: Noun.Type
    ) throws(HTTPError) -> RowID<Noun>? {
        guard let text = request[cursor], !text.isEmpty else { return nil }
        guard let id = NodeID(text) else {
            throw HTTPError(.unprocessableContent, "Invalid cursor format: \(text)")
        }
        return RowID(id.rowID)
    }

    // MARK: Prompts

    private static let path = "/v1/prompts"
    private static let promptPath = "\(path)/{prompt_identifier}"
    static let openAPITag = "prompts"
    private static let promptLimit = limit("prompts")

    private var promptRoutes: [Route] {
        [
            Route(Self.listPrompts) { request in
                let page = try await store.prompts(
                    from: try Self.first(request, Prompt.self), limit: request[Self.promptLimit])
                return .page(
                    page.rows.lazy.map { PromptResource($0, omitsNulls: false) },
                    nextCursor: page.following?.id.nodeID.description)
            },
            Route(Self.createPrompt) { request in
                guard let prompt = request.body["prompt"].object,
                    let version = request.body["version"].object
                else { preconditionFailure("The body has been decoded.") }
                let created = try await store.create(
                    PromptDraft(
                        name: prompt.text("name"), description: prompt["description"].string,
                        metadata: prompt["metadata"].json ?? [:]),
                    version: PromptContent(version), existing: .addVersion, now: now())
                return .data(PromptVersionResource(created))
            },
            Route(Self.patchPrompt) { request in
                var patch = PromptPatch()
                if request.body.given.contains("description") {
                    patch.description = .some(request.body["description"].string)
                }
                patch.metadata = request.body["metadata"].json
                let prompt = try await store.patch(
                    try Self.prompt(request), with: patch, now: now())
                return .data(PromptResource(prompt, omitsNulls: true))
            },
            Route(Self.deletePrompt) { request in
                try await store.delete(try Self.prompt(request))
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let listPrompts: Operation = {
        var operation = Operation(
            .get, path, id: "getPrompts", tag: openAPITag,
            summary: "Lists prompts, the newest first.", action: PromptAction.readPrompts,
            answer: .json(PromptSchemas.prompts))
        operation.parameters = [cursor.declaration, promptLimit.declaration]
        operation.refusals = [.forbidden, .unprocessable]
        return operation
    }()

    private static let createPrompt: Operation = {
        var operation = Operation(
            .post, path, id: "postPromptVersion", tag: openAPITag,
            summary: "Creates a prompt with its first version.",
            description: "When there is a prompt of this name, the version is added to it, and its "
                + "description and metadata stay.",
            action: PromptAction.changePrompts,
            answer: .json(PromptSchemas.version("CreatePromptResponseBody")))
        operation.body = .json(PromptSchemas.createPrompt)
        operation.refusals = [.forbidden, .unprocessable]
        operation.storesData = true
        return operation
    }()

    private static let patchPrompt: Operation = {
        var operation = Operation(
            .patch, promptPath, id: "patchPrompt", tag: openAPITag,
            summary: "Changes the description and metadata of a prompt.",
            action: PromptAction.changePrompts, answer: .json(PromptSchemas.patchedPrompt))
        operation.parameters = [promptIdentifier.declaration]
        operation.body = .json(PromptSchemas.patchPrompt)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let deletePrompt: Operation = {
        var operation = Operation(
            .delete, promptPath, id: "deletePrompt", tag: openAPITag,
            summary: "Deletes a prompt with its versions and tags.",
            action: PromptAction.changePrompts, answer: .noContent)
        operation.parameters = [promptIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()
}

extension PromptResource {
    init(_ prompt: Prompt, omitsNulls: Bool) {
        self.init(
            id: prompt.id.nodeID.description, name: prompt.name, description: prompt.description,
            sourcePromptID: prompt.sourceID?.nodeID.description, metadata: prompt.metadata,
            omitsNulls: omitsNulls)
    }
}
