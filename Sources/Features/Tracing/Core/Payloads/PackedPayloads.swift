/// Payloads in compressed blocks that no database knows yet.
package struct PackedPayloads: Sendable {
    struct Block: Sendable {
        var count: Int
        var bytes: [UInt8]
    }

    var blocks: [Block]
}
