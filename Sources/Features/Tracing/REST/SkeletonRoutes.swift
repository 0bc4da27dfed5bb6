import APISupport
import HTTPMessages
import PhoenixModel

extension TracingRoutes {
    var skeletonRoutes: [Route] { [Route(Self.readSkeleton) { try await readSkeleton($0) }] }

    private static let traceIdentifier = Parameter<String>.path(
        "trace_identifier", "The global id or the OpenTelemetry id of a trace of the project.")

    private static let hashes = Parameter<Bool>.flag(
        "hashes",
        "Adds columns by which the contents of spans are compared, for traces of up to "
            + "\(TraceSkeleton.hashedSpansMax) spans.")

    private static let readSkeleton: Operation = {
        var operation = Operation(
            .get, "/v1/projects/{project_identifier}/traces/{trace_identifier}/skeleton",
            id: "getTraceSkeleton", tag: "traces",
            summary: "The spans of a trace as a tree shows them, as binary columns.",
            description: "An extension of this server, for traces of up to "
                + "\(TraceSkeleton.spansMax) spans. docs/trace-skeleton.md tells the format.",
            action: TracingAction.readTraces,
            answer: .other("A JSON table of the columns, then the columns, little-endian."))
        operation.parameters = [
            projectIdentifier.declaration, traceIdentifier.declaration, hashes.declaration,
        ]
        operation.refusals = [.forbidden, .notFound, .unprocessable]
        operation.worksReadOnly = true
        operation.isExtension = true
        return operation
    }()

    private func readSkeleton(_ request: APIRequest) async throws -> HTTPResponse {
        let project = try await project(named: request[Self.projectIdentifier])
        let identifier = Identifier<Trace>(request[Self.traceIdentifier])
        guard let trace = try await store.traceIfAny(identifier), trace.projectID == project.id
        else {
            throw HTTPError(
                .notFound,
                "The project '\(project.name)' has no trace '\(identifier.text)'.")
        }
        let readsContents = request[Self.hashes]
        let revision = try await store.skeletonRevision(of: trace)
        let tag = "\"\(revision)\(readsContents ? "-hashes" : "")\""
        let headers: HTTPHeaders = [
            "etag": tag, "cache-control": "private, no-cache", "x-content-type-options": "nosniff",
        ]
        if EntityTags(request.http.headers).match(tag) {
            return HTTPResponse(.notModified, headers: headers)
        }
        let skeleton = try await store.skeleton(of: trace.id, readsContents: readsContents)
        let body = TraceSkeletonBody(skeleton, of: trace)
        var response = HTTPResponse(
            .ok, headers: headers,
            body: .stream { writer in
                try await writer.write(body.head)
                for column in body.columns {
                    let bytes = column()
                    if !bytes.isEmpty { try await writer.write(bytes) }
                }
            })
        response.headers.set("content-type", "application/octet-stream")
        return response
    }
}
