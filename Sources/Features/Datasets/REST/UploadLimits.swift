/// What an upload may have; beyond: 413, and 429 for what all of them hold together.
package struct UploadLimits: Sendable {
    /// Bytes of a body as sent.
    package var bodyBytes = 256 << 20
    /// Bytes of a body of JSON, whose values take several times as much.
    package var jsonBytes = 64 << 20
    /// Bytes of a file once it is decompressed.
    package var fileBytes = 256 << 20
    package var examples = 1_000_000
    /// Bytes of bodies and of decompressed files that all uploads hold together. A larger one passes
    /// when it is alone.
    package var openBytes = 256 << 20

    package init() {}

    func checkExamples(_ count: Int) throws(DatasetError) {
        guard count > examples else { return }
        throw DatasetError(
            .tooLarge,
            "The upload has more than \(examples) examples. Upload it in parts with the action "
                + "append.")
    }
}
