import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing

@testable import Tracing

struct TraceSkeletonTests {
    private static let spans: [IncomingSpan] = [
        .stub(span: 1, name: "root", kind: "AGENT", startTime: 1000, endTime: 9000),
        .stub(
            span: 2, parent: 1, name: "call", kind: "LLM", status: "ERROR", startTime: 3000,
            endTime: 4000, promptTokens: 10, completionTokens: 5,
            attributes:
                #"{"cost":{"model":1,"entries":[[1,"input",10,0.5],[0,"output",5,0.25]]}}"#
        ),
        .stub(span: 3, parent: 1, name: "call", kind: "LLM", startTime: 2000, endTime: 1500),
        .stub(span: 4, parent: 99, name: "orphan", kind: "TOOL", startTime: 500, endTime: 600),
        .stub(span: 5, parent: 6, name: "circle", startTime: 5000, endTime: 5000),
        .stub(span: 6, parent: 5, name: "circle", startTime: 6000, endTime: 6000),
        .stub(trace: 2, span: 7, parent: 1, name: "elsewhere"),
    ]

    private func trace(_ store: TracingStore, _ number: Int = 1) async throws -> Trace {
        let id = OTelID.number(number, byteCount: 16).hex
        return try #require(try await store.traceIfAny(Identifier(id)))
    }

