import SQLCore

extension TracingStore {
    /// Seals segments that are full and rebuilds stale ones, in one short transaction.
    ///
    /// May run on several servers at once; what one has done the others leave alone. A crash at any
    /// time leaves the position where the work is.
    ///
    /// - Parameter limit: How many segments at most.
    /// - Returns: How many segments are left to do.
    package func sealSegments(limit: Int) async throws -> Int {
        let backlog = try await database.read { connection in
            try SegmentSealer(connection: connection).backlog(staleMax: 1)
        }
        guard !backlog.isEmpty else { return 0 }
        return try await database.write { connection in
            try connection.lockSegments()
            let sealer = SegmentSealer(connection: connection)
            let backlog = try sealer.backlog(staleMax: limit)
            try sealer.rebuild(backlog.stale)
            let room = Int64(limit - backlog.stale.count)
            let next = backlog.full.lowerBound
            try sealer.seal(next..<min(backlog.full.upperBound, next + room))
            return max(0, backlog.full.count - Int(room))
                + (backlog.stale.count == limit ? limit : 0)
        }
    }
}
