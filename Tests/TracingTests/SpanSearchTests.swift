import JSON
import PhoenixModel
import SQLCore
import TestSupport
import Testing
import TextSignatures

@testable import Tracing

struct SpanSearchTests {
    private static let unbounded = SearchBudget(.seconds(3600), clock: ContinuousClock())

    /// A clock that stands still, whose budgets of nothing are spent at once.
    private static let spent = SearchBudget(.zero, clock: ContinuousClock())

    private func search(
        _ text: String, in store: TracingStore, project: String = "demo", limit: Int = 100
    ) async throws -> [SpanSearchMatch] {
        let project = try await store.project(Identifier(project)).id
        let page = try await store.searchSpans(
            of: project, for: try SpanSearch(for: text), limit: limit, budget: Self.unbounded)
        #expect(page.isComplete)
        return page.matches
    }

    private static func numbers(_ matches: [SpanSearchMatch]) -> [Int] {
        matches.map { $0.span.otelID.bytes.suffix(4).reduce(0) { $0 << 8 | Int($1) } }
    }

    private static func span(
        _ number: Int, _ attributes: JSONValue, project: String = "demo", name: String = "step",
        statusMessage: String = "", events: JSONValue = []
    ) -> IncomingSpan {
        var span = IncomingSpan.stub(
            trace: number, span: number, project: project, name: name, attributes: attributes.text)
        span.statusMessage = statusMessage
        span.payload.events = events.serialized()
        return span
    }

    private static let texts: [(text: String, needles: [String])] = [
        ("Please refund the order", ["refund", "REFUND THE", "please refund the order", "d"]),
        (#"She said "no" and C:\temp\x"#, [#""no""#, #"C:\temp"#, #"\"#, "\""]),
        ("line one\nline two\twith a tab", ["one\nline", "two\twith", "ONE\nLINE TWO"]),
        ("Überraschung für Zoë", ["überraschung", "ÜBERRASCHUNG FÜR", "zoË"]),
        ("ПРИВЕТ, мир", ["привет", "МИР"]),
        ("日本語のテキスト", ["日本", "語のテ", "テキスト"]),
        ("party 👩‍👩‍👧 tonight 🎉", ["👩‍👩‍👧", "🎉", "y 👩‍👩‍👧 t"]),
        ("שלום עולם مرحبا", ["שלום", "עולם", "مرحبا"]),
        ("?!…---…", ["?!", "---", "…-"]),
        ("İstanbul ve ışık", ["istanbul", "IŞIK"]),
    ]

    @Test(arguments: TestDatabase.available)
    func `texts of every script are found, sealed or not`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            var spans = Self.texts.enumerated().map { index, entry in
                Self.span(index + 1, ["input": ["value": .string(entry.text)]])
            }
            spans += (100..<400).map { Self.span($0, ["input": ["value": "something else"]]) }
            _ = try await store.insert([spans], now: 0)
            for isSealed in [false, true] {
                if isSealed { while try await store.sealSegments(limit: 3) > 0 {} }
                for (index, entry) in Self.texts.enumerated() {
                    for needle in entry.needles {
                        let found = try await search("  \(needle)\n", in: store, limit: 500)
                        #expect(Self.numbers(found).contains(index + 1), "\(needle) \(isSealed)")
                        let match = try #require(
                            found.last { $0.span.otelID == .number(index + 1, byteCount: 8) }
                        )
                        .match
                        #expect(match.field == "input.value")
                        let scalars = Array(match.snippet.text.unicodeScalars)
                        let cut = scalars[match.snippet.matchOffset...]
                            .prefix(match.snippet.matchLength)
                        #expect(
                            TextFolding.folded(String(String.UnicodeScalarView(cut)))
                                == TextFolding.folded(needle))
                    }
                }
                for needle in ["refunds", "ne\nlinee", "no\\", "🎊", "input", "value", "{\"", "zz"] {
                    #expect(try await search(needle, in: store).isEmpty, "\(needle)")
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `every place of a span is searched and named`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert(
                [
                    [
                        Self.span(1, [:], name: "needle in the name"),
                        Self.span(2, [:], statusMessage: "a needle in the message"),
                        Self.span(3, ["output": ["value": "a needle"]]),
                        Self.span(
                            4,
                            ["llm": ["input_messages": [["message": ["content": "NEEDLE"]]]]]),
                        Self.span(
                            5, ["a": 1],
                            events: [
                                [
                                    "name": "exception", "timestamp": "2026-01-01T00:00:00Z",
                                    "attributes": ["exception.message": "no needle here"],
                                ]
                            ]),
                        Self.span(6, ["needle": "a key is no text", "n": 12345]),
                    ]
                ], now: 0)
            let found = try await search("needle", in: store)
            #expect(
                found.map(\.match.field) == [
                    "exception.message", "llm.input_messages.0.message.content", "output.value",
                    "status_message", "name",
                ])
            #expect(try await search("2026-01", in: store).isEmpty)
            #expect(try await search("12345", in: store).isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `projects, deletes, moves and times are respected`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            let spans = (1...600).map { number in
                Self.span(
                    number, ["output": ["value": "the common word \(number)"]],
                    project: number % 3 == 0 ? "other" : "demo")
            }
            _ = try await store.insert([spans], now: 0)
            while try await store.sealSegments(limit: 3) > 0 {}
            func numbers(_ project: String) async throws -> [Int] {
                Self.numbers(
                    try await search("common word", in: store, project: project, limit: 1000))
            }
            let ofDemo = Array((1...600).filter { $0 % 3 != 0 }.reversed())
            #expect(try await numbers("demo") == ofDemo)
            #expect(try await numbers("other") == (1...600).filter { $0 % 3 == 0 }.reversed())

            try await store.deleteTrace(Identifier(OTelID.number(100, byteCount: 16).hex))
            _ = try await store.moveTraces(
                [Identifier(OTelID.number(200, byteCount: 16).hex)], to: Identifier("other"))
            let left = ofDemo.filter { $0 != 100 && $0 != 200 }
            #expect(try await numbers("demo") == left)
            #expect(try await numbers("other").contains(200))
            while try await store.sealSegments(limit: 3) > 0 {}
            #expect(try await numbers("demo") == left)
            #expect(try await numbers("other").contains(200))

            let project = try await store.project(Identifier("demo")).id
            var early = try SpanSearch(for: "common")
            early.endTime = Timestamp(microseconds: 1_790_000_000_000_000)
            let page = try await store.searchSpans(
                of: project, for: early, limit: 10, budget: Self.unbounded)
            #expect(page.matches.isEmpty)
            #expect(page.following == nil)
        }
    }

    @Test(arguments: TestDatabase.available, ["word", "w"])
    func `pages go on where the one before ended, also when time is up`(
        on database: TestDatabase, text: String
    ) async throws {
        try await database.withTracingStore { store in
            let spans = (1...2000).map { number in
                Self.span(number, ["x": .string(number % 10 == 0 ? "a word" : "other text")])
            }
            _ = try await store.insert([spans], now: 0)
            for isSealed in [false, true] {
                if isSealed { while try await store.sealSegments(limit: 3) > 0 {} }
                let project = try await store.project(Identifier("demo")).id
                for budget in [Self.unbounded, Self.spent] {
                    var found: [Int] = []
                    var position: Span.ID?
                    var pages = 0
                    repeat {
                        let page = try await store.searchSpans(
                            of: project, for: try SpanSearch(for: text), below: position, limit: 7,
                            budget: budget)
                        found += Self.numbers(page.matches)
                        position = page.following
                        pages += 1
                    } while position != nil
                    #expect(found == (1...2000).filter { $0 % 10 == 0 }.reversed())
                    #expect(pages >= 29)
                }
            }
        }
    }

    @Test func `a text that is empty or too long is refused`() throws {
        for text in ["", " \n ", String(repeating: "x", count: 1001)] {
            #expect(throws: TracingError.self) { try SpanSearch(for: text) }
        }
        #expect(try SpanSearch(for: " x ").needle.text == "x")
        #expect(try SpanSearch(for: String(repeating: "é", count: 1000)).needle.text.count == 1000)
    }

    @Test func `deep documents are searched too`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let deep =
                String(repeating: #"{"a":"#, count: 600) + #""needle""#
                + String(repeating: "}", count: 600)
            _ = try await store.insert([[.stub(span: 1, attributes: deep)]], now: 0)
            #expect(try await search("needle", in: store).count == 1)
        }
    }
}

