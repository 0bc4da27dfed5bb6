import PhoenixModel

/// What an upload means for each of its examples, and for the stored ones.
struct UploadPlan {
    /// A stored example, as its latest revision has it.
    struct Stored {
        var id: DatasetExample.ID
        var externalID: String?
        var hash: [UInt8]
        var isDeleted: Bool
    }

    enum Step: Hashable {
        case create
        /// Brings a deleted example back, whose external id the incoming one has.
        case revive(DatasetExample.ID)
        case patch(DatasetExample.ID)
        case keep(DatasetExample.ID)
    }

    /// One for each incoming example.
    private(set) var steps: [Step]
    private(set) var deleted: [DatasetExample.ID] = []

    /// Finds the stored example of each incoming one: by its id, else by its content, where each
    /// stored example stands for one incoming example.
    ///
    /// - Throws: ``DatasetError`` when a global id is not of the dataset, or two ids mean the same.
    init(
        _ incoming: [DatasetUpload.Example], onto stored: [Stored], deletingOthers: Bool
    ) throws(DatasetError) {
        var byID: [DatasetExample.ID: Int] = [:]
        var byExternalID: [String: Int] = [:]
        for (index, example) in stored.enumerated() {
            if !example.isDeleted { byID[example.id] = index }
            if let externalID = example.externalID { byExternalID[externalID] = index }
        }
        var found = [Int?](repeating: nil, count: incoming.count)
        var isTaken = [Bool](repeating: false, count: stored.count)
        var unknown: [String] = []
        var newIDs: Set<String> = []
        for (index, example) in incoming.enumerated() {
            guard let id = example.id else { continue }
            if let rowID = DatasetExample.ID(nodeID: id) {
                guard let place = byID[rowID] else {
                    unknown.append(id)
                    continue
                }
                found[index] = place
            } else {
                found[index] = byExternalID[id]
            }
            if let place = found[index] {
                guard !isTaken[place] else { throw Self.twice(id) }
                isTaken[place] = true
            } else if !newIDs.insert(id).inserted {
                throw Self.twice(id)
            }
        }
        guard unknown.isEmpty else {
            throw DatasetError(
                .invalid,
                "No examples found in this dataset with the following IDs: "
                    + unknown.map { "'\($0)'" }.joined(separator: ", "))
        }
        Self.matchContents(incoming, stored, &found, &isTaken)
        steps = zip(incoming, found).map { example, place in
            guard let place else { return .create }
            let match = stored[place]
            if match.isDeleted { return .revive(match.id) }
            return match.hash == example.content.hash ? .keep(match.id) : .patch(match.id)
        }
        if deletingOthers {
            deleted = stored.indices.filter { !isTaken[$0] && !stored[$0].isDeleted }
                .map { stored[$0].id }
        }
    }

    private static func matchContents(
        _ incoming: [DatasetUpload.Example], _ stored: [Stored], _ found: inout [Int?],
        _ isTaken: inout [Bool]
    ) {
        // From the last to the first, so that the first is the one to take from the end.
        var places: [[UInt8]: [Int]] = [:]
        for index in stored.indices.reversed() where !isTaken[index] && !stored[index].isDeleted {
            places[stored[index].hash, default: []].append(index)
        }
        guard !places.isEmpty else { return }
        for (index, example) in incoming.enumerated() where example.id == nil {
            guard let place = places[example.content.hash]?.popLast() else { continue }
            found[index] = place
            isTaken[place] = true
        }
    }

    private static func twice(_ id: String) -> DatasetError {
        DatasetError(.invalid, "Duplicate example_id in request: '\(id)'")
    }
}
