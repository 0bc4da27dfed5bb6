/// The two messages of `grpc/health/v1/health.proto`, encoded by hand.
enum HealthCheck {
    /// The `service` of a `HealthCheckRequest`; nil when the message is malformed.
    static func service(in message: [UInt8]) -> String? {
        if message.isEmpty { return "" }
        // Field 1, length-delimited; names of 128 bytes and more are nobody's here.
        guard message.count >= 2, message[0] == 0x0A, message[1] < 0x80,
            message.count == 2 + Int(message[1])
        else { return nil }
        return String(validating: message[2...], as: UTF8.self)
    }

    /// A `HealthCheckResponse`: field 1 is 1 (SERVING) or 2 (NOT_SERVING).
    static func response(isServing: Bool) -> [UInt8] {
        [0x08, isServing ? 1 : 2]
    }
}
