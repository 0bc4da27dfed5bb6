import SQLCore

/// The table `span_origins`: each resource and scope once.
struct SpanOriginTable {
    let connection: any SQLConnection

    /// The row ids of origins by their digests; unknown origins are stored.
    func rows(of origins: [SpanOrigin]) throws -> [[UInt8]: Int64] {
        var wanted: [[UInt8]: SpanOrigin] = [:]
        var last: SpanOrigin?
        for origin in origins where origin !== last {
            wanted[origin.digest] = origin
            last = origin
        }
        var found: [[UInt8]: Int64] = [:]
        for chunk in Array(wanted.keys).chunked() {
            for row in try connection.query(
                "SELECT digest, id FROM span_origins WHERE digest IN (\(list: chunk))")
            {
                found[row.blob(0)] = row.integer(1)
            }
        }
        // In the order of the digests, so that two servers wait for each other in one direction only.
        let missing = wanted.values.filter { found[$0.digest] == nil }
            .sorted { $0.digest.lexicographicallyPrecedes($1.digest) }
        guard !missing.isEmpty else { return found }
        var rows = BulkRows([.init("id", .bigint), .init("digest", .blob), .init("origin", .json)])
        for (origin, id) in zip(
            missing, try connection.allocateIDs(missing.count, for: "span_origins"))
        {
            rows.append(id)
            rows.append(origin.digest)
            rows.append(origin.json)
            found[origin.digest] = id
        }
        try connection.insert(rows, into: "span_origins")
        return found
    }
}
