import APISupport
import HTTPMessages
import JSON
import PhoenixAPITypes
import PhoenixModel

extension ExperimentRoutes {
    private static let tagIdentifier = Parameter<String>.path(
        "tag_identifier", "The global id or the name of a tag.")

    var tagRoutes: [Route] {
        [
            Route(Self.listTags) { request in
                let id = try Self.taggedExperiment(request)
                let tags = try await Self.naming { try await store.tags(of: id) }
                return .data(ResourceList(tags.map(ExperimentTagResource.init)))
            },
            Route(Self.setTag) { request in
                let name = request.body.text("name")
                guard Self.isName(name) else {
                    throw ValidationError(issues: [
                        ValidationIssue(
                            type: "string_pattern_mismatch", location: ["body", "name"],
                            message: "String should match pattern "
                                + "'\(ExperimentSchemas.namePattern)'",
                            input: .string(name),
                            context: ["pattern": .string(ExperimentSchemas.namePattern)])
                    ])
                }
                let id = try Self.taggedExperiment(request)
                let tag = try await Self.naming {
                    try await store.setTag(
                        name, description: request.body["description"].string, of: id)
                }
                return .data(ExperimentTagResource(tag))
            },
            Route(Self.deleteTag) { request in
                let id = try Self.taggedExperiment(request)
                let tag = Identifier<ExperimentTag>(request[Self.tagIdentifier])
                guard tag.rowID != nil || Self.isName(tag.text) else {
                    throw HTTPError(
                        .unprocessableContent, "Invalid tag identifier: \(tag.text)")
                }
                try await Self.naming { try await store.deleteTag(tag, of: id) }
                return HTTPResponse(.noContent)
            },
        ]
    }

    private static func taggedExperiment(_ request: APIRequest) throws(HTTPError) -> Experiment.ID {
        let text = request[experimentID]
        guard let id = Experiment.ID(nodeID: text) else {
            throw HTTPError(.unprocessableContent, "Invalid experiment ID: \(text)")
        }
        return id
    }

    /// Says that an experiment does not exist in the words that the contract has here.
    static func naming<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as ExperimentError where error.code == .notFound {
            throw ExperimentError(.notFound, "Experiment not found")
        }
    }

    /// Whether a text matches ``ExperimentSchemas/namePattern``.
    private static func isName(_ text: String) -> Bool {
        func isPlain(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return isPlain(first) && isPlain(last)
            && text.utf8.allSatisfy {
                isPlain($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-")
            }
    }

    private static let listTags: Operation = {
        var operation = Operation(
            .get, "\(path)/tags", id: "listExperimentTags", tag: tag,
            summary: "Lists the tags that an experiment has, the newest first.",
            action: ExperimentAction.readExperiments, answer: .json(ExperimentSchemas.tags))
        operation.parameters = [experimentID.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let setTag: Operation = {
        var operation = Operation(
            .post, "\(path)/tags", id: "setExperimentTag", tag: tag,
            summary: "Gives an experiment a tag.",
            description: "One experiment of a dataset has a tag: the one that had it loses it. The "
                + "tag baseline makes an experiment the one that others are compared with.",
            action: ExperimentAction.changeExperiments,
            answer: .json(ExperimentSchemas.storedTag))
        operation.parameters = [experimentID.declaration]
        operation.body = .json(ExperimentSchemas.newTag)
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()

    private static let deleteTag: Operation = {
        var operation = Operation(
            .delete, "\(path)/tags/{tag_identifier}", id: "deleteExperimentTag", tag: tag,
            summary: "Takes a tag from an experiment.",
            description: "One that the experiment does not have stays where it is.",
            action: ExperimentAction.changeExperiments, answer: .noContent)
        operation.parameters = [experimentID.declaration, tagIdentifier.declaration]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        return operation
    }()
}

extension ExperimentTagResource {
    init(_ tag: ExperimentTag) {
        self.init(id: tag.id.nodeID.description, name: tag.name, description: tag.description)
    }
}
