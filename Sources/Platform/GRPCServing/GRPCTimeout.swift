/// The `grpc-timeout` header: up to eight digits and a unit.
enum GRPCTimeout {
    static func parse(_ text: String) -> Duration? {
        let digits = text.utf8.dropLast()
        guard (1...8).contains(digits.count),
            digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let amount = Int64(String(decoding: digits, as: UTF8.self))
        else { return nil }
        return switch text.utf8.last {
        case UInt8(ascii: "H"): .seconds(amount * 3600)
        case UInt8(ascii: "M"): .seconds(amount * 60)
        case UInt8(ascii: "S"): .seconds(amount)
        case UInt8(ascii: "m"): .milliseconds(amount)
        case UInt8(ascii: "u"): .microseconds(amount)
        case UInt8(ascii: "n"): .nanoseconds(amount)
        default: nil
        }
    }
}
