import GRPCServing
import HTTPMessages
import OTLP

/// `opentelemetry.proto.collector.trace.v1.TraceService`: OTLP/gRPC.
///
/// Source: OpenTelemetry Protocol 1.5, section "OTLP/gRPC".
package struct TraceExportService: Sendable {
    private let receiver: TraceReceiver

    package init(_ receiver: TraceReceiver) { self.receiver = receiver }

    package func register(on router: inout GRPCRouter) {
        router.register("/opentelemetry.proto.collector.trace.v1.TraceService/Export") { call in
            do {
                return try await receiver.receive(
                    intoProject: call.headers["x-project-name"]
                ) {
                    try TraceExportRequest(protobuf: call.message)
                }.protobuf()
            } catch let error as OTLPError {
                throw GRPCError(.invalidArgument, "\(error)")
            } catch let error as IngestionError {
                throw GRPCError(error)
            }
        }
    }
}

extension GRPCError {
    /// An exporter tries again after `RESOURCE_EXHAUSTED` only when it is told when, so an error that
    /// a retry does not mend carries no advice.
    init(_ error: IngestionError) {
        let code: GRPCCode =
            switch error.code {
            case .queueFull, .storageFull: .resourceExhausted
            case .shuttingDown, .databaseUnavailable: .unavailable
            case .writeFailed: .internal
            }
        if let delay = error.retryAfter {
            self = .retryLater(code, error.message, after: delay)
        } else {
            self.init(code, error.message)
        }
    }
}
