import NIOCore
import NIOTLS

/// Finds out what a fresh connection speaks and puts the handler of that protocol in its place.
///
/// ALPN decides on TLS; otherwise the first bytes do: HTTP/2 with prior knowledge begins with a
/// preface that no HTTP/1 request begins with (RFC 9113, section 3.4).
final class ProtocolSniffer: ChannelInboundHandler, RemovableChannelHandler, ServerConnection {
    typealias InboundIn = ByteBuffer

    /// The request-line part of the preface; the session checks the rest.
    private static let preface = Array("PRI * HTTP/2.0\r\n".utf8)

    private let core: ServerCore
    private let loopConnections: LoopConnections
    private let start = NIODeadline.now()
    private var isShaken: Bool
    private var context: ChannelHandlerContext?
    private var received = ByteBuffer()

    init(core: ServerCore, loopConnections: LoopConnections) {
        self.core = core
        self.loopConnections = loopConnections
        isShaken = !core.isSecure
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loopConnections.set(self, for: context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(let negotiated)? = event as? TLSUserEvent {
            isShaken = true
            if negotiated == "h2" { handOver(isHTTP2: true) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        let view = received.readableBytesView
        let isHTTP2 = zip(view, Self.preface).allSatisfy { $0 == $1 }
        if !isHTTP2 || view.count >= Self.preface.count { handOver(isHTTP2: isHTTP2) }
    }

    private func handOver(isHTTP2: Bool) {
        guard let context else { return }
        let operations = context.pipeline.syncOperations
        do {
            if isHTTP2 {
                let connection = HTTP2Connection(core: core, loopConnections: loopConnections)
                try operations.addHandler(connection, position: .after(self))
                loopConnections.set(connection, for: context.channel)
            } else {
                let connection = HTTP1Connection(core: core, loopConnections: loopConnections)
                try operations.addHandler(connection, position: .after(self))
                loopConnections.set(connection, for: context.channel)
            }
        } catch {
            // The pipeline refuses handlers only when the channel is closing.
            return context.close(promise: nil)
        }
        let bytes = received
        received = ByteBuffer()
        if bytes.readableBytes > 0 {
            context.fireChannelRead(NIOAny(bytes))
            context.fireChannelReadComplete()
        }
        context.pipeline.removeHandler(self, promise: nil)
    }

    func stop() { abort() }

    func abort() { context?.close(promise: nil) }

    func checkDeadlines(now: NIODeadline) {
        let timeout =
            isShaken && received.readableBytes == 0
            ? core.limits.keepAliveTimeout : core.limits.headerTimeout
        if now > start + TimeAmount(timeout) { abort() }
    }
}
