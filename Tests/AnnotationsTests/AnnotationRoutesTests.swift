import Annotations
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

/// Answers are those of the contract's server to the same requests.
@Suite struct AnnotationRoutesTests {
    private static func annotation(
        _ subject: Annotation.Subject, _ target: String, _ more: JSONObject = [:]
    ) -> JSONValue {
        var object: JSONObject = ["name": "q", "annotator_kind": "CODE"]
        object[subject == .document ? "span_id" : "\(subject.rawValue)_id"] = .string(target)
        if subject == .document { object["document_position"] = 0 }
        for (key, value) in more { object[key] = value }
        return .object(object)
    }

    private static func path(_ subject: Annotation.Subject) -> String {
        "/v1/\(subject.rawValue)_annotations"
    }

    private static func list(_ subject: Annotation.Subject) -> String {
        "/v1/projects/demo/\(subject.rawValue)_annotations"
    }

    @Test(
        arguments: TestDatabase.available, [Annotation.Subject.span, .trace, .session])
    func `annotations are written, listed and deleted`(
        on database: TestDatabase, subject: Annotation.Subject
    ) async throws {
        try await database.withAnnotationsService { service in
            let target = subject.target(1)
            let written = try await service.call(
                .post, Self.path(subject), query: "sync=true",
                body: [
                    "data": [
                        Self.annotation(
                            subject, target, ["result": ["label": "a", "score": true]]),
                        Self.annotation(
                            subject, target,
                            ["name": "r", "metadata": ["k": [1]], "identifier": " i "]),
                        Self.annotation(subject, target, ["result": .null, "metadata": .null]),
                    ]
                ])
            #expect(written.status == 200)
            let ids = written.data.compactMap { $0["id"]?.stringValue }
            #expect(ids.count == 3 && ids[0] == ids[2])
            let answer = try await service.get(
                Self.list(subject), "\(subject.rawValue)_ids=\(target)")
            let key = "\(subject.rawValue)_id"
            let time: JSONValue = "2026-09-21T14:13:20+00:00"
            #expect(
                answer.data == [
                    [
                        "id": .string(ids[1]), "created_at": time, "updated_at": time,
                        "source": "API", "user_id": .null, "name": "r", "annotator_kind": "CODE",
                        "result": ["label": .null, "score": .null, "explanation": .null],
                        "metadata": ["k": [1]], "identifier": " i ", key: .string(target),
                    ],
                    [
                        "id": .string(ids[0]), "created_at": time, "updated_at": time,
                        "source": "API", "user_id": .null, "name": "q", "annotator_kind": "CODE",
                        "result": ["label": .null, "score": .null, "explanation": .null],
                        "metadata": [:], "identifier": "", key: .string(target),
                    ],
                ])
            #expect(answer.nextCursor == nil)
            let first = try await service.get(
                Self.list(subject), "\(subject.rawValue)_ids=\(target)&limit=1")
            #expect(first.nextCursor == ids[0])
            let deleted = try await service.call(
                .delete, Self.list(subject), query: "delete_all=true&name=q")
            #expect(deleted.status == 204)
            #expect(try await service.stored(subject).map(\.name) == ["r"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `scores that are no numbers are shown as null`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let span = Annotation.Subject.span.target(1)
            for score in ["NaN", "Infinity", "-Infinity"] {
                let body = """
                    {"data": [{"name": "q", "annotator_kind": "LLM", "span_id": "\(span)",
                        "result": {"score": \(score)}, "metadata": {"a": NaN}}]}
                    """
                let answer = try await service.call(
                    .post, "/v1/span_annotations", query: "sync=true", bytes: Array(body.utf8))
                #expect(answer.status == 200, "\(score)")
                let shown = try await service.get(Self.list(.span), "span_ids=\(span)")
                #expect(shown.data[0]["result"]?["score"] == .null)
                #expect(shown.data[0]["metadata"] == ["a": .null])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what cannot be annotated is said in the contract's words`(
        on database: TestDatabase
    ) async throws {
        let cases: [(Annotation.Subject, [JSONValue], Int, String)] = [
            (
                .span,
                ["zz", "aa", Annotation.Subject.span.target(1)].map {
                    Self.annotation(.span, $0)
                }, 404, "Spans with IDs aa, zz do not exist."
            ),
            (.trace, [Self.annotation(.trace, "")], 404, "Traces with IDs  do not exist."),
            (.session, [Self.annotation(.session, "x")], 404, "Sessions with IDs x do not exist."),
            (
                .span, [Self.annotation(.span, "zz", ["name": "note"])], 400,
                "The name 'note' is reserved for trace and span notes. Use POST /v1/span_notes "
                    + "instead."
            ),
            (
                .session, [Self.annotation(.session, "s1", ["name": "note"])], 400,
                "The name 'note' is reserved for session notes. Use POST /v1/session_notes instead."
            ),
            (
                .document,
                [
                    Self.annotation(
                        .document, Annotation.Subject.span.target(3), ["document_position": 2])
                ], 422,
                "Document position 2 is out of bounds for span 0000000000000003 (max: 1)"
            ),
            (
                .document, [Self.annotation(.document, Annotation.Subject.span.target(1))], 422,
                "Document position 0 is out of bounds for span 0000000000000001 (max: -1)"
            ),
            (
                .document,
                [
                    Self.annotation(.document, "zz", ["document_position": 9]),
                    Self.annotation(
                        .document, Annotation.Subject.span.target(3), ["document_position": 9]),
                ], 404, "Spans with IDs zz do not exist."
            ),
            (
                .document,
                [
                    Self.annotation(.document, "zz", ["identifier": " "]),
                    Self.annotation(.document, "zz", ["identifier": "y"]),
                ], 422, "Non-empty identifier 'y' is not supported"
            ),
        ]
        try await database.withAnnotationsService { service in
            for (subject, items, status, text) in cases {
                let answer = try await service.call(
                    .post, Self.path(subject), query: "sync=true", body: ["data": .array(items)])
                #expect(answer.status == status)
                #expect(answer.text == text)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `without sync the answer names nothing and nothing is missing`(
        on database: TestDatabase
    ) async throws {
        try await database.withAnnotationsService { service in
            for subject in Annotation.Subject.allCases {
                let known = subject.target(subject == .document ? 3 : 1)
                let targets = ["zz", subject.target(9), known]
                let answer = try await service.call(
                    .post, Self.path(subject),
                    body: ["data": .array(targets.map { Self.annotation(subject, $0) })])
                #expect(answer.text == #"{"data":[]}"#)
                #expect(try await service.stored(subject).map(\.target) == [known])
            }
        }
    }

    // MARK: Notes

    @Test(arguments: TestDatabase.available, [Annotation.Subject.span, .trace, .session])
    func `notes add up, but for those with an identifier`(
        on database: TestDatabase, subject: Annotation.Subject
    ) async throws {
        try await database.withAnnotationsService { service in
            let path = "/v1/\(subject.rawValue)_notes"
            let key = "\(subject.rawValue)_id"
            func note(_ text: String, _ identifier: String = "") async throws -> String {
                let answer = try await service.call(
                    .post, path,
                    body: [
                        "data": [
                            key: .string(" \(subject.target(1)) "), "note": .string(text),
                            "identifier": .string(identifier),
                        ]
                    ])
                return try #require(answer.json["data"]?["id"]?.stringValue)
            }
            let ids = [
                try await note("one"), try await note(" two \n"), try await note("three", "k"),
                try await note("four", "k"),
            ]
            #expect(Set(ids).count == 3 && ids[2] == ids[3])
            let stored = try await service.stored(subject)
            #expect(stored.map(\.explanation) == ["four", "two", "one"])
            #expect(stored.allSatisfy { $0.name == "note" && $0.annotatorKind == .human })
            #expect(stored[0].identifier == "k")
            let prefix = "px-\(subject.rawValue)-note:"
            #expect(stored[1].identifier.hasPrefix(prefix))
            #expect(stored[1].identifier.count == prefix.count + 36)
            let missing = try await service.call(
                .post, path, body: ["data": [key: "zz", "note": "x"]])
            #expect(missing.status == 404)
            let noun =
                switch subject {
                case .span, .document: "Span with ID"
                case .trace: "Trace with ID"
                case .session: "Session with session_id"
                }
            #expect(missing.text == "\(noun) zz not found")
            let blank = try await service.call(
                .post, path, body: ["data": [key: "zz", "note": " "]])
            #expect(blank.status == 422)
            #expect(blank.json["detail"]?[0]?["type"] == "string_too_short")
            #expect(blank.json["detail"]?[0]?["input"] == "")
        }
    }

    @Test func `an identifier has the form of a random UUID`() {
        #expect(
            NoteIdentifier.text(0, 0) == "00000000-0000-4000-8000-000000000000")
        #expect(
            NoteIdentifier.text(.max, .max) == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    }

    // MARK: Lists

    @Test(arguments: TestDatabase.available)
    func `lists are filtered`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            let (one, two) = (Annotation.Subject.span.target(1), Annotation.Subject.span.target(2))
            _ = try await service.store.write(
                [
                    .stub(one, name: "a"), .stub(one, name: "b", identifier: "x"),
                    .stub(two, name: "a", identifier: "y"), .stub(two, name: "c"),
                ], about: .span, now: AnnotationsService.now)
            let cases: [(String, [String])] = [
                ("span_ids=\(one)", ["b", "a"]),
                ("span_ids=\(one)&span_ids=zz&span_ids=\(two)", ["c", "a", "b", "a"]),
                ("identifier=x&identifier=y", ["a", "b"]),
                ("identifier=x&span_ids=\(two)", []),
                ("identifier=x&span_ids=zz", []),
                ("identifier=nothing", []),
                ("span_ids=\(one)&span_ids=\(two)&include_annotation_names=a", ["a", "a"]),
                (
                    "span_ids=\(two)&include_annotation_names=a&include_annotation_names=c"
                        + "&exclude_annotation_names=a", ["c"]
                ),
            ]
            for (query, names) in cases {
                let answer = try await service.get(Self.list(.span), query)
                #expect(answer.data.map { $0["name"]?.stringValue } == names, "\(query)")
            }
            var paged: [JSONValue?] = []
            var cursor = ""
            for _ in 0..<4 {
                let page = try await service.get(
                    Self.list(.span), "span_ids=\(one)&span_ids=\(two)&limit=1&cursor=\(cursor)")
                paged += page.data.map { $0["name"] }
                cursor = page.nextCursor ?? ""
            }
            #expect(paged == ["c", "a", "b", "a"])
            #expect(cursor == "")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `lists and deletions that name too little or nonsense are refused`(
        on database: TestDatabase
    ) async throws {
        let unbounded =
            "Delete is unbounded. Set delete_all=true to acknowledge, or supply both start_time "
            + "and end_time to bound the time range."
        let backwards = "`start_time` must be strictly earlier than `end_time`."
        let many = (0...1000).map { "span_ids=\($0)" }.joined(separator: "&")
        let cases: [(HTTPMethod, String, String, Int, String)] = [
            (
                .get, "demo", "", 422,
                "At least one of span_ids or identifier must be supplied"
            ),
            (
                .get, "demo", "span_ids=zz", 404,
                "None of the supplied span_ids exist in this project"
            ),
            (.get, "demo", "identifier=a&cursor=zz", 422, "Invalid cursor value"),
            (.get, "demo", many, 422, "Too many span_ids supplied: 1001 (max 1000)"),
            (.get, "none", "span_ids=zz", 404, "Project with name none not found"),
            (.delete, "demo", "", 422, unbounded),
            (.delete, "demo", "name=x&start_time=2026-01-01", 422, unbounded),
            (.delete, "demo", "start_time=2026-01-02&end_time=2026-01-02", 422, backwards),
            (
                .delete, "demo", "start_time=2026-01-02&end_time=2026-01-01&delete_all=true", 422,
                backwards
            ),
            (.delete, "none", "delete_all=true", 404, "Project with name none not found"),
            (.delete, "demo", "delete_all=true&start_time=2026-01-01", 204, ""),
        ]
        try await database.withAnnotationsService { service in
            for (method, project, query, status, text) in cases {
                let answer = try await service.call(
                    method, "/v1/projects/\(project)/span_annotations", query: query)
                #expect(answer.status == status, "\(query)")
                #expect(answer.text == text, "\(query.prefix(100))")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `only what a deletion describes goes`(on database: TestDatabase) async throws {
        try await database.withAnnotationsService { service in
            try await service.insert([.stub(trace: 7, span: 7, project: "other")])
            let span = Annotation.Subject.span.target(1)
            func write(_ names: [String], hour: Int64) async throws {
                _ = try await service.store.write(
                    names.map { .stub(span, name: $0, identifier: "i-\($0)") }
                        + [.stub(Annotation.Subject.span.target(7), name: names[0])],
                    about: .span, now: Timestamp(microseconds: hour * 3_600_000_000))
            }
            try await write(["a", "b"], hour: 1)
            try await write(["c", "d"], hour: 2)
            try await write(["e", "f"], hour: 3)
            let cases: [(String, [String])] = [
                ("start_time=1970-01-01T01:00:00Z&end_time=1970-01-01T02:00:00Z&name=a", ["a"]),
                ("start_time=1970-01-01T02:00:00Z&end_time=1970-01-01T03:00:00Z", ["c", "d"]),
                ("delete_all=true&identifier=i-f", ["f"]),
                ("delete_all=true&annotator_kind=HUMAN", []),
                ("delete_all=true&start_time=1970-01-01T03:00:00Z", ["e"]),
                ("delete_all=true", ["b"]),
            ]
            var left = Set(["a", "b", "c", "d", "e", "f"])
            for (query, gone) in cases {
                let answer = try await service.call(.delete, Self.list(.span), query: query)
                #expect(answer.status == 204)
                left.subtract(gone)
                #expect(Set(try await service.stored().map(\.name)) == left, "\(query)")
            }
            #expect(try await service.stored(project: "other").count == 3)
        }
    }
}
