/// How many rows to read at once, so that a batch of large rows does not fill the memory.
struct BatchSize {
    /// About so many bytes make a batch.
    private static let bytesWanted = 6 << 20

    let rowsMax: Int
    private(set) var rows: Int

    init(rowsMax: Int) {
        self.rowsMax = rowsMax
        rows = min(256, rowsMax)
    }

    /// Takes notice of a batch that was read.
    mutating func saw(rows count: Int, bytes: Int) {
        guard count > 0 else { return }
        // Rows may grow all of a sudden, so the size at most doubles.
        rows = min(max(Self.bytesWanted * count / max(bytes, 1), 8), rows * 2, rowsMax)
    }
}
