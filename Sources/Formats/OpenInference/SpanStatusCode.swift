/// How a span ended. The raw value is the stored word.
package enum SpanStatusCode: String, Sendable, CaseIterable {
    case unset = "UNSET"
    case ok = "OK"
    case error = "ERROR"

    /// The status with OTLP's number; ``unset`` for numbers that OTLP does not define.
    package init(otlp code: Int32) {
        switch code {
        case 1: self = .ok
        case 2: self = .error
        default: self = .unset
        }
    }

    /// The status with this name in any case; ``unset`` for every other text.
    package init(name: String) {
        self = SpanStatusCode(rawValue: name.uppercased()) ?? .unset
    }
}
