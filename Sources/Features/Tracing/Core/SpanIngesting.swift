import OpenInference

/// Takes spans in that were given piece by piece. The feature that ingests implements it, and the
/// composition root hands it over.
package protocol SpanIngesting: Sendable {
    /// Stores spans in the projects that they name, which are created where there are none.
    ///
    /// Returns when they are durable. A span id that is stored already changes nothing.
    ///
    /// - Returns: The spans that the database would not take, by position, with the reason.
    /// - Throws: An `APIErrorConvertible` when they cannot be taken now; then nothing is stored.
    func ingest(
        _ spans: [SpanMapper.DirectSpan]
    ) async throws -> [(index: Int, reason: String)]
}
