import APISupport
import Compression
import HTTPMessages
import OTLP

/// `POST /v1/traces`: OTLP/HTTP, in protobuf or JSON.
///
/// Source: OpenTelemetry Protocol 1.5, section "OTLP/HTTP".
package struct TraceExportRoute: Sendable {
    package static let path = "/v1/traces"

    private let receiver: TraceReceiver

    package init(_ receiver: TraceReceiver) { self.receiver = receiver }

    package var route: Route {
        var operation = Operation(
            .post, Self.path, id: "exportTraces", tag: "traces",
            summary: "Take in an OTLP export request", action: IngestionAction.addSpans,
            answer: .noContent)
        operation.body = .raw
        operation.isHidden = true
        operation.storesData = true
        return Route(operation) { try await export($0.http) }
    }

    private enum Encoding {
        case protobuf, json
    }

    private func export(_ request: HTTPRequest) async throws -> HTTPResponse {
        let encoding = try encoding(of: request)
        let coding = try contentCoding(of: request)
        try receiver.requireRoom()
        let body = try await request.body.collect(upTo: TraceReceiver.requestBytesMax)
        do {
            let response = try await receiver.receive(
                intoProject: request.headers["x-project-name"]
            ) {
                let plain = try coding.decompress(
                    body, limit: TraceReceiver.requestBytesMax)
                switch encoding {
                case .protobuf: return try TraceExportRequest(protobuf: plain)
                case .json: return try TraceExportRequest(json: plain)
                }
            }
            return answer(response, encoding)
        } catch let error as OTLPError {
            return refusal(
                .unprocessableContent, "Request body is invalid ExportTraceServiceRequest", error,
                encoding)
        } catch let error as CompressionError {
            if case .tooLarge = error {
                return .text(.contentTooLarge, error.description)
            }
            return .text(
                .badRequest, "The body is not what its content-encoding says: \(error.description)")
        }
    }

    private func answer(_ response: TraceExportResponse, _ encoding: Encoding) -> HTTPResponse {
        switch encoding {
        case .protobuf: .bytes(.ok, response.protobuf(), contentType: "application/x-protobuf")
        case .json: .json(.ok, response.json())
        }
    }

    /// The contract answers protobuf in plain text; JSON gets the `Status` that OTLP asks for.
    private func refusal(
        _ status: HTTPStatus, _ text: String, _ error: OTLPError, _ encoding: Encoding
    ) -> HTTPResponse {
        switch encoding {
        case .protobuf: .text(status, text)
        case .json: .json(status, RPCStatus(code: 3, message: "\(text): \(error)").json())
        }
    }

    // MARK: Headers

    private func encoding(of request: HTTPRequest) throws(HTTPError) -> Encoding {
        let value = request.headers["content-type"]
        switch request.contentType?.essence {
        case "application/x-protobuf": return .protobuf
        case "application/json": return .json
        default:
            let shown = value.flatMap { $0.isEmpty ? nil : $0 } ?? "None"
            throw HTTPError(.unsupportedMediaType, "Unsupported content type: \(shown)")
        }
    }

    private func contentCoding(of request: HTTPRequest) throws(HTTPError) -> ContentCoding {
        let value = request.headers["content-encoding"]
        // The contract compares by case, though HTTP does not.
        guard let coding = ContentCoding(headerValue: value), value == value?.lowercased() else {
            throw HTTPError(
                .unsupportedMediaType, "Unsupported content encoding: \(value ?? "None")")
        }
        return coding
    }
}
