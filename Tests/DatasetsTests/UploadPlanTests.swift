import JSON
import PhoenixModel
import Testing

@testable import Datasets

@Suite struct UploadPlanTests {
    private static func content(_ number: Int64) -> ExampleContent {
        ExampleContent(input: ["q": .integer(number)])
    }

    private static func stored(
        _ id: Int64, _ number: Int64, _ externalID: String? = nil, isDeleted: Bool = false
    ) -> UploadPlan.Stored {
        UploadPlan.Stored(
            id: DatasetExample.ID(id), externalID: externalID, hash: content(number).hash,
            isDeleted: isDeleted)
    }

    private static func incoming(_ number: Int64, _ id: String? = nil) -> DatasetUpload.Example {
        DatasetUpload.Example(content: content(number), id: id)
    }

    private static func steps(
        _ incoming: [DatasetUpload.Example], onto stored: [UploadPlan.Stored]
    ) throws -> [UploadPlan.Step] {
        try UploadPlan(incoming, onto: stored, deletingOthers: false).steps
    }

    @Test func `each stored example stands for one incoming example of its content`() throws {
        let steps = try Self.steps(
            [Self.incoming(2), Self.incoming(2), Self.incoming(2)],
            onto: [Self.stored(1, 2), Self.stored(2, 1), Self.stored(3, 2, "b")])
        #expect(steps == [.keep(DatasetExample.ID(1)), .keep(DatasetExample.ID(3)), .create])
    }

    @Test func `an id goes before a content`() throws {
        let steps = try Self.steps(
            [Self.incoming(1), Self.incoming(2, "a")], onto: [Self.stored(1, 1, "a")])
        #expect(steps == [.create, .patch(DatasetExample.ID(1))])
    }

    @Test func `a deleted example comes back by its external id and not by its content`() throws {
        let stored = [Self.stored(1, 1, "a", isDeleted: true)]
        #expect(try Self.steps([Self.incoming(1)], onto: stored) == [.create])
        #expect(
            try Self.steps([Self.incoming(1, "a")], onto: stored) == [.revive(DatasetExample.ID(1))]
        )
    }

    @Test func `what is not among the examples is deleted only by an update`() throws {
        let stored = [Self.stored(1, 1), Self.stored(2, 2), Self.stored(3, 3, isDeleted: true)]
        let plan = try UploadPlan([Self.incoming(2)], onto: stored, deletingOthers: true)
        #expect(plan.deleted == [DatasetExample.ID(1)])
        #expect(try UploadPlan([], onto: stored, deletingOthers: false).deleted.isEmpty)
    }

    @Test func `global ids name live examples of the dataset`() throws {
        let one = DatasetExample.ID(1).nodeID.description
        #expect(
            try Self.steps([Self.incoming(1, one)], onto: [Self.stored(1, 1)])
                == [.keep(DatasetExample.ID(1))])
        let nine = DatasetExample.ID(9).nodeID.description
        let error = #expect(throws: DatasetError.self) {
            try Self.steps(
                [Self.incoming(1, one), Self.incoming(1, nine)],
                onto: [Self.stored(1, 1, isDeleted: true)])
        }
        #expect(
            error?.message
                == "No examples found in this dataset with the following IDs: '\(one)', '\(nine)'")
    }

    @Test(arguments: [["a", "a"], ["z", "z"], ["a", DatasetExample.ID(1).nodeID.description]])
    func `two ids of one example are refused`(_ ids: [String]) {
        let error = #expect(throws: DatasetError.self) {
            try Self.steps(
                ids.map { Self.incoming(5, $0) }, onto: [Self.stored(1, 1, "a")])
        }
        #expect(error?.message == "Duplicate example_id in request: '\(ids[1])'")
    }
}
