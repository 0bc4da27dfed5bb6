/// Keeps bytes at fixed addresses until it is emptied or goes away.
final class KeyArena {
    private var blocks: [UnsafeMutableRawBufferPointer] = []

    func keep(_ bytes: some Collection<UInt8>) -> UnsafeRawBufferPointer {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
        block.copyBytes(from: bytes)
        blocks.append(block)
        return UnsafeRawBufferPointer(block)
    }

    func removeAll() {
        for block in blocks { block.deallocate() }
        blocks.removeAll(keepingCapacity: true)
    }

    deinit { removeAll() }
}
