/// How many rows or values one statement takes at most; longer lists go in several statements.
package let statementRowsMax = 512

extension Array {
    /// The elements in runs of at most `count`.
    package func chunked(by count: Int = statementRowsMax) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map {
            self[$0..<Swift.min($0 + count, self.count)]
        }
    }
}
