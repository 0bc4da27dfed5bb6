import HTTPMessages
import NIOCore

/// What all connections of a server share.
final class ServerCore: Sendable {
    let limits: HTTPServerLimits
    let handler: HTTPHandler
    let budget: MemoryBudget
    let isSecure: Bool
    let refusal: @Sendable (HTTPBodyError) -> HTTPResponse
    let connections = LiveCount()
    let tasks = LiveCount()

    init(
        limits: HTTPServerLimits, budget: MemoryBudget, isSecure: Bool,
        refusal: @escaping @Sendable (HTTPBodyError) -> HTTPResponse,
        handler: @escaping HTTPHandler
    ) {
        self.refusal = refusal
        self.limits = limits
        self.budget = budget
        self.isSecure = isSecure
        self.handler = handler
    }

    /// The answer to a request whose announced body is reason enough to refuse it.
    func refusal(ofBodyWithLength length: Int?, at path: String) -> HTTPResponse? {
        let limit = limits.bodyBytes(at: path)
        if let length, length > limit { return refusal(.tooLarge(limit: limit)) }
        var held = length ?? 1
        if limits.streamedBodyBytes[path] != nil { held = min(held, limits.unreadBodyBytes) }
        let used = budget.used
        return used > 0 && used + held > budget.limit ? refusal(.overloaded) : nil
    }

    /// Makes the pipe for a body that is about to arrive.
    func makeBody(length: Int?, at path: String, for reply: ReplyAddress) -> RequestBodyPipe {
        RequestBodyPipe(
            limit: limits.bodyBytes(at: path), declaredLength: length, budget: budget,
            onDemand: { reply.send { $0.bodyDemanded($1) } },
            onConsume: { count in reply.send { $0.bodyConsumed($1, count: count) } })
    }

    /// Starts the one task of a request.
    ///
    /// It is not a child of the server's task, for the event loop starts it; ``HTTPServer/run()``
    /// waits for the end of all of them by ``tasks``, and the connection cancels it when the
    /// client vanishes.
    func start(
        _ request: HTTPRequest, body: RequestBodyPipe?, reply: ReplyAddress
    ) -> Task<Void, Never> {
        _ = tasks.enter()
        return Task {
            await answer(request, body: body, reply: reply)
            tasks.leave()
        }
    }

    private func answer(
        _ request: HTTPRequest, body: RequestBodyPipe?, reply: ReplyAddress
    ) async {
        let response: HTTPResponse
        do {
            response = try await handler(request)
        } catch {
            response = HTTPResponse(answering: error)
        }
        guard case .stream(let produce) = response.body else {
            body?.abandon()
            reply.send { $0.respond($1, response, stream: nil) }
            return
        }
        let stream = ResponsePipe { reply.send { $0.responseBytesReady($1) } }
        reply.send { $0.respond($1, response, stream: stream) }
        do {
            try await produce(stream)
            stream.finish()
        } catch {
            stream.finish(throwing: error)
        }
        body?.abandon()
    }
}

/// A connection as the tasks of its requests address it. Every call is on its event loop; those
/// for exchanges that are over are ignored.
protocol ExchangeConnection: AnyObject {
    func respond(_ id: Int32, _ response: HTTPResponse, stream: ResponsePipe?)
    func responseBytesReady(_ id: Int32)
    func bodyDemanded(_ id: Int32)
    func bodyConsumed(_ id: Int32, count: Int)
}

/// The way from a task back to its exchange: a connection and a stream on it.
// SAFETY: `connection` is touched only inside `eventLoop.execute`, on its own loop.
struct ReplyAddress: @unchecked Sendable {
    private let connection: any ExchangeConnection
    private let id: Int32
    private let eventLoop: any EventLoop

    init(_ connection: any ExchangeConnection, id: Int32, on eventLoop: any EventLoop) {
        self.connection = connection
        self.id = id
        self.eventLoop = eventLoop
    }

    func send(_ call: @escaping @Sendable (any ExchangeConnection, Int32) -> Void) {
        eventLoop.execute { call(connection, id) }
    }
}
