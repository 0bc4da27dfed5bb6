/// The resource and the scope that a span came with, as JSON, and a digest that names them.
package final class SpanOrigin: Sendable {
    package let json: [UInt8]
    /// Two independent 64-bit hashes of ``json``.
    package let digest: [UInt8]

    package init(json: [UInt8]) {
        self.json = json
        // FNV-1a (Fowler, Noll and Vo) with two offset bases. Equal digests of different origins would
        // only show one sender's resource as another's.
        var first: UInt64 = 0xCBF2_9CE4_8422_2325
        var second: UInt64 = 0x9AE1_6A3B_2F90_404F
        for byte in json {
            first = (first ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            second = (second &+ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15
            second ^= second >> 29
        }
        digest = withUnsafeBytes(of: (first.bigEndian, second.bigEndian)) { Array($0) }
    }
}
