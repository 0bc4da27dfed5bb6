import Cryptography
import JSON

/// What an example says: three JSON objects, and a hash by which equal ones are found.
package struct ExampleContent: Sendable, Hashable {
    package let input: [UInt8]
    package let output: [UInt8]
    package let metadata: [UInt8]
    /// The first 16 bytes of SHA-256 over the canonical JSON (RFC 8785) of
    /// `{"input": …, "metadata": …, "output": …}`.
    package let hash: [UInt8]

    package init(input: JSONObject, output: JSONObject = [:], metadata: JSONObject = [:]) {
        let (input, output, metadata) = (
            JSONValue.object(input), JSONValue.object(output), JSONValue.object(metadata)
        )
        self.input = input.serialized()
        self.output = output.serialized()
        self.metadata = metadata.serialized()
        hash = Self.hash(input: input, output: output, metadata: metadata)
    }

    /// The content of documents that are stored.
    package init(input: [UInt8], output: [UInt8], metadata: [UInt8]) throws {
        self.input = input
        self.output = output
        self.metadata = metadata
        hash = Self.hash(
            input: try JSON.parse(input), output: try JSON.parse(output),
            metadata: try JSON.parse(metadata))
    }

    private static func hash(
        input: JSONValue, output: JSONValue, metadata: JSONValue
    ) -> [UInt8] {
        var text = Array(#"{"input":"#.utf8)
        input.appendCanonical(to: &text)
        text += #","metadata":"#.utf8
        metadata.appendCanonical(to: &text)
        text += #","output":"#.utf8
        output.appendCanonical(to: &text)
        text.append(UInt8(ascii: "}"))
        return Array(SHA256.digest(text).prefix(16))
    }
}
