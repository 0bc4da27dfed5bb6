import PhoenixModel
import SQLCore
import TestSupport
import Testing
import TextSignatures

@testable import Tracing

struct SegmentSignaturesTests {
    /// A span whose texts nobody else has.
    static func span(_ number: Int, project: String = "demo") -> IncomingSpan {
        .stub(
            trace: number / 4 + 1, span: number + 1, project: project, name: "step",
            attributes: #"{"input":{"value":"the mark \#(mark(number)) of it"}}"#)
    }

    static func mark(_ number: Int) -> String { "k\((number + 1) * 7919 % 1_000_003)q" }

    /// The segments that a text may be in, of those that are sealed.
    private func candidates(_ text: String, in store: TracingStore) async throws -> [Int64] {
        let query = try #require(SignatureQuery.text(containing: text))
        return try await store.database.read { connection in
            let sealed = Array(0..<(try SegmentSignatures.nextSegment(on: connection)))
            return try SegmentSignatures.candidates(for: query, among: sealed, on: connection)
        }
    }

    private func count(_ table: String, in store: TracingStore) async throws -> Int64 {
        try await store.database.read {
            try $0.first("SELECT COUNT(*) FROM \(unsafe: table)")!.integer(0)
        }
    }

    /// The segment of each span by its number.
    private func segments(in store: TracingStore) async throws -> [Int: Int64] {
        try await store.database.read { connection in
            var segments: [Int: Int64] = [:]
            for row in try connection.query("SELECT s.id, s.span_id FROM spans s") {
                let number = row.blob(1).suffix(4).reduce(0) { $0 << 8 | Int($1) } - 1
                segments[number] = SpanSegment(of: row.integer(0)).number
            }
            return segments
        }
    }

    private func check(_ store: TracingStore, every step: Int, of count: Int) async throws {
        let segments = try await segments(in: store)
        let next = try await store.database.read(SegmentSignatures.nextSegment)
        for number in stride(from: 0, to: count, by: step) {
            guard let segment = segments[number], segment < next else { continue }
            let found = try await candidates(Self.mark(number), in: store)
            #expect(found.contains(segment), "\(number)")
            #expect(found.count < 8 + Int(next) / 4, "\(number): \(found)")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `sealed segments are found by their texts, also when the work stops between steps`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([(0..<700).map { Self.span($0) }], now: 0)
            _ = try await store.sealSegments(limit: 2)
            try await check(store, every: 31, of: 700)
            // A transaction that fails leaves the position and the signatures of the one before.
            struct Crash: Error {}
            let signatures = SegmentSignatures(payloads: store.payloads)
            await #expect(throws: Crash.self) {
                try await store.database.write { connection in
                    let next = try SegmentSignatures.nextSegment(on: connection)
                    try signatures.store(
                        try signatures.signatures(of: [next], on: connection), on: connection)
                    throw Crash()
                }
            }
            _ = try await store.insert([(700..<1400).map { Self.span($0) }], now: 0)
            let again = TracingStore(store.database)
            while try await again.sealSegments(limit: 3) > 0 {}
            try await check(again, every: 17, of: 1400)
        }
    }

    @Test func `128 segments become a group`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            let count = 128 * 128 + 300
            for start in stride(from: 0, to: count, by: 4096) {
                let spans = (start..<min(start + 4096, count)).map { Self.span($0) }
                _ = try await store.insert([spans], now: 0)
            }
            while try await store.sealSegments(limit: 16) > 0 {}
            #expect(try await self.count("span_segment_signatures", in: store) == 2)
            #expect(try await self.count("span_signature_slices", in: store) > 10)
            try await check(store, every: 977, of: count)

            // A group goes when nothing of it is left.
            try await store.deleteProject(Identifier("demo"))
            while try await store.sealSegments(limit: 64) > 0 {}
            #expect(try await self.count("span_signature_slices", in: store) == 0)
            #expect(try await self.count("span_segment_signatures", in: store) == 0)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a group is stored and asked on both databases`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            let builder = SignatureBuilder()
            let made = (0..<140).map { segment -> SegmentSignature in
                if segment % 4 < 3 { builder.add(text: "the mark \(Self.mark(segment)) of it") }
                return SegmentSignature(
                    segment: Int64(segment), spanCount: 1, idSum: 1, signature: builder.finish())
            }
            let signatures = SegmentSignatures(payloads: store.payloads)
            let merged = try await store.database.write { connection in
                try signatures.store(made, on: connection)
                try connection.execute("UPDATE span_segment_progress SET next_segment = 140")
                return try signatures.mergeFullGroups(limit: 2, on: connection)
            }
            #expect(merged == 1)
            #expect(try await self.count("span_segment_signatures", in: store) == 9)
            for segment in 0..<140 {
                let found = try await candidates(Self.mark(segment), in: store)
                #expect(found.contains(Int64(segment)) == (segment % 4 < 3))
                #expect(found.count < 40)
            }
        }
    }

    @Test func `spans that arrive while signatures are made are not missed`() async throws {
        try await TestDatabase.sqlite.withTracingStore { store in
            _ = try await store.insert([(0..<100).map { Self.span($0) }], now: 0)
            let signatures = SegmentSignatures(payloads: store.payloads)
            let early = try await store.database.read { try signatures.signatures(of: [0], on: $0) }
            _ = try await store.insert([(100..<140).map { Self.span($0) }], now: 0)
            let renewed = try await store.database.write {
                try signatures.renewed(early, for: [0], on: $0)
            }
            #expect(early.map(\.spanCount) != renewed.map(\.spanCount))
            let query = try #require(SignatureQuery.text(containing: Self.mark(120)))
            #expect(renewed.allSatisfy { $0.signature.mayMatch(query) })
        }
    }
}
