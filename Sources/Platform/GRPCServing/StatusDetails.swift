/// The few protobuf messages that explain a status (`google/rpc/status.proto`,
/// `google/rpc/error_details.proto`).
enum StatusDetails {
    /// A `google.rpc.Status` with one `google.rpc.RetryInfo`.
    static func retryInfo(code: GRPCCode, message: String, delay: Duration) -> [UInt8] {
        let (seconds, attoseconds) = delay.components
        var duration: [UInt8] = []
        append(field: 1, integer: UInt64(max(seconds, 0)), to: &duration)
        append(field: 2, integer: UInt64(max(attoseconds / 1_000_000_000, 0)), to: &duration)
        var retryInfo: [UInt8] = []
        append(field: 1, bytes: duration, to: &retryInfo)
        var any: [UInt8] = []
        append(field: 1, bytes: Array("type.googleapis.com/google.rpc.RetryInfo".utf8), to: &any)
        append(field: 2, bytes: retryInfo, to: &any)
        var status: [UInt8] = []
        append(field: 1, integer: UInt64(code.rawValue), to: &status)
        append(field: 2, bytes: Array(message.utf8), to: &status)
        append(field: 3, bytes: any, to: &status)
        return status
    }

    private static func append(field: UInt8, integer: UInt64, to bytes: inout [UInt8]) {
        guard integer != 0 else { return }
        bytes.append(field << 3)
        append(varint: integer, to: &bytes)
    }

    private static func append(field: UInt8, bytes value: [UInt8], to bytes: inout [UInt8]) {
        bytes.append(field << 3 | 2)
        append(varint: UInt64(value.count), to: &bytes)
        bytes += value
    }

    private static func append(varint value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// Base64 without padding, which the gRPC specification asks senders to leave out.
    static func base64(_ bytes: [UInt8]) -> String {
        let alphabet: StaticString =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count / 3 * 4 + 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0)
            }
            for position in 0...count {
                text.append(alphabet.utf8Start[group >> (18 - 6 * position) & 63])
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
