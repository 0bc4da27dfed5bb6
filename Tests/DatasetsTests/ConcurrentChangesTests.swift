import Datasets
import PhoenixModel
import TestSupport
import Testing

/// Two writers at once, often enough for every order to come up.
@Suite struct ConcurrentChangesTests {
    private static let now = DatasetsService.now
    private static let rounds = 0..<40

    private static func dataset(_ store: DatasetStore) async throws -> Dataset.ID {
        try await store.store(
            DatasetUpload(name: "d", examples: [.stub(1), .stub(2)]), now: now
        ).datasetID
    }

    private static func splits(_ store: DatasetStore) async throws -> [DatasetSplit] {
        var splits: [DatasetSplit] = []
        for name in ["s0", "s1"] {
            splits.append(
                try await store.createSplit(
                    named: name, description: nil, color: "#000000",
                    metadata: Array("{}".utf8), now: now))
        }
        return splits
    }

    @Test(arguments: TestDatabase.available)
    func `changes of different parts of a split are all kept`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let store = service.store
            let split = try await Self.splits(store)[0]
            for round in Self.rounds {
                async let named = store.updateSplit(
                    split.id, SplitChange(name: "n\(round)"), now: Self.now)
                async let colored = store.updateSplit(
                    split.id, SplitChange(color: "c\(round)"), now: Self.now)
                _ = try await (named, colored)
                let current = try #require(try await store.splits([split.id])[split.id])
                #expect([current.name, current.color] == ["n\(round)", "c\(round)"])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `changes of different parts of a label are all kept`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let store = service.store
            let label = try await store.createLabel(
                named: "l", description: nil, color: "#000000")
            for round in Self.rounds {
                async let named = store.updateLabel(label.id, LabelChange(name: "n\(round)"))
                async let colored = store.updateLabel(label.id, LabelChange(color: "c\(round)"))
                _ = try await (named, colored)
                let current = try #require(try await store.labels([label.id])[label.id])
                #expect([current.name, current.color] == ["n\(round)", "c\(round)"])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `splits that are set at once are those of one of the writers`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let store = service.store
            let dataset = try await Self.dataset(store)
            let examples = try await store.examples(of: dataset).rows.map(\.id)
            let splits = try await Self.splits(store).map(\.id)
            for _ in Self.rounds {
                try await store.setSplits([], of: examples)
                async let first: Void = store.setSplits([splits[0]], of: examples)
                async let second: Void = store.setSplits([splits[1]], of: examples.reversed())
                _ = try await (first, second)
                let current = try await store.splits(of: examples).values.map { $0.map(\.id) }
                #expect(splits.contains { current == [[$0], [$0]] })
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `splits change while their examples do`(on database: TestDatabase) async throws {
        try await database.withDatasetsService { service in
            let store = service.store
            let dataset = try await Self.dataset(store)
            let examples = try await store.examples(of: dataset).rows.map(\.id)
            let split = try await Self.splits(store)[0].id
            for round in Self.rounds {
                async let changed = store.updateSplit(
                    split, SplitChange(color: "c\(round)"), adding: examples, now: Self.now)
                async let set: Void = store.setSplits([split], of: examples)
                _ = try await (changed, set)
                let current = try await store.splits(of: examples).values.map { $0.map(\.color) }
                #expect(current == [["c\(round)"], ["c\(round)"]])
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `labels that are set at once are those of one of the writers`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let store = service.store
            let dataset = try await Self.dataset(store)
            func label(_ name: String) async throws -> DatasetLabel.ID {
                try await store.createLabel(named: name, description: nil, color: "#000000").id
            }
            let (one, other) = (try await label("a"), try await label("b"))
            for _ in Self.rounds {
                _ = try await store.setLabels([], of: dataset)
                async let first = store.setLabels([one], of: dataset)
                async let second = store.setLabels([other], of: dataset)
                _ = try await (first, second)
                let current = try await store.labels(of: [dataset])[dataset]?.map(\.id)
                #expect(current == [one] || current == [other])
            }
        }
    }
}
