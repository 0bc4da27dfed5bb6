/// Why bytes are not a protobuf message.
package enum ProtobufError: Error, Sendable, Hashable {
    /// The message ends inside a field.
    case truncated
    /// A variable-length integer is longer than ten bytes, or a field's tag than 32 bits.
    case overlongInteger
    /// A field carries the number 0.
    case fieldNumber
    /// A field has a wire type that does not exist, or a group ends that did not begin.
    case wireType
    /// Messages are nested deeper than ``ProtobufReader/maximumDepth``.
    case tooDeep
}
