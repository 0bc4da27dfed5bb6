import CNGHTTP2
import HTTPMessages

/// Header fields in the form nghttp2 takes them.
enum HTTP2Fields {
    /// nghttp2 copies names and values before its submit functions return, so they need to live in
    /// `body` only. Control characters become blanks, for nghttp2 would drop such a field.
    static func withFields<Result>(
        _ fields: [HTTPHeaders.Field], _ body: (UnsafeBufferPointer<nghttp2_nv>) -> Result
    ) -> Result {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count })
        var lengths: [(name: Int, value: Int)] = []
        lengths.reserveCapacity(fields.count)
        for field in fields {
            let start = bytes.count
            bytes.append(contentsOf: field.name.utf8)
            let middle = bytes.count
            bytes.append(contentsOf: field.value.utf8)
            for index in middle..<bytes.count where bytes[index] < 0x20 || bytes[index] == 0x7F {
                bytes[index] = 0x20
            }
            lengths.append((middle - start, bytes.count - middle))
        }
        return bytes.withUnsafeMutableBufferPointer { storage in
            var offset = 0
            let pairs = lengths.map { length in
                defer { offset += length.name + length.value }
                let name = storage.baseAddress.map { $0 + offset }
                return nghttp2_nv(
                    name: name, value: name.map { $0 + length.name }, namelen: length.name,
                    valuelen: length.value, flags: UInt8(NGHTTP2_NV_FLAG_NONE.rawValue))
            }
            return pairs.withUnsafeBufferPointer(body)
        }
    }
}
