import JSON
import PhoenixModel
import Prompts
import TestSupport
import Testing

@Suite struct PromptStoreTests {
    private static let now = PromptsService.now

    @Test(arguments: ["a", "0", "a-b_c9", "a__--b"])
    func `a name of small letters, digits, and dashes between them is one`(name: String) {
        #expect(PromptName.isValid(name))
    }

    @Test(arguments: ["", "A", "-a", "a-", "_a", "a_", "a.b", "a b", "é", "a\n"])
    func `any other name is none`(name: String) {
        #expect(!PromptName.isValid(name))
    }

    @Test(arguments: TestDatabase.available)
    func `writers of one new prompt at once all have their version in it`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = PromptStore(database)
            let ids = try await withThrowingTaskGroup(of: PromptVersion.ID.self) { group in
                for index in 0..<8 {
                    group.addTask {
                        try await store.create(
                            PromptDraft(name: "p"), version: .stub("\(index)"),
                            tags: [PromptTagDraft(name: "t")], existing: .addVersion,
                            now: Self.now
                        ).id
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            let versions = try await store.versions(of: Identifier(name: "p"), limit: 100).rows
            #expect(Set(versions.map(\.id)) == ids)
            #expect(ids.count == 8)
            #expect(try await store.prompts(limit: 100).rows.count == 1)
            let tagged = try await store.version(of: Identifier(name: "p"), tagged: "t")
            #expect(ids.contains(tagged.id))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a version that is added is the latest one when others first see it`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = PromptStore(database)
            _ = try await store.create(
                PromptDraft(name: "p"), version: .stub(), existing: .refuse, now: Self.now)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for _ in 0..<40 {
                            if writer.isMultiple(of: 2) {
                                _ = try await store.addVersion(
                                    .stub(), to: Identifier(name: "p"), now: Self.now)
                            } else {
                                _ = try await store.create(
                                    PromptDraft(name: "p"), version: .stub(),
                                    existing: .addVersion, now: Self.now)
                            }
                        }
                    }
                }
                group.addTask {
                    var seen: Set<PromptVersion.ID> = []
                    while seen.count < 161 {
                        let ids = try await store.versions(of: Identifier(name: "p"), limit: 1000)
                            .rows.map(\.id)
                        let latest = seen.max() ?? PromptVersion.ID(0)
                        #expect(ids.allSatisfy { seen.contains($0) || $0 > latest })
                        seen = Set(ids)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a version refers to a prompt that exists, also while it is deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatabase { database in
            let store = PromptStore(database)
            for _ in 0..<4 {
                _ = try await store.create(
                    PromptDraft(name: "p"), version: .stub(), existing: .addVersion, now: Self.now)
                async let added = store.addVersion(
                    .stub(), to: Identifier(name: "p"), now: Self.now)
                async let deleted: Void = store.delete(Identifier(name: "p"))
                do {
                    _ = try await added
                } catch let error as PromptError {
                    #expect(error.code == .notFound)
                }
                try await deleted
                #expect(try await store.prompts(limit: 9).rows == [])
            }
        }
    }
}
