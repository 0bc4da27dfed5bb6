/// Output that grows up to a limit while a C library writes into it, without zeroing it first.
struct OutputBuffer {
    private var bytes: [UInt8] = []
    private var capacity: Int
    private let limit: Int

    /// - Parameter expected: A guess; a right one saves every copy.
    init(expected: Int, limit: Int) {
        self.limit = limit
        // One byte past the limit is room enough to see that there is too much.
        capacity = min(max(expected, 512), limit + 1)
    }

    /// Lets `body` write until it says that it is done, making room as often as needed.
    ///
    /// `body` gets the free part and returns how much of it is used and whether there is more.
    mutating func fill(
        _ body: (UnsafeMutableRawBufferPointer) -> (written: Int, hasMore: Bool)
    ) throws(CompressionError) -> [UInt8] {
        while true {
            var more = false
            let previous = bytes
            bytes = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
                count = previous.count
                previous.withUnsafeBytes { source in
                    UnsafeMutableRawBufferPointer(target).copyMemory(from: source)
                }
                repeat {
                    let free = UnsafeMutableBufferPointer(rebasing: target[count...])
                    let step = body(UnsafeMutableRawBufferPointer(free))
                    count += step.written
                    more = step.hasMore
                    if step.written == 0 { break }
                } while more && count < capacity
            }
            if bytes.count > limit { throw .tooLarge(limit: limit) }
            if !more { return bytes }
            // `body` wants room that is there: it cannot go on.
            if bytes.count < capacity { return bytes }
            capacity = min(capacity * 2, limit + 1)
        }
    }
}
