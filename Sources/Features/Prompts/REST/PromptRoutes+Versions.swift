import APISupport
import HTTPMessages
import PhoenixAPITypes
import PhoenixModel

extension PromptRoutes {
    private static let versionPath = "/v1/prompt_versions/{prompt_version_id}"
    private static let promptPath = "/v1/prompts/{prompt_identifier}"
    private static let versionLimit = limit("versions")

    // MARK: Versions

    var versionRoutes: [Route] {
        [
            Route(Self.listVersions) { request in
                let page = try await store.versions(
                    of: try Self.prompt(request),
                    from: try Self.first(request, PromptVersion.self),
                    limit: request[Self.versionLimit])
                return .page(
                    page.rows.lazy.map(PromptVersionResource.init),
                    nextCursor: page.following?.id.nodeID.description)
            },
            Route(Self.createVersion) { request in
                guard let version = request.body["version"].object else {
                    preconditionFailure("The body has been decoded.")
                }
                let content = PromptContent(version)
                let tags = (request.body["tags"].array ?? []).compactMap(\.object)
                let created = try await store.addVersion(
                    content, to: try Self.prompt(request), tags: tags.map(PromptTagDraft.init),
                    now: now())
                var response = HTTPResponse.data(PromptVersionResource(created))
                response.status = .created
                return response
            },
            Route(Self.getVersion) { request in
                .data(PromptVersionResource(try await store.version(try Self.version(request))))
            },
            Route(Self.getTaggedVersion) { request in
                let version = try await store.version(
                    of: try Self.prompt(request), tagged: try Self.tag(request))
                return .data(PromptVersionResource(version))
            },
            Route(Self.getLatestVersion) { request in
                let version = try await store.latestVersion(of: try Self.prompt(request))
                return .data(PromptVersionResource(version))
            },
        ]
    }

    private static let listVersions: Operation = {
        var operation = Operation(
            .get, "\(promptPath)/versions", id: "listPromptVersions", tag: openAPITag,
            summary: "Lists the versions of a prompt, the newest first.",
            description: "A prompt that does not exist has none.",
            action: PromptAction.readPrompts, answer: .json(PromptSchemas.versions))
        operation.parameters = [
            promptIdentifier.declaration, cursor.declaration, versionLimit.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let createVersion: Operation = {
        var operation = Operation(
            .post, "\(promptPath)/versions", id: "createPromptVersion", tag: openAPITag,
            summary: "Adds a version to a prompt, and tags to the version.",
            action: PromptAction.changePrompts,
            answer: .json(
                PromptSchemas.version("CreatePromptVersionResponseBody"), status: .created))
        operation.parameters = [promptIdentifier.declaration]
        operation.body = .json(PromptSchemas.createVersion)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        operation.storesData = true
        return operation
    }()

    private static let getVersion: Operation = {
        var operation = Operation(
            .get, versionPath, id: "getPromptVersionByPromptVersionId", tag: openAPITag,
            summary: "Shows a version.", action: PromptAction.readPrompts,
            answer: .json(PromptSchemas.version("GetPromptResponseBody")))
        operation.parameters = [versionID.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let getTaggedVersion: Operation = {
        var operation = Operation(
            .get, "\(promptPath)/tags/{tag_name}", id: "getPromptVersionByTagName",
            tag: openAPITag, summary: "Shows the version of a prompt that has a tag.",
            action: PromptAction.readPrompts,
            answer: .json(PromptSchemas.version("GetPromptResponseBody")))
        operation.parameters = [promptIdentifier.declaration, tagName.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let getLatestVersion: Operation = {
        var operation = Operation(
            .get, "\(promptPath)/latest", id: "getPromptVersionLatest", tag: openAPITag,
            summary: "Shows the latest version of a prompt.", action: PromptAction.readPrompts,
            answer: .json(PromptSchemas.version("GetPromptResponseBody")))
        operation.parameters = [promptIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    // MARK: Tags

    private static let tagLimit = limit("tags")

    var tagRoutes: [Route] {
        [
            Route(Self.listTags) { request in
                let page = try await store.tags(
                    of: try Self.version(request),
                    from: try Self.first(request, PromptVersionTag.self),
                    limit: request[Self.tagLimit])
                return .page(
                    page.rows.lazy.map(PromptVersionTagResource.init),
                    nextCursor: page.following?.id.nodeID.description)
            },
            Route(Self.createTag) { request in
                _ = try await store.setTag(
                    PromptTagDraft(request.body), of: try Self.version(request))
                return HTTPResponse(.noContent)
            },
            Route(Self.deleteTag) { request in
                let version = try Self.version(request)
                try await store.deleteTag(try Self.tag(request), ofPromptWith: version)
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static let listTags: Operation = {
        var operation = Operation(
            .get, "\(versionPath)/tags", id: "getPromptVersionTags", tag: openAPITag,
            summary: "Lists the tags of a version, the newest first.",
            action: PromptAction.readPrompts, answer: .json(PromptSchemas.tags))
        operation.parameters = [
            versionID.declaration, cursor.declaration, tagLimit.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let createTag: Operation = {
        var operation = Operation(
            .post, "\(versionPath)/tags", id: "createPromptVersionTag", tag: openAPITag,
            summary: "Gives a tag to a version.",
            description: "Another version of the prompt that has the tag loses it.",
            action: PromptAction.changePrompts, answer: .noContent)
        operation.parameters = [versionID.declaration]
        operation.body = .json(PromptSchemas.newTag)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        operation.storesData = true
        return operation
    }()

    private static let deleteTag: Operation = {
        var operation = Operation(
            .delete, "\(versionPath)/tags/{tag_name}", id: "deletePromptVersionTag",
            tag: openAPITag, summary: "Deletes a tag.",
            description: "Any version of the prompt will do to name the prompt.",
            action: PromptAction.changePrompts, answer: .noContent)
        operation.parameters = [versionID.declaration, tagName.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()
}

extension PromptVersionResource {
    init(_ version: PromptVersion) {
        let content = version.content
        self.init(
            id: version.id.nodeID.description, description: content.description ?? "",
            metadata: content.metadata.objectValue ?? [:],
            modelProvider: content.modelProvider.rawValue, modelName: content.modelName,
            template: content.template, templateType: content.templateType.rawValue,
            templateFormat: content.templateFormat.rawValue,
            invocationParameters: content.invocationParameters, tools: content.tools,
            responseFormat: content.responseFormat)
    }
}

extension PromptVersionTagResource {
    init(_ tag: PromptVersionTag) {
        self.init(
            id: tag.id.nodeID.description, name: tag.name, description: tag.description)
    }
}
