import APISupport
import Annotations
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Tracing

/// The routes of this feature on a database of their own, without a network.
struct AnnotationsService: RouteCalling {
    /// The time of every request.
    static let now = Timestamp(microseconds: 1_790_000_000_000_000)

    let tracing: TracingStore
    let store: AnnotationStore
    let router: Router

    init(_ tracing: TracingStore) {
        self.tracing = tracing
        store = AnnotationStore(tracing)
        var router = Router()
        let routes = AnnotationRoutes(store: store, tracing: tracing, now: { Self.now })
        API(routes: routes.routes).register(on: &router)
        self.router = router
    }

    func insert(_ spans: [IncomingSpan]) async throws {
        _ = try await tracing.insert([tracing.batch(spans)], now: 0)
    }

    /// The annotations of a project that a list has, the newest first.
    func stored(
        _ subject: Annotation.Subject = .span, project: String = "demo",
        where selection: AnnotationSelection = AnnotationSelection()
    ) async throws -> [Annotation] {
        let project = try await tracing.project(Identifier(project))
        return try await store.annotations(
            about: subject, of: project.id, where: selection, limit: 100_000)?.rows ?? []
    }
}

extension TestDatabase {
    /// Runs `body` with the routes on a database with spans 1 and 2 in trace 1 and session `s1`, and
    /// span 3, a retriever of two documents, in trace 2; all of the project `demo`.
    func withAnnotationsService(_ body: (AnnotationsService) async throws -> Void) async throws {
        try await withTracingStore { tracing in
            let service = AnnotationsService(tracing)
            try await service.insert([
                .stub(trace: 1, span: 1, session: "s1"), .stub(trace: 1, span: 2, parent: 1),
                .stub(
                    trace: 2, span: 3, kind: "RETRIEVER",
                    attributes: #"{"retrieval":{"documents":[{"document":{}},{"document":{}}]}}"#),
            ])
            try await body(service)
        }
    }
}

extension Annotation.Subject {
    /// What the n-th target of the tests is called by clients.
    func target(_ number: Int) -> String {
        switch self {
        case .span, .document: OTelID.number(number, byteCount: 8).hex
        case .trace: OTelID.number(number, byteCount: 16).hex
        case .session: "s\(number)"
        }
    }
}

extension AnnotationDraft {
    static func stub(
        _ target: String, position: Int64? = nil, name: String = "quality", label: String? = nil,
        score: Double? = nil, identifier: String = ""
    ) -> AnnotationDraft {
        AnnotationDraft(
            target: target, documentPosition: position, name: name, annotatorKind: .code,
            label: label, score: score, identifier: identifier)
    }
}