struct TextSnippetTests {
    private func snippet(_ text: String, _ needle: String) throws -> TextSnippet {
        TextSnippet(of: text, around: try #require(TextNeedle(needle).firstRange(in: text)))
    }

    @Test func `a short text is shown whole`() throws {
        let snippet = try snippet("Please refund it", "REFUND")
        #expect(snippet.text == "Please refund it")
        #expect(snippet.matchOffset == 7)
        #expect(snippet.matchLength == 6)
    }

    @Test func `a long text is cut around the match`() throws {
        let filling = String(repeating: "0123456789", count: 100)
        let snippet = try snippet(filling + "needle" + filling, "needle")
        #expect(snippet.text.unicodeScalars.count == 160)
        #expect(snippet.matchOffset == 77)
    }

    @Test func `no visible character is cut`() throws {
        let family = String(repeating: "👩‍👩‍👧", count: 100)
        let snippet = try snippet(family + "x" + family, "x")
        #expect(snippet.text.allSatisfy { $0 == "👩‍👩‍👧" || $0 == "x" })
        #expect(snippet.text.count < 60)
    }

    @Test func `a character without an end is cut`() throws {
        let marks = String(repeating: "\u{301}", count: 10_000)
        let snippet = try snippet("e" + marks + "needle" + marks, "needle")
        #expect(snippet.text.unicodeScalars.count < 1000)
    }

    @Test func `the match of a folded sign is counted in scalars of the text`() throws {
        let snippet = try snippet("at 5 \u{212A} and İ", "k AND i")
        #expect(snippet.matchOffset == 5)
        #expect(snippet.matchLength == 7)
    }
}
