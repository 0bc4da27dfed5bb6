import BinaryText
import HTTPMessages
import OTLP

/// A call that failed, as the client will see it.
package struct GRPCError: Error, Hashable, CustomStringConvertible {
    package let code: GRPCCode
    package let message: String
    /// An encoded `google.rpc.Status`, for `grpc-status-details-bin`.
    package let details: [UInt8]?
    /// Further fields of the answer, such as `grpc-accept-encoding`.
    package let metadata: HTTPHeaders

    package init(
        _ code: GRPCCode, _ message: String, details: [UInt8]? = nil, metadata: HTTPHeaders = [:]
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.metadata = metadata
    }

    /// A refusal that tells when to come back, by a `google.rpc.RetryInfo` in the details, which
    /// OTLP exporters obey.
    package static func retryLater(
        _ code: GRPCCode, _ message: String, after delay: Duration
    ) -> GRPCError {
        let status = RPCStatus(code: Int32(code.rawValue), message: message, retryDelay: delay)
        return GRPCError(code, message, details: status.protobuf())
    }

    package var description: String { "\(code): \(message)" }

    /// The error as the client will see it; nil for one that tells nothing, which is ours to log.
    init?(converting error: any Error) {
        switch error {
        case let error as GRPCError: self = error
        case HTTPBodyError.overloaded:
            self = .retryLater(
                .resourceExhausted,
                "The server holds as many request bytes as it may. Retry after a short wait.",
                after: .seconds(1))
        case let error as any APIErrorConvertible:
            let response = error.response
            var text = response.status.reason
            if case .bytes(let bytes) = response.body {
                text = String(decoding: bytes, as: UTF8.self)
            }
            let code = GRPCCode(httpStatus: response.status.code)
            if let delay = response.headers["retry-after"].flatMap({ Int($0) }) {
                self = .retryLater(code, text, after: .seconds(delay))
            } else {
                self.init(code, text)
            }
        default: return nil
        }
    }

    /// A trailers-only answer: the status travels in the one HEADERS frame.
    package var response: HTTPResponse {
        var headers: HTTPHeaders = [
            "content-type": "application/grpc",
            "grpc-status": "\(code.rawValue)",
        ]
        if !message.isEmpty {
            // The printable ASCII characters but the percent sign stay as they are.
            headers.add(
                "grpc-message",
                PercentCoding.encode(message.utf8) { $0 >= 0x20 && $0 <= 0x7E && $0 != 0x25 })
        }
        if let details {
            headers.add("grpc-status-details-bin", Base64.encode(details, isPadded: false))
        }
        for (name, value) in metadata { headers.add(name, value) }
        return HTTPResponse(.ok, headers: headers)
    }
}
