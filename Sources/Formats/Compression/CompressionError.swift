/// Why compressed bytes could not be read.
package enum CompressionError: Error, Hashable, CustomStringConvertible {
    /// The content would be longer than `limit` bytes. Decompression stopped there.
    case tooLarge(limit: Int)
    /// The bytes are not what their format allows, or more bytes follow the end.
    case corrupt
    /// The bytes end in the middle.
    case truncated
    /// The library had no memory for its state.
    case outOfMemory

    package var description: String {
        switch self {
        case .tooLarge(let limit):
            "The content is larger than \(limit) bytes after decompression."
        case .corrupt: "The compressed content is corrupt."
        case .truncated: "The compressed content is cut short."
        case .outOfMemory: "There is no memory left for decompression."
        }
    }
}
