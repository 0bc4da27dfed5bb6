import Locking
import NIOCore
import NIOPosix

/// A TCP connection that sends whatever bytes a test wants and keeps what comes back.
package final class RawClient: Sendable {
    package struct TimedOut: Error, CustomStringConvertible {
        package let received: [UInt8]
        package var description: String {
            "timed out after receiving \(String(decoding: received, as: UTF8.self).debugDescription)"
        }
    }

    private struct State {
        var bytes: [UInt8] = []
        var isClosed = false
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0

        mutating func takeWaiters() -> [CheckedContinuation<Void, Never>] {
            defer { waiters = [:] }
            return Array(waiters.values)
        }
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let client: RawClient

        init(_ client: RawClient) {
            self.client = client
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            // As raw bytes, for iterating a buffer is slow in debug builds.
            client.change { state in
                buffer.withUnsafeReadableBytes { state.bytes.append(contentsOf: $0) }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            client.change { $0.isClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let state = Mutex(State())
    private let channel = Mutex<(any Channel)?>(nil)

    private init() {}

    package static func connect(port: Int, reads: Bool = true) async throws -> RawClient {
        let client = RawClient()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(ChannelOptions.autoRead, value: reads)
            .channelOption(ChannelOptions.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(client))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        client.channel.withLock { $0 = channel }
        return client
    }

    package var isClosed: Bool { state.withLock { $0.isClosed } }
    package var received: [UInt8] { state.withLock { $0.bytes } }

    private func change(_ body: (inout State) -> Void) {
        let waiters = state.withLock { state in
            body(&state)
            return state.takeWaiters()
        }
        for waiter in waiters { waiter.resume() }
    }

    package func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    package func send(_ bytes: [UInt8]) async throws {
        try await channel.withLock { $0 }?.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    package func close() async {
        try? await channel.withLock { $0 }?.close().get()
    }

    /// Lets bytes come in again, after a connection that did not read.
    package func startReading() async throws {
        let channel = channel.withLock { $0 }
        try await channel?.setOption(ChannelOptions.autoRead, value: true).get()
        channel?.read()
    }

    /// Removes and returns received bytes as soon as `enough` finds how many are wanted.
    package func receive(
        within timeout: Duration = patience, _ enough: ([UInt8], _ isClosed: Bool) -> Int?
    ) async throws -> [UInt8] {
        let deadline = ContinuousClock.now + timeout
        while true {
            let taken = state.withLock { state -> [UInt8]? in
                guard let count = enough(state.bytes, state.isClosed) else { return nil }
                defer { state.bytes.removeFirst(count) }
                return Array(state.bytes[..<count])
            }
            if let taken { return taken }
            if isClosed || ContinuousClock.now >= deadline { throw TimedOut(received: received) }
            await waitForChange(until: deadline)
        }
    }

    /// Everything up to the end of the connection.
    package func receiveToEnd(within timeout: Duration = patience) async throws -> [UInt8] {
        try await receive(within: timeout) { bytes, isClosed in isClosed ? bytes.count : nil }
    }

    private func waitForChange(until deadline: ContinuousClock.Instant) async {
        let (before, wasClosed) = state.withLock { ($0.bytes.count, $0.isClosed) }
        let (seconds, attoseconds) = (deadline - .now).components
        let wait = TimeAmount.nanoseconds(
            max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
        await withCheckedContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard state.bytes.count == before, state.isClosed == wasClosed else { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let id else { return continuation.resume() }
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            loop.scheduleTask(in: wait) {
                self.state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
            }
        }
    }
}
