import Compression
import HTTPMessages
import Logging

/// Serves unary gRPC methods: a handler for an HTTP server that speaks HTTP/2.
///
/// It reads messages, plain or gzip, keeps deadlines, and answers in status trailers. Whatever is
/// wrong with one call is answered on that call; the connection goes on.
package struct GRPCRouter: Sendable {
    private static let acceptedEncodings = "identity,gzip"

    private let messageBytesMax: Int
    private let budget: MemoryBudget
    private let logger: Logger
    private var methods: [String: GRPCMethod] = [:]

    /// - Parameters:
    ///   - messageBytesMax: Of one request message after decompression; beyond:
    ///     RESOURCE_EXHAUSTED.
    ///   - budget: Counts decompressed messages while their calls run; usually the one that counts
    ///     the server's open bodies. Beyond: RESOURCE_EXHAUSTED with retry advice.
    package init(messageBytesMax: Int = 64 << 20, budget: MemoryBudget, logger: Logger) {
        self.messageBytesMax = messageBytesMax
        self.budget = budget
        self.logger = logger
    }

    /// - Parameter path: `/package.Service/Method`. A later method replaces an earlier one.
    package mutating func register(_ path: String, _ method: @escaping GRPCMethod) {
        methods[path] = method
    }

    /// Registers `grpc.health.v1.Health/Check` for the server as a whole and for the services
    /// registered so far. `Watch` stays unimplemented, which the health protocol allows.
    package mutating func registerHealth(isServing: @escaping @Sendable () async -> Bool) {
        let services = Set(
            methods.keys.map { String($0.dropFirst().prefix { $0 != "/" }) } + [""])
        register("/grpc.health.v1.Health/Check") { call in
            guard let service = HealthCheck.service(in: call.message) else {
                throw GRPCError(.invalidArgument, "The message is not a HealthCheckRequest.")
            }
            guard services.contains(service) else {
                throw GRPCError(.notFound, "No service has that name.")
            }
            return HealthCheck.response(isServing: await isServing())
        }
    }

    /// How a server that refuses a body before any handler sees it says so to gRPC clients.
    package static let refusal: @Sendable (HTTPBodyError) -> HTTPResponse = { error in
        let converted = GRPCError(converting: error)
        return (converted ?? GRPCError(.internal, "The request was refused.")).response
    }

    /// Bytes that a server must let through for a message of the largest size.
    package var bodyBytesMax: Int { messageBytesMax + Self.prefixBytes }

    /// Answers an HTTP request that may be a gRPC call.
    package func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        guard request.version == .http2 else {
            return .text(
                .versionNotSupported,
                "This port speaks gRPC, which needs HTTP/2. Send OTLP over HTTP to the HTTP port.")
        }
        guard Self.isGRPC(request.headers["content-type"]) else {
            return .text(
                .unsupportedMediaType,
                "This port speaks gRPC: the content type must be application/grpc.")
        }
        guard request.method == .post else {
            return .text(
                .methodNotAllowed, "A gRPC call is a POST request.", headers: ["allow": "POST"])
        }
        do {
            return Self.response(try await call(request))
        } catch {
            if let error = GRPCError(converting: error) { return error.response }
            if Task.isCancelled, error is CancellationError {
                return GRPCError(.cancelled, "The call was cancelled.").response
            }
            logger.error(
                "A call failed.",
                metadata: [
                    "request_id": "\(request.requestID)", "path": "\(request.path)",
                    "error": "\(error)",
                ])
            return GRPCError(.internal, "Internal Server Error").response
        }
    }

    // MARK: A call

    private static let prefixBytes = 5

    private func call(_ request: HTTPRequest) async throws -> [UInt8] {
        guard let method = methods[request.path] else {
            throw GRPCError(.unimplemented, "There is no method \(request.path) here.")
        }
        var deadline: ContinuousClock.Instant?
        if let timeout = request.headers["grpc-timeout"] {
            guard let duration = GRPCTimeout.parse(timeout) else {
                throw GRPCError(.internal, "The grpc-timeout is malformed.")
            }
            deadline = request.arrival + duration
        }
        let body: [UInt8]
        do {
            body = try await request.body.collect(upTo: bodyBytesMax)
        } catch .tooLarge {
            throw tooLarge
        }
        var reserved = 0
        defer { budget.release(reserved) }
        let message = try self.message(
            in: body, encoding: request.headers["grpc-encoding"], reserved: &reserved)
        let call = GRPCCall(
            path: request.path, headers: request.headers, message: message, deadline: deadline,
            peer: request.remoteAddress, isSecure: request.isSecure,
            requestID: request.requestID)
        guard let deadline else { return try await method(call) }
        return try await Self.run(method, call, until: deadline)
    }

    private var tooLarge: GRPCError {
        GRPCError(
            .resourceExhausted,
            "The message is larger than \(messageBytesMax) bytes. Send it in smaller parts.")
    }

    /// Takes the one message of a unary request out of its length-prefixed frame.
    private func message(
        in body: consuming [UInt8], encoding: String?, reserved: inout Int
    ) throws -> [UInt8] {
        guard body.count >= Self.prefixBytes else {
            throw GRPCError(.invalidArgument, "The request holds no message.")
        }
        let length = body[1...4].reduce(0) { $0 << 8 | Int($1) }
        guard length <= messageBytesMax else { throw tooLarge }
        guard body.count == Self.prefixBytes + length else {
            throw GRPCError(.invalidArgument, "The request does not hold exactly one message.")
        }
        switch body[0] {
        case 0:
            body.removeFirst(Self.prefixBytes)
            return body
        case 1: break
        default: throw GRPCError(.internal, "The message's compression flag is neither 0 nor 1.")
        }
        guard encoding?.lowercased() == "gzip" else {
            throw GRPCError(
                .unimplemented, "Compressed messages must be gzip.",
                metadata: ["grpc-accept-encoding": Self.acceptedEncodings])
        }
        let message: [UInt8]
        do {
            message = try body.withUnsafeBytes { bytes in
                try ContentCoding.gzip.decompress(
                    UnsafeRawBufferPointer(rebasing: bytes[Self.prefixBytes...]),
                    limit: messageBytesMax)
            }
        } catch CompressionError.tooLarge {
            throw tooLarge
        } catch {
            throw GRPCError(.invalidArgument, "The message is not whole gzip data.")
        }
        guard budget.reserve(message.count, holding: body.count) else {
            throw HTTPBodyError.overloaded
        }
        reserved = message.count
        return message
    }

    /// Runs the method and cancels it at the deadline.
    private static func run(
        _ method: @escaping GRPCMethod, _ call: GRPCCall, until deadline: ContinuousClock.Instant
    ) async throws -> [UInt8] {
        let late = GRPCError(.deadlineExceeded, "The call did not end within its deadline.")
        guard ContinuousClock.now < deadline else { throw late }
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask { try await method(call) }
            group.addTask {
                // Cancelled when the method returns first; its result is then not looked at.
                try await Task.sleep(until: deadline, clock: .continuous)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let message = first else { throw late }
            return message
        }
    }

    private static func response(_ message: [UInt8]) -> HTTPResponse {
        var body: [UInt8] = []
        body.reserveCapacity(prefixBytes + message.count)
        body.append(0)
        for shift in [24, 16, 8, 0] {
            body.append(UInt8(truncatingIfNeeded: message.count >> shift))
        }
        body += message
        return HTTPResponse(
            .ok,
            headers: [
                "content-type": "application/grpc", "grpc-accept-encoding": acceptedEncodings,
            ],
            body: .bytes(body), trailers: ["grpc-status": "0"])
    }

    private static func isGRPC(_ contentType: String?) -> Bool {
        guard let type = contentType?.lowercased().prefix(while: { $0 != ";" }) else {
            return false
        }
        return ["application/grpc", "application/grpc+proto"].contains(trimmed(type))
    }
}
