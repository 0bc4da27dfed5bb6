/// The bytes of a pack. Those that the linker put into the binary stay where they are: what nobody
/// asks for takes no memory.
package enum PackBytes: Sendable {
    case owned([UInt8])
    case constant(Constant)

    // SAFETY: constants of the binary are never written to nor freed.
    package struct Constant: @unchecked Sendable {
        let buffer: UnsafeBufferPointer<UInt8>
    }

    var count: Int {
        switch self {
        case .owned(let bytes): bytes.count
        case .constant(let constant): constant.buffer.count
        }
    }

    subscript(range: Range<Int>) -> [UInt8] {
        switch self {
        case .owned(let bytes): Array(bytes[range])
        case .constant(let constant): Array(constant.buffer[range])
        }
    }
}