    @Test(arguments: TestDatabase.available)
    func `a skeleton has the spans of one trace in the order of the tree`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = TracingStore(database, pricing: StatedPricing())
            _ = try await store.insert([Self.spans], now: 0)
            // The page size makes pages end anywhere.
            for pageSize in [1, 2, 3, 100] {
                let skeleton = try await store.skeleton(
                    of: trace(store).id, pageSize: pageSize)
                #expect(skeleton.isComplete)
                #expect(
                    skeleton.otelIDs.map { Int($0.bytes.last ?? 0) } == [4, 1, 3, 2, 5, 6])
                #expect(skeleton.parents == [-1, -1, 1, 1, -1, 4])
                #expect(skeleton.depths == [0, 0, 1, 1, 0, 1])
                #expect(skeleton.flags == [1, 8, 0, 8, 2, 0])
                #expect(skeleton.starts == [500, 1000, 2000, 3000, 5000, 6000])
                #expect(skeleton.durations == [100, 8000, -500, 1000, 0, 0])
                #expect(skeleton.promptTokens == [-1, -1, -1, 10, -1, -1])
                #expect(skeleton.completionTokens == [-1, -1, -1, 5, -1, -1])
                #expect(skeleton.costs[3] == 0.75)
                #expect(skeleton.costs[0].isNaN)
                #expect(
                    skeleton.names.map { skeleton.strings[Int($0)] }
                        == ["orphan", "root", "call", "call", "circle", "circle"])
                #expect(
                    skeleton.kindNumbers.map { TraceSkeleton.kinds[Int($0)] }
                        == ["TOOL", "AGENT", "LLM", "LLM", "CHAIN", "CHAIN"])
                #expect(
                    skeleton.statusNumbers.map { TraceSkeleton.statusCodes[Int($0)] }
                        == ["OK", "OK", "OK", "ERROR", "OK", "OK"])
                #expect(skeleton.start == Timestamp(microseconds: 500))
                #expect(skeleton.end == Timestamp(microseconds: 9000))
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a bound on the spans holds and is told`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            let id = try await trace(store).id
            for bound in 1...5 {
                let skeleton = try await store.skeleton(of: id, spansMax: bound, pageSize: 2)
                #expect(skeleton.count == bound)
                #expect(!skeleton.isComplete)
            }
            #expect(try await store.skeleton(of: id, spansMax: 6, pageSize: 2).isComplete)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the revision changes with the spans and their costs`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            _ = try await store.insert([Self.spans], now: 0)
            let first = try await store.skeletonRevision(of: trace(store))
            #expect(try await store.skeletonRevision(of: trace(store)) == first)
            _ = try await store.insert([[.stub(span: 8, parent: 1)]], now: 0)
            #expect(try await store.skeletonRevision(of: trace(store)) != first)
        }
    }

    // MARK: Bytes

    /// Reads a body as docs/trace-skeleton.md tells.
    private struct Decoded {
        let table: JSONValue
        private let bytes: [UInt8]
        private let base: Int

        init(_ bytes: [UInt8]) throws {
            self.bytes = bytes
            #expect(Array(bytes.prefix(8)) == Array("PHXTRC".utf8) + [0, 1])
            func integer(_ offset: Int) -> Int {
                (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
            }
            base = integer(12)
            table = try JSON.parse(Array(bytes[16..<16 + integer(8)]))
        }

        func column<Number: FixedWidthInteger>(_ name: String, as: Number.Type) throws -> [Number] {
            let entry = try #require(table["columns"]?[name])
            let offset = base + Int(try #require(entry["offset"]?.integerValue))
            let width = MemoryLayout<Number>.size
            #expect(offset % 8 == 0)
            return (0..<Int(try #require(entry["length"]?.integerValue))).map { index in
                (0..<width).reduce(0) {
                    $0 | Number(truncatingIfNeeded: bytes[offset + index * width + $1]) << (8 * $1)
                }
            }
        }

        func doubles(_ name: String) throws -> [Double] {
            try column(name, as: UInt64.self).map { Double(bitPattern: $0) }
        }
    }

    @Test func `the body says where its columns are`() async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            let trace = try await trace(service.store)
            let path = "/v1/projects/demo/traces/\(trace.otelID.hex)/skeleton"
            let (response, bytes) = try await service.bytes(path)
            #expect(response.status == .ok)
            #expect(response.headers["content-type"] == "application/octet-stream")
            let body = try Decoded(bytes)
            #expect(body.table["spanCount"] == 6)
            #expect(body.table["isComplete"] == true)
            #expect(body.table["startMicroseconds"] == 500)
            #expect(body.table["endMicroseconds"] == 9000)
            #expect(try body.column("parent", as: Int32.self) == [-1, -1, 1, 1, -1, 4])
            #expect(try body.doubles("start") == [0, 500, 1500, 2500, 4500, 5500])
            #expect(try body.doubles("duration") == [100, 8000, -500, 1000, 0, 0])
            #expect(try body.column("depth", as: UInt16.self) == [0, 0, 1, 1, 0, 1])
            #expect(try body.column("flags", as: UInt8.self) == [1, 8, 0, 8, 2, 0])
            #expect(try body.column("idEnd", as: UInt32.self) == [8, 16, 24, 32, 40, 48])
            #expect(try body.column("id", as: UInt8.self)[7] == 4)
            let names = try body.column("name", as: Int32.self)
            #expect(body.table["strings"]?[Int(names[1])] == "root")
            #expect(body.table["columns"]?["callHash"] == nil)
            let hashed = try Decoded(try await service.bytes(path, query: "hashes=true").bytes)
            #expect(try hashed.column("callHash", as: UInt32.self).allSatisfy { $0 != 0 })
            let kinds = try body.column("kind", as: UInt8.self)
            #expect(body.table["kinds"]?[Int(kinds[1])] == "agent")

            let tag = try #require(response.headers["etag"])
            let (again, none) = try await service.bytes(path, headers: ["if-none-match": tag])
            #expect(again.status == .notModified)
            #expect(none.isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `equal contents have equal hashes`(on database: TestDatabase) async throws {
        try await database.withTracingStore { store in
            func span(_ number: Int, _ attributes: String) -> IncomingSpan {
                .stub(span: number, startTime: Int64(number), attributes: attributes)
            }
            _ = try await store.insert(
                [
                    [
                        span(
                            1,
                            #"{"input":{"value":"a"},"output":{"value":"x"},"llm":{"tools":[1],"model_name":"m","token_count":{"prompt":1}}}"#
                        ),
                        span(
                            2,
                            #"{"llm":{"model_name":"m","tools":[1],"output_messages":[2]},"session":{"id":"s"},"output":{"value":"y"},"input":{"value":"a"}}"#
                        ),
                        span(3, #"{"input":{"value":"b"},"llm":{"tools":[2],"model_name":"m"}}"#),
                        span(4, "{}"),
                        span(5, #"{"llm":{"output_messages":[1]}}"#),
                        span(6, #"{"llm":{"output_messages":[2]}}"#),
                    ]
                ], now: 0)
            let id = try await trace(store).id
            #expect(try await store.skeleton(of: id).contents == nil)
            let contents = try #require(
                try await store.skeleton(of: id, readsContents: true).contents)
            #expect(contents[0].input == contents[1].input)
            #expect(contents[0].call == contents[1].call)
            #expect(contents[0].output != contents[1].output)
            #expect(contents[0].input != contents[2].input)
            #expect(contents[0].call != contents[2].call)
            #expect(contents[2].output == 0)
            #expect(contents[3] == ContentHashes())
            #expect(contents[4].output != 0)
            #expect(contents[4].output != contents[5].output)
            #expect(contents[4].call == contents[5].call)
        }
    }

    @Test(arguments: [
        "demo/traces/ffffffffffffffffffffffffffffffff", "demo/traces/nothing",
        "nothing/traces/00000000000000000000000000000001",
        "default/traces/00000000000000000000000000000001",
    ])
    func `what is not in the project is not found`(path: String) async throws {
        try await TestDatabase.sqlite.withTracingService { service in
            try await service.insert(Self.spans)
            #expect(try await service.get("/v1/projects/\(path)/skeleton").status == 404)
        }
    }
}
