import SQLCore

extension TracingStore {
    /// The number of segments that are full and not sealed, and of stale ones, of which `staleMax`
    /// are counted at most.
    func openSegmentCount(staleMax: Int) async throws -> Int {
        try await database.read { connection in
            let backlog = try SegmentSealer(connection: connection).backlog(staleMax: staleMax)
            return backlog.full.count + backlog.stale.count
        }
    }

    /// Seals segments that are full and rebuilds stale ones, in one short transaction.
    ///
    /// May run on several servers at once; what one has done the others leave alone. A crash at any
    /// time leaves the position where the work is.
    ///
    /// - Parameter limit: How many segments at most.
    /// - Returns: How many segments are left to do.
    package func sealSegments(limit: Int) async throws -> Int {
        let signatures = SegmentSignatures(payloads: payloads)
        // Signatures take the longest, so most of them are made while others may write.
        let made = try await database.read { connection -> [SegmentSignature]? in
            let backlog = try SegmentSealer(connection: connection).backlog(staleMax: limit)
            guard !backlog.isEmpty else { return nil }
            let room = limit - backlog.stale.count
            return try signatures.signatures(of: Array(backlog.full.prefix(room)), on: connection)
        }
        guard let made else { return 0 }
        let cache = latencyCache
        return try await database.write { connection in
            try connection.lockSegments()
            let sealer = SegmentSealer(connection: connection)
            let backlog = try sealer.backlog(staleMax: limit)
            try sealer.rebuild(backlog.stale)
            let room = Int64(limit - backlog.stale.count)
            let next = backlog.full.lowerBound
            let sealed = next..<min(backlog.full.upperBound, next + room)
            try sealer.seal(sealed)
            try signatures.removeEmptied(backlog.stale.map(\.number), on: connection)
            try signatures.store(
                try signatures.renewed(made, for: Array(sealed), on: connection), on: connection)
            try signatures.mergeFullGroups(on: connection)
            // Until this is committed, the marks of stale segments keep readers from the cache.
            if !backlog.stale.isEmpty { cache?.clear() }
            return max(0, backlog.full.count - Int(room))
                + (backlog.stale.count == limit ? limit : 0)
        }
    }
}
