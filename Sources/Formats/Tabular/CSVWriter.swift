/// Writes comma-separated values (RFC 4180), with lines that end in LF.
package struct CSVWriter: Sendable {
    private(set) var storage: [UInt8] = []
    private var isInRow = false

    package init() {}

    package var bytes: [UInt8] { storage }

    /// What was written since the last call.
    package mutating func takeBytes() -> [UInt8] {
        defer { storage.removeAll(keepingCapacity: true) }
        return storage
    }

    package mutating func cell(_ text: String) {
        if isInRow { storage.append(UInt8(ascii: ",")) }
        isInRow = true
        let isPlain = text.utf8.allSatisfy { byte in
            byte != UInt8(ascii: ",") && byte != UInt8(ascii: "\"") && byte != 0x0A && byte != 0x0D
        }
        if isPlain {
            storage += text.utf8
            return
        }
        storage.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { storage.append(byte) }
            storage.append(byte)
        }
        storage.append(UInt8(ascii: "\""))
    }

    package mutating func endRow() {
        storage.append(0x0A)
        isInRow = false
    }
}
