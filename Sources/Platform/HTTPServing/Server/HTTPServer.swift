import HTTPMessages
import Lifecycle
import Locking
import Logging
import NIOCore
import NIOPosix
@preconcurrency import NIOSSL

/// Serves HTTP/1.1 and HTTP/2 on one port, in cleartext or over TLS.
///
/// A handler gets every request in a task of its own, which is cancelled when the client vanishes.
/// Request and response bodies stream with backpressure. What it bears is in
/// ``HTTPServerLimits``.
package final class HTTPServer: Service {
    private enum Phase {
        case idle
        case bound(any Channel)
        case stopped
    }

    private let configuration: HTTPServerConfiguration
    private let logger: Logger
    private let core: ServerCore
    private let tlsContext: NIOSSLContext?
    private let group: MultiThreadedEventLoopGroup
    private let loops: [LoopConnections]
    private let phase = Mutex(Phase.idle)
    private let stopRequest = Latch()
    private let isAborted = Mutex(false)

    package var name: String { configuration.name }

    /// Reads the TLS files and starts the threads; nothing listens yet.
    ///
    /// - Throws: ``HTTPServerError`` with code ``HTTPServerError/Code/tlsFiles``.
    package init(
        configuration: HTTPServerConfiguration, logger: Logger, handler: @escaping HTTPHandler
    ) throws(HTTPServerError) {
        self.configuration = configuration
        self.logger = logger
        tlsContext = try configuration.tls?.makeContext()
        core = ServerCore(
            limits: configuration.limits,
            budget: configuration.bodyBudget
                ?? MemoryBudget(limit: configuration.limits.openBodyBytes),
            isSecure: configuration.tls != nil, refusal: configuration.refusal, handler: handler)
        group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
        loops = group.makeIterator().map { LoopConnections(eventLoop: $0) }
    }

    /// Open connections at this moment.
    package var connectionCount: Int { core.connections.value }
    /// Requests whose handlers have not returned yet.
    package var requestCount: Int { core.tasks.value }

    /// Bytes of request bodies that are held at this moment.
    package var openBodyBytes: Int { core.budget.used }

    /// Starts to listen, so that a port in use is known before anything else starts.
    ///
    /// - Returns: The port, which matters when port 0 was asked for. Once bound, ``run()`` must
    ///   follow.
    /// - Throws: ``HTTPServerError``.
    @discardableResult
    package func bind() async throws(HTTPServerError) -> Int {
        if case .bound(let channel) = phase.withLock({ $0 }) {
            return channel.localAddress?.port ?? configuration.port
        }
        let tick = sweepInterval
        for loop in loops { loop.eventLoop.execute { loop.startSweeping(every: tick) } }
        do {
            let channel = try await bootstrap().bind(
                host: configuration.host, port: configuration.port
            ).get()
            phase.withLock { $0 = .bound(channel) }
            let port = channel.localAddress?.port ?? configuration.port
            logger.info(
                "Listening.",
                metadata: [
                    "service": "\(name)", "host": "\(configuration.host)", "port": "\(port)",
                    "tls": "\(core.isSecure)",
                ])
            return port
        } catch {
            await endThreads()
            throw startError(error)
        }
    }

    /// Serves until ``stop()``, then drains for at most ``HTTPServerConfiguration/drainTimeout``.
    ///
    /// Cancelling the task stops without draining. Returns when every connection is closed and
    /// every handler has returned.
    package func run() async throws {
        try await bind()
        await withTaskCancellationHandler {
            await stopRequest.wait()
        } onCancel: {
            isAborted.withLock { $0 = true }
            stopRequest.open()
        }
        await drain()
        logger.info("Stopped.", metadata: ["service": "\(name)"])
    }

    /// Asks ``run()`` to finish the requests that are under way and to return.
    package func stop() async {
        stopRequest.open()
    }

    // MARK: Listening

    private func bootstrap() -> ServerBootstrap {
        let loopOf = Dictionary(
            uniqueKeysWithValues: loops.map { (ObjectIdentifier($0.eventLoop), $0) })
        return ServerBootstrap(group: group)
            // When the process has no descriptor left for a connection, accepting waits a little.
            .serverChannelInitializer { $0.pipeline.addHandler(AcceptBackoffHandler()) }
            .serverChannelOption(ChannelOptions.backlog, value: 4096)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(ChannelOptions.socketOption(.so_keepalive), value: 1)
            .childChannelOption(
                ChannelOptions.writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: 64 << 10, high: 256 << 10)
            )
            // Thousands of connections may each hold what they read in one go.
            .childChannelOption(ChannelOptions.maxMessagesPerRead, value: 4)
            .childChannelOption(
                ChannelOptions.recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 4096, maximum: 32768)
            )
            .childChannelInitializer { [core, tlsContext] channel in
                guard let loop = loopOf[ObjectIdentifier(channel.eventLoop)] else {
                    preconditionFailure("A connection came on a foreign event loop.")
                }
                guard core.connections.enter(limit: core.limits.connections) else {
                    return channel.close()
                }
                channel.closeFuture.whenComplete { _ in
                    loop.remove(channel)
                    core.connections.leave()
                }
                return channel.eventLoop.makeCompletedFuture {
                    let operations = channel.pipeline.syncOperations
                    if let tlsContext {
                        try operations.addHandler(NIOSSLServerHandler(context: tlsContext))
                    }
                    try operations.addHandler(ProtocolSniffer(core: core, loopConnections: loop))
                }
            }
    }

    /// A quarter of the shortest wait, within bounds: so late a deadline may be noticed.
    private var sweepInterval: TimeAmount {
        let limits = configuration.limits
        let shortest = [
            limits.headerTimeout, limits.bodyIdleTimeout, limits.keepAliveTimeout,
            limits.writeIdleTimeout, limits.lingerTimeout,
        ].min()!
        return TimeAmount(max(.milliseconds(20), min(.seconds(1), shortest / 4)))
    }

    private func startError(_ error: any Error) -> HTTPServerError {
        let place = "port \(configuration.port) on \(configuration.host)"
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE:
            return HTTPServerError(
                code: .addressInUse,
                message: "Another program listens on \(place). Stop it or choose another port.",
                cause: error)
        case EACCES:
            return HTTPServerError(
                code: .permissionDenied,
                message: "Permission to listen on \(place) is missing. "
                    + "Choose a port from 1024 upwards.",
                cause: error)
        default:
            return HTTPServerError(
                code: .addressUnusable,
                message: "The server cannot listen on \(place). Check that the host is an address "
                    + "of this machine.",
                cause: error)
        }
    }

    // MARK: The end

    private func drain() async {
        let channel = phase.withLock { phase -> (any Channel)? in
            defer { phase = .stopped }
            if case .bound(let channel) = phase { return channel }
            return nil
        }
        // Closing a listening socket fails only when it is closed already.
        try? await channel?.close()
        let patience = isAborted.withLock { $0 } ? .zero : configuration.drainTimeout
        let deadlines = loops.map { loop in
            loop.eventLoop.execute { loop.stopAll() }
            return loop.eventLoop.scheduleTask(in: TimeAmount(patience)) { loop.abortAll() }
        }
        await withTaskCancellationHandler {
            await core.connections.waitForZero()
            await core.tasks.waitForZero()
        } onCancel: {
            for loop in loops { loop.eventLoop.execute { loop.abortAll() } }
        }
        for deadline in deadlines { deadline.cancel() }
        await endThreads()
    }

    private func endThreads() async {
        for loop in loops { loop.eventLoop.execute { loop.stopSweeping() } }
        do {
            try await group.shutdownGracefully()
        } catch {
            logger.warning(
                "The event loop threads did not end in good order.",
                metadata: ["service": "\(name)", "error": "\(error)"])
        }
    }
}
