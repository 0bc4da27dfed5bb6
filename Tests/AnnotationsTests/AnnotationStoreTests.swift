import Annotations
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import Tracing

@Suite struct AnnotationStoreTests {
    private static let now = AnnotationsService.now

    @Test(arguments: TestDatabase.available)
    func `an annotation takes the place of the one with its name, target and identifier`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let span = Annotation.Subject.span.target(1)
            let first = try await service.store.write(
                [
                    .stub(span, label: "a", score: 0.5), .stub(span, name: "other"),
                    .stub(span, identifier: "me"), .stub(span, label: "b"),
                ], about: .span, now: Self.now)
            #expect(first[0] == first[3])
            #expect(first[0] < first[1] && first[1] < first[2])
            let later = Timestamp(microseconds: Self.now.microseconds + 5)
            let second = try await service.store.write(
                [.stub(span, score: .infinity), .stub(span, name: "other", score: .nan)],
                about: .span, now: later)
            #expect(second == [first[0], first[1]])
            let stored = try await service.stored()
            #expect(Set(stored.map(\.id)) == Set(first))
            let changed = try #require(stored.first { $0.id == first[0] })
            #expect(changed.label == nil)
            #expect(changed.score == .infinity)
            #expect(changed.createdAt == Self.now)
            #expect(changed.updatedAt == later)
            #expect(stored.first { $0.id == first[1] }?.score == nil)
            #expect(stored.first { $0.id == first[2] }?.updatedAt == Self.now)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `one unknown target keeps the whole batch out`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            for subject in Annotation.Subject.allCases {
                let unknown = [subject.target(99), subject.target(98)]
                let error = await #expect(throws: AnnotationError.self) {
                    try await service.store.write(
                        [.stub(subject.target(1), position: 0)]
                            + unknown.map { .stub($0, position: 0) }, about: subject,
                        now: Self.now)
                }
                #expect(error?.code == .notFound)
                #expect(error?.message.contains("\(unknown[1]), \(unknown[0]) do not") == true)
                let stored = try await service.stored(subject)
                #expect(stored.isEmpty)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `thousands of annotations take few statements`(on database: TestDatabase) async throws {
        try await database.withTracingStore { tracing in
            let counting = CountingDatabase(tracing.database)
            let service = AnnotationsService(TracingStore(counting))
            try await service.insert((1...2000).map { .stub(trace: $0, span: $0) })
            let drafts = (1...2000).map {
                AnnotationDraft.stub(Annotation.Subject.span.target($0), score: Double($0))
            }
            for _ in 0..<2 {
                let statements = try await counting.statements {
                    _ = try await service.store.write(drafts, about: .span, now: Self.now)
                }
                // Four of each kind: find the spans, find the annotations, change them.
                #expect(statements.count <= 12)
            }
            #expect(try await service.stored().count == 2000)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `thousands of annotations are deleted in slices`(on database: TestDatabase) async throws {
        try await database.withTracingStore { tracing in
            let counting = CountingDatabase(tracing.database)
            let service = AnnotationsService(TracingStore(counting))
            try await service.insert((1...2500).map { .stub(trace: $0, span: $0) })
            let targets = (1...2500).map { Annotation.Subject.span.target($0) }
            _ = try await service.store.write(
                targets.map { .stub($0) } + [.stub(targets[0], name: "other")], about: .span,
                now: Self.now)
            var removal = AnnotationStore.Removal()
            removal.name = "quality"
            let project = try await service.tracing.project(Identifier("demo")).id
            let statements = try await counting.statements {
                let count = try await service.store.deleteAnnotations(
                    about: .span, of: project, where: removal)
                #expect(count == 2500)
            }
            #expect(statements.filter { $0.hasPrefix("DELETE") }.count == 3)
            #expect(try await service.stored().map(\.name) == ["other"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `concurrent writers of the same annotations leave each of them once`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let spans = (1...3).map { Annotation.Subject.span.target($0) }
            let ids = try await withThrowingTaskGroup(of: [Annotation.ID].self) { group in
                for writer in 0..<16 {
                    group.addTask {
                        // Some go forwards, some backwards.
                        let order = writer.isMultiple(of: 2) ? spans : spans.reversed()
                        let ids = try await service.store.write(
                            order.map { .stub($0, score: Double(writer)) }, about: .span,
                            now: Self.now)
                        return writer.isMultiple(of: 2) ? ids : ids.reversed()
                    }
                }
                return try await group.reduce(into: Set<[Annotation.ID]>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let stored = try await service.stored()
            #expect(stored.count == 3)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `annotations go with what they are about`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            for subject in Annotation.Subject.allCases {
                let target = subject.target(subject == .document ? 3 : 1)
                _ = try await service.store.write(
                    [.stub(target, position: subject == .document ? 0 : nil)], about: subject,
                    now: Self.now)
            }
            try await service.tracing.deleteTrace(
                Identifier(Annotation.Subject.trace.target(1)))
            #expect(try await service.stored(.span).isEmpty)
            #expect(try await service.stored(.trace).isEmpty)
            #expect(try await service.stored(.document).count == 1)
            try await service.tracing.deleteSpan(Identifier(Annotation.Subject.span.target(3)))
            try await service.tracing.deleteSessions([Identifier("s1")])
            let left = try await service.store.database.read { connection in
                try [
                    "span_annotations", "trace_annotations", "project_session_annotations",
                    "document_annotations",
                ].map {
                    try connection.first("SELECT COUNT(*) FROM \(unsafe: $0)")?.integer(0)
                }
            }
            #expect(left == [0, 0, 0, 0])
        }
    }

    // MARK: Waiting

    @Test(arguments: TestDatabase.available, Annotation.Subject.allCases)
    func `an annotation of what has not arrived waits for it`(
        on database: TestDatabase, subject: Annotation.Subject
    ) async throws {
        try await database.withAnnotationsService { service in
            let position: Int64? = subject == .document ? 0 : nil
            let target = subject.target(9)
            try await service.store.accept(
                [.stub(target, position: position, label: "early")], about: subject,
                now: Self.now)
            #expect(try await service.store.settle(now: Self.now).settledCount == 0)
            #expect(try await service.stored(subject).isEmpty)
            try await service.insert([
                .stub(
                    trace: 9, span: 9, session: "s9",
                    attributes: #"{"retrieval":{"documents":[{"document":{}}]}}"#)
            ])
            let later = Timestamp(microseconds: Self.now.microseconds + 60_000_000)
            #expect(try await service.store.settle(now: later).settledCount == 1)
            let stored = try await service.stored(subject)
            #expect(stored.map(\.label) == ["early"])
            #expect(stored.map(\.target) == [target])
            #expect(stored.map(\.createdAt) == [Self.now])
            let second = try await service.store.settle(now: later)
            #expect(second == AnnotationStore.Settlement())
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an annotation waits for ten minutes`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let target = Annotation.Subject.span.target(9)
            try await service.store.accept([.stub(target)], about: .span, now: Self.now)
            let inTime = Timestamp(microseconds: Self.now.microseconds + AnnotationStore.patience)
            #expect(try await service.store.settle(now: inTime).expiredCount == 0)
            let late = Timestamp(microseconds: inTime.microseconds + 1)
            #expect(try await service.store.settle(now: late).expiredCount == 1)
            try await service.insert([.stub(trace: 9, span: 9)])
            #expect(try await service.store.settle(now: late).settledCount == 0)
            #expect(try await service.stored().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a waiting annotation gives way to a newer one`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let target = Annotation.Subject.span.target(9)
            try await service.store.accept(
                [.stub(target, label: "old"), .stub(target, name: "n", label: "first")],
                about: .span, now: Self.now)
            try await service.store.accept(
                [.stub(target, name: "n", label: "last")], about: .span, now: Self.now)
            try await service.insert([.stub(trace: 9, span: 9)])
            let later = Timestamp(microseconds: Self.now.microseconds + 1)
            _ = try await service.store.write(
                [.stub(target, label: "new")], about: .span, now: later)
            #expect(try await service.store.settle(now: later).settledCount == 3)
            let stored = try await service.stored()
            #expect(Set(stored.map(\.label)) == ["new", "last"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what can never be stored does not wait`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            try await service.store.accept([.stub("no id")], about: .span, now: Self.now)
            try await service.store.accept(
                [
                    .stub(Annotation.Subject.document.target(3), position: 2),
                    .stub(Annotation.Subject.document.target(3), position: 1),
                ], about: .document, now: Self.now)
            #expect(
                try await service.store.settle(now: Self.now) == AnnotationStore.Settlement())
            #expect(try await service.stored(.document).map(\.documentPosition) == [1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `annotations beyond those that may wait are refused together`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            let unknown = AnnotationDraft.stub(Annotation.Subject.span.target(9))
            let known = AnnotationDraft.stub(Annotation.Subject.span.target(1))
            let many = Array(repeating: unknown, count: AnnotationStore.waitingMax)
            try await service.store.accept(many, about: .span, now: Self.now)
            let error = await #expect(throws: AnnotationError.self) {
                try await service.store.accept([known, unknown], about: .span, now: Self.now)
            }
            #expect(error?.code == .atCapacity)
            #expect(try await service.stored().isEmpty)
            try await service.store.accept([known], about: .span, now: Self.now)
            #expect(try await service.stored().count == 1)
        }
    }
}
