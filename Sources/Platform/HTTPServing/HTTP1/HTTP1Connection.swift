import HTTPMessages
import NIOCore

/// One HTTP/1 connection: decodes requests, one at a time, and writes their responses.
///
/// Pipelined requests wait undecoded, and once they pile up the connection reads no more. The same
/// happens while a handler leaves body bytes lying.
final class HTTP1Connection: ChannelDuplexHandler, ExchangeConnection, ServerConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How much of an unwanted body is read past to keep the connection.
    private static let drainedBytesMax = 256 << 10
    /// How much of a response is handed to the channel at once, so that progress shows.
    private static let sliceBytes = 128 << 10
    private static let pipelinedBytesMax = 64 << 10

    /// A request and its response.
    private final class Exchange {
        let id: Int32
        let head: HTTP1Head
        let body: RequestBodyPipe?
        var task: Task<Void, Never>?
        var isRequestEnded = false
        var awaitsContinue: Bool
        /// Body bytes that still have to come, where a length was announced.
        var announcedRest: Int?
        var hasHead = false
        var keepsAlive: Bool
        var framing = HTTP1ResponseFraming.none
        var pending = ByteBuffer()
        var stream: ResponsePipe?
        var endsWithServer = false
        var isResponseEnded = false

        init(id: Int32, head: HTTP1Head, body: RequestBodyPipe?) {
            self.id = id
            self.head = head
            self.body = body
            awaitsContinue = head.expectsContinue
            keepsAlive = head.keepsAlive
            if case .length(let length) = head.framing { announcedRest = length }
        }
    }

    private let core: ServerCore
    private let loopConnections: LoopConnections
    private var decoder: HTTP1Decoder
    private var context: ChannelHandlerContext?
    private var exchange: Exchange?
    private var exchangeCount: Int32 = 0
    private var isProcessing = false
    private var isStopping = false
    /// Set when the last response is written: everything that still arrives is thrown away.
    private var closesAt: NIODeadline?
    private var isReadHeld = false
    private var lastRead = NIODeadline.now()
    private var headStart: NIODeadline?
    private var blockedSince: NIODeadline?

    init(core: ServerCore, loopConnections: LoopConnections) {
        self.core = core
        self.loopConnections = loopConnections
        decoder = HTTP1Decoder(limits: core.limits)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let exchange {
            exchange.body?.fail(.clientGone)
            exchange.stream?.close()
            exchange.task?.cancel()
        }
        exchange = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = .now()
        guard closesAt == nil else { return }
        decoder.append(unwrapInboundIn(data))
        process()
    }

    func read(context: ChannelHandlerContext) {
        if mayRead { context.read() } else { isReadHeld = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            blockedSince = nil
            pump()
        } else {
            blockedSince = .now()
        }
        context.fireChannelWritabilityChanged()
    }

    private var mayRead: Bool {
        guard closesAt == nil, let exchange else { return true }
        if exchange.isRequestEnded { return decoder.bufferedBytes < Self.pipelinedBytesMax }
        return (exchange.body?.heldBytes ?? 0) < core.limits.unreadBodyBytes
    }

    private func readAgain() {
        if isReadHeld, mayRead, let context {
            isReadHeld = false
            lastRead = .now()
            context.read()
        }
    }

    // MARK: Requests

    private func process() {
        // A response that is ready at once would come back here from inside the loop.
        guard !isProcessing else { return }
        isProcessing = true
        defer { isProcessing = false }
        do {
            while closesAt == nil, exchange?.isRequestEnded != true, let event = try decoder.next()
            {
                switch event {
                case .head(let head): begin(head)
                case .body(let bytes): receive(bytes)
                case .end: endRequest()
                }
            }
        } catch {
            fail(error)
        }
        headStart = exchange == nil && decoder.isInsideHead ? headStart ?? .now() : nil
    }

    private func begin(_ head: HTTP1Head) {
        guard let context else { return }
        exchangeCount &+= 1
        let id = exchangeCount
        let reply = ReplyAddress(self, id: id, on: context.eventLoop)
        var length: Int?
        if case .length(let announced) = head.framing { length = announced }
        let target = RequestTarget(head.target, method: head.method)
        guard let target, head.method != .connect else {
            exchange = Exchange(id: id, head: head, body: nil)
            exchange?.keepsAlive = false
            let answer: HTTPResponse =
                target == nil
                ? RequestTarget.refusal
                : .text(.notImplemented, "This server is not a proxy.")
            return respond(id, answer, stream: nil)
        }
        if head.framing != .none,
            let refusal = core.refusal(ofBodyWithLength: length, at: target.path)
        {
            exchange = Exchange(id: id, head: head, body: nil)
            return respond(id, refusal, stream: nil)
        }
        let body =
            head.framing == .none
            ? nil : core.makeBody(length: length, at: target.path, for: reply)
        let exchange = Exchange(id: id, head: head, body: body)
        self.exchange = exchange
        let request = HTTPRequest(
            method: head.method, path: target.path, queryString: target.query,
            headers: head.headers,
            body: body.map { HTTPBody(source: $0, declaredLength: length) } ?? .empty,
            version: head.version, remoteAddress: context.remoteAddress?.ipAddress,
            isSecure: core.isSecure)
        exchange.task = core.start(request, body: body, reply: reply)
    }

    private func receive(_ bytes: ByteBuffer) {
        guard let exchange else { return }
        // A client that does not wait for `100 Continue` does not need one.
        exchange.awaitsContinue = false
        if let rest = exchange.announcedRest {
            exchange.announcedRest = rest - bytes.readableBytes
        }
        _ = bytes.withUnsafeReadableBytes { exchange.body?.append($0) }
    }

    private func endRequest() {
        guard let exchange else { return }
        exchange.isRequestEnded = true
        exchange.body?.finish()
        if exchange.isResponseEnded { finishExchange() }
    }

    /// Answers what cannot be understood, unless a handler is about to answer; then closes.
    private func fail(_ error: HTTP1Error) {
        guard let exchange else {
            var response = HTTPResponse.text(error.status, error.message)
            response.headers.set("connection", "close")
            return writeLast(response)
        }
        exchange.keepsAlive = false
        if let body = exchange.body, !exchange.isRequestEnded {
            body.fail(.malformed(error.message))
            if exchange.isResponseEnded { finishExchange() }
        } else if !exchange.hasHead {
            respond(exchange.id, .text(error.status, error.message), stream: nil)
        }
    }

    private func writeLast(_ response: HTTPResponse) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 512)
        let bytes = if case .bytes(let bytes) = response.body { bytes } else { [UInt8]() }
        buffer.writeHead(
            response, framing: .length(bytes.count), keepsAlive: false, isHTTP10: false,
            date: loopConnections.date)
        buffer.writeBytes(bytes)
        context.write(wrapOutboundOut(buffer), promise: nil)
        close(lingering: true)
    }

    // MARK: Responses

    func respond(_ id: Int32, _ response: HTTPResponse, stream: ResponsePipe?) {
        guard let exchange, exchange.id == id, !exchange.hasHead, let context else {
            stream?.close()
            return
        }
        exchange.hasHead = true
        exchange.endsWithServer = response.endsWithServer
        let bytes = if case .bytes(let bytes) = response.body { bytes } else { [UInt8]() }
        let isHead = exchange.head.method == .head
        if response.status.forbidsBody {
            exchange.framing = .none
        } else if stream == nil {
            exchange.framing = .length(bytes.count)
        } else {
            exchange.framing = exchange.head.version == .http10 ? .untilClose : .chunked
        }
        if exchange.framing == .untilClose || isStopping { exchange.keepsAlive = false }
        if !exchange.isRequestEnded, exchange.awaitsContinue || !isDrainable(exchange) {
            exchange.keepsAlive = false
        }
        // HEAD tells the length that the handler states, if it does, and never sends a body.
        let statesLength = isHead && response.headers.contains("content-length")
        let hasBody = exchange.framing != .none && !isHead
        var buffer = context.channel.allocator.buffer(capacity: 512 + min(bytes.count, 65_536))
        buffer.writeHead(
            response, framing: statesLength ? .none : exchange.framing,
            keepsAlive: exchange.keepsAlive, isHTTP10: exchange.head.version == .http10,
            date: loopConnections.date)
        if hasBody, bytes.count <= 65_536 {
            buffer.writeBytes(bytes)
        } else if hasBody {
            exchange.pending = ByteBuffer(bytes: bytes)
        }
        context.write(wrapOutboundOut(buffer), promise: nil)
        if hasBody { exchange.stream = stream } else { stream?.close() }
        if isStopping { endIfServerEnds(exchange) }
        pump()
        flush()
    }

    private func isDrainable(_ exchange: Exchange) -> Bool {
        guard let rest = exchange.announcedRest else { return false }
        return rest <= Self.drainedBytesMax && exchange.body?.hasFailed != true
    }

    func responseBytesReady(_ id: Int32) {
        guard exchange?.id == id else { return }
        pump()
        flush()
    }

    /// Moves response bytes to the channel for as long as it takes them.
    private func pump() {
        guard let context, let exchange, exchange.hasHead, !exchange.isResponseEnded else { return }
        while context.channel.isWritable {
            if let slice = exchange.pending.readSlice(
                length: min(Self.sliceBytes, exchange.pending.readableBytes)),
                slice.readableBytes > 0
            {
                context.writeAndFlush(wrapOutboundOut(slice), promise: nil)
                continue
            }
            guard let stream = exchange.stream else { return endResponse(exchange) }
            switch stream.take() {
            case .nothing: return
            case .bytes(let bytes):
                var buffer = context.channel.allocator.buffer(capacity: bytes.count + 32)
                if exchange.framing == .chunked {
                    buffer.writeChunk(bytes)
                } else {
                    buffer.writeBytes(bytes)
                }
                context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
            case .end:
                if exchange.framing == .chunked {
                    context.writeAndFlush(
                        wrapOutboundOut(ByteBuffer(string: "0\r\n\r\n")), promise: nil)
                }
                return endResponse(exchange)
            case .failed:
                // The missing last chunk tells the client that this is not all.
                return abort()
            }
        }
    }

    private func endResponse(_ exchange: Exchange) {
        exchange.isResponseEnded = true
        exchange.stream = nil
        if exchange.isRequestEnded || !exchange.keepsAlive { finishExchange() }
    }

    private func finishExchange() {
        guard let finished = exchange else { return }
        exchange = nil
        guard finished.keepsAlive, !isStopping else {
            return close(lingering: !finished.isRequestEnded || decoder.bufferedBytes > 0)
        }
        lastRead = .now()
        process()
        readAgain()
    }

    private func flush() {
        context?.flush()
    }

    // MARK: Request bodies

    func bodyDemanded(_ id: Int32) {
        guard let exchange, exchange.id == id, exchange.awaitsContinue, !exchange.hasHead,
            let context
        else { return }
        exchange.awaitsContinue = false
        lastRead = .now()
        context.writeAndFlush(
            wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }

    func bodyConsumed(_ id: Int32, count: Int) {
        readAgain()
    }

    // MARK: Ends

    /// Closes when everything written has left.
    ///
    /// Closing a socket with unread bytes makes the kernel reset the connection, which can take
    /// the answer from the client. So if there are such, we end our side first and read past
    /// what comes, for a short time.
    private func close(lingering: Bool) {
        guard let context, closesAt == nil else { return }
        closesAt = .now() + TimeAmount(core.limits.lingerTimeout)
        decoder.discardAll()
        let isSecure = core.isSecure
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            // TLS has no half-closed connections; the client has `connection: close` to act on.
            if !lingering {
                channel.close(promise: nil)
            } else if !isSecure {
                channel.close(mode: .output, promise: nil)
            }
        }
        if lingering { readAgain() }
    }

    func stop() {
        guard !isStopping else { return }
        isStopping = true
        if let exchange, !exchange.isResponseEnded {
            endIfServerEnds(exchange)
        } else {
            close(lingering: exchange != nil)
        }
    }

    private func endIfServerEnds(_ exchange: Exchange) {
        guard exchange.endsWithServer else { return }
        exchange.stream?.endOrderly()
        exchange.task?.cancel()
    }

    func abort() {
        context?.close(promise: nil)
    }

    func checkDeadlines(now: NIODeadline) {
        let limits = core.limits
        func isOver(_ start: NIODeadline, _ timeout: Duration) -> Bool {
            now > start + TimeAmount(timeout)
        }
        if let closesAt {
            if now > closesAt { abort() }
        } else if let blockedSince, isOver(blockedSince, limits.writeIdleTimeout) {
            abort()
        } else if let exchange {
            guard !exchange.isRequestEnded, !exchange.awaitsContinue,
                (exchange.body?.heldBytes ?? 0) == 0, isOver(lastRead, limits.bodyIdleTimeout)
            else { return }
            exchange.keepsAlive = false
            exchange.body?.fail(.timedOut)
            if exchange.isResponseEnded { finishExchange() }
        } else if let headStart {
            if isOver(headStart, limits.headerTimeout) {
                writeLast(
                    .text(.requestTimeout, "The request head did not arrive in time."))
            }
        } else if isOver(lastRead, limits.keepAliveTimeout) {
            close(lingering: false)
        }
    }
}
