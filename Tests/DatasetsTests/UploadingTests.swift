import Datasets
import JSON
import PhoenixModel
import TestSupport
import Testing

@Suite struct UploadingTests {
    private static let now = DatasetsService.now

    private static func upload(
        _ action: DatasetUpload.Action, _ examples: [DatasetUpload.Example],
        hasSplits: Bool = false
    ) -> DatasetUpload {
        DatasetUpload(name: "d", action: action, examples: examples, hasSplits: hasSplits)
    }

    @Test(arguments: TestDatabase.available)
    func `documents stay as they were written`(on database: TestDatabase) async throws {
        try await database.withDatasetsService { service in
            let text = #"{"z":1.0,"a":{"n":null,"\u0000":"\u0000x￾"},"big":123456789012345678901}"#
            let object = try JSON.parse(Array(text.utf8)).objectValue ?? [:]
            let outcome = try await service.store.store(
                DatasetUpload(
                    name: "d", description: "says",
                    examples: [
                        DatasetUpload.Example(content: ExampleContent(input: object))
                    ]), now: Self.now)
            #expect(outcome.createdCount == 1)
            #expect(try await service.shown(outcome.datasetID) == ["\(text)>{}"])
            let dataset = try await service.store.dataset(outcome.datasetID)
            #expect(dataset?.description == "says")
            #expect(dataset?.createdAt == Self.now)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `versions keep what later ones change`(on database: TestDatabase) async throws {
        try await database.withDatasetsService { service in
            let first = try await service.store.store(
                Self.upload(.create, [.stub(1, id: "a"), .stub(2), .stub(2)]), now: Self.now)
            let second = try await service.store.store(
                Self.upload(.append, [.stub(9, id: "a"), .stub(2), .stub(3)]), now: Self.now)
            #expect(second.createdCount == 1 && second.updatedCount == 1)
            let third = try await service.store.store(
                Self.upload(.update, [.stub(2)]), now: Self.now)
            #expect(third.deletedCount == 3 && third.createdCount == 0)
            let fourth = try await service.store.store(
                Self.upload(.append, [.stub(7, id: "a")]), now: Self.now)
            #expect(fourth.createdCount == 1)
            let id = first.datasetID
            #expect(
                try await service.shown(id, at: first.versionID) == [
                    #"a={"q":1}>{}"#, #"{"q":2}>{}"#, #"{"q":2}>{}"#,
                ])
            #expect(
                try await service.shown(id, at: second.versionID) == [
                    #"a={"q":9}>{}"#, #"{"q":2}>{}"#, #"{"q":2}>{}"#, #"{"q":3}>{}"#,
                ])
            #expect(try await service.shown(id, at: third.versionID) == [#"{"q":2}>{}"#])
            #expect(try await service.shown(id) == [#"a={"q":7}>{}"#, #"{"q":2}>{}"#])
            #expect(try await service.store.exampleCount(of: id, at: second.versionID) == 4)
            #expect(try await service.store.exampleCounts(of: [id]) == [id: 2])
            let versions = try await service.store.versions(of: id, limit: 10).rows
            #expect(
                versions.map(\.id)
                    == [fourth, third, second, first].map(\.versionID))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an upload that changes nothing makes no version`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let examples: [DatasetUpload.Example] = [.stub(1, id: "a"), .stub(2), .stub(2)]
            let first = try await service.store.store(
                Self.upload(.create, examples), now: Self.now)
            for action in [DatasetUpload.Action.append, .update] {
                let outcome = try await service.store.store(
                    Self.upload(action, examples), now: Self.now)
                #expect(outcome.versionID == first.versionID)
                #expect(outcome.createdCount + outcome.updatedCount + outcome.deletedCount == 0)
            }
            let error = await #expect(throws: DatasetError.self) {
                try await service.store.store(Self.upload(.create, examples), now: Self.now)
            }
            #expect(error?.code == .conflict)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `splits follow the examples of an upload`(on database: TestDatabase) async throws {
        try await database.withDatasetsService { service in
            let id = try await service.store.store(
                Self.upload(
                    .create,
                    [
                        .stub(1, id: "a", splits: ["s1"]),
                        .stub(2, id: "b", splits: ["s2", "s1", "s2"]), .stub(3, id: "c"),
                    ], hasSplits: true), now: Self.now
            ).datasetID
            #expect(try await service.shownSplits(id) == ["s1", "s1,s2", ""])
            // Without splits they stay.
            _ = try await service.store.store(
                Self.upload(.append, [.stub(5, id: "a")]), now: Self.now)
            #expect(try await service.shownSplits(id) == ["s1", "s1,s2", ""])
            // Appended ones change those of their examples.
            let appended = try await service.store.store(
                Self.upload(
                    .append, [.stub(5, id: "a"), .stub(3, id: "c", splits: ["s3"])],
                    hasSplits: true), now: Self.now)
            #expect(appended.updatedCount == 2)
            #expect(try await service.shownSplits(id) == ["", "s1,s2", "s3"])
            // An update says all of them, and deleted examples have none.
            _ = try await service.store.store(
                Self.upload(
                    .update, [.stub(5, id: "a", splits: ["s2"]), .stub(2, id: "b")],
                    hasSplits: true), now: Self.now)
            #expect(try await service.shownSplits(id) == ["s2", ""])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an append finds what it means, also without a stored hash`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let first = try await service.store.store(
                Self.upload(.create, [.stub(1, id: "a"), .stub(2), .stub(3), .stub(4, id: "b")]),
                now: Self.now)
            let three = try await service.store.examples(of: first.datasetID).rows[2].id
            _ = try await service.store.store(
                DatasetUpload(name: "other", examples: [.stub(7), .stub(1, id: "a")]),
                now: Self.now)
            for _ in 0..<2 {
                let outcome = try await service.store.store(
                    Self.upload(
                        .append,
                        [
                            .stub(1), .stub(4, id: "b"), .stub(2), .stub(7),
                            .stub(30, id: three.nodeID.description),
                        ]), now: Self.now)
                #expect(
                    try await service.shown(first.datasetID) == [
                        #"a={"q":1}>{}"#, #"{"q":2}>{}"#, #"{"q":30}>{}"#, #"b={"q":4}>{}"#,
                        #"{"q":7}>{}"#,
                    ])
                _ = try await service.store.database.write { connection in
                    try connection.execute(
                        "UPDATE dataset_example_revisions SET content_hash = NULL")
                }
                let latest = try await service.store.latestVersion(of: first.datasetID)
                #expect(latest?.id == outcome.versionID)
            }
            #expect(
                try await service.store.versions(of: first.datasetID, limit: 9).rows.count == 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the same example that many append at once is stored once`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            for round in 0..<20 {
                let upload = DatasetUpload(
                    name: "d", action: .append, examples: [.stub(Int64(round))])
                async let first = service.store.store(upload, now: Self.now)
                async let second = service.store.store(upload, now: Self.now)
                let outcomes = try await [first, second]
                #expect(outcomes.map(\.createdCount).reduce(0, +) == 1)
                #expect(outcomes[0].versionID == outcomes[1].versionID)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `concurrent uploads of one dataset take turns`(on database: TestDatabase) async throws {
        try await database.withDatasetsService { service in
            try await withThrowingTaskGroup(of: DatasetUpload.Outcome.self) { group in
                for number in 0..<16 {
                    group.addTask {
                        try await service.store.store(
                            Self.upload(
                                .append,
                                [
                                    .stub(Int64(number), id: "own \(number)", splits: ["s"]),
                                    .stub(Int64(number), id: "shared", splits: ["s"]),
                                ], hasSplits: true), now: Self.now)
                    }
                }
                for try await outcome in group { #expect(outcome.deletedCount == 0) }
            }
            let datasets = try await service.store.datasets(limit: 10).rows
            #expect(datasets.count == 1)
            #expect(try await service.store.exampleCount(of: datasets[0].id) == 17)
            #expect(
                try await service.store.versions(of: datasets[0].id, limit: 50).rows.count == 16)
        }
    }
}
