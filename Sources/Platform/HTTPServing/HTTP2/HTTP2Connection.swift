import CNGHTTP2
import HTTPMessages
import NIOCore

/// One HTTP/2 connection: bytes go into an nghttp2 session, requests and frames come out.
///
/// nghttp2 keeps the protocol's rules (framing, HPACK, flow control, states, header syntax); this
/// class keeps ours: limits, deadlines, the way to handlers and back. Its callbacks re-enter the
/// object while bytes are received, so frames are collected later, in ``drain()``.
final class HTTP2Connection: ChannelInboundHandler, ExchangeConnection, ServerConnection {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let streamWindow = 1 << 20
    private static let connectionWindow = 16 << 20
    private static let frameBytesMax = 64 << 10
    /// How much is gathered before it is handed to the channel.
    private static let gatheredBytes = 64 << 10
    /// Decoded header bytes of one request that end the connection: nobody needs so many, and HPACK
    /// can make them of very few (an "HPACK bomb").
    private static let headerBombBytes = 1 << 20

    private let core: ServerCore
    private let loopConnections: LoopConnections
    private var session: OpaquePointer?
    private var context: ChannelHandlerContext?
    private var streams: [Int32: HTTP2Stream] = [:]
    private var outgoing = ByteBuffer()
    private var isReceiving = false
    private var isDrainScheduled = false
    private var isStopping = false
    private var isBroken = false
    private var closesAt: NIODeadline?
    private let start = NIODeadline.now()
    private var hasPreface = false
    private var headerBlockStart: NIODeadline?
    private var lastUse = NIODeadline.now()
    private var blockedSince: NIODeadline?
    private var resets: TokenBucket
    private var idleFrames: TokenBucket

    init(core: ServerCore, loopConnections: LoopConnections) {
        self.core = core
        self.loopConnections = loopConnections
        let limits = core.limits
        resets = TokenBucket(burst: limits.resetBurst, perSecond: limits.resetsForgivenPerSecond)
        idleFrames = TokenBucket(
            burst: limits.idleFrameBurst, perSecond: limits.idleFramesForgivenPerSecond)
    }

    // MARK: Channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        startSession()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        endSession()
    }

    func channelInactive(context: ChannelHandlerContext) {
        endSession()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let session, closesAt == nil, !isBroken else { return }
        let buffer = unwrapInboundIn(data)
        isReceiving = true
        let consumed = buffer.withUnsafeReadableBytes { bytes in
            nghttp2_session_mem_recv(
                session, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
        }
        isReceiving = false
        if consumed < 0 {
            // Most errors end in GOAWAY by nghttp2 itself; these are beyond its repair, such as a
            // broken preface or a flood. It must get no more bytes.
            isBroken = true
            let code =
                consumed == Int(NGHTTP2_ERR_FLOODED.rawValue)
                ? NGHTTP2_ENHANCE_YOUR_CALM : NGHTTP2_PROTOCOL_ERROR
            nghttp2_session_terminate_session(session, UInt32(code.rawValue))
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        drain()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        blockedSince = context.channel.isWritable ? nil : .now()
        if context.channel.isWritable { drain() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Session

    private func startSession() {
        var callbacks: OpaquePointer?
        nghttp2_session_callbacks_new(&callbacks)
        defer { nghttp2_session_callbacks_del(callbacks) }
        nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
            HTTP2Connection.from(user).beginHeaders(frame!.pointee)
            return 0
        }
        nghttp2_session_callbacks_set_on_header_callback(callbacks) {
            _, frame, name, nameLength, value, valueLength, _, user in
            HTTP2Connection.from(user).receiveHeader(
                frame!.pointee, UnsafeBufferPointer(start: name, count: nameLength),
                UnsafeBufferPointer(start: value, count: valueLength))
        }
        nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
            _, _, id, bytes, length, user in
            HTTP2Connection.from(user).receiveData(
                id, UnsafeRawBufferPointer(start: bytes, count: length))
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
            HTTP2Connection.from(user).receiveFrame(frame!.pointee)
            return 0
        }
        nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
            HTTP2Connection.from(user).frameSent(frame!.pointee.hd)
            return 0
        }
        nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
            HTTP2Connection.from(user).streamClosed(id, code: code)
            return 0
        }
        var option: OpaquePointer?
        nghttp2_option_new(&option)
        defer { nghttp2_option_del(option) }
        nghttp2_option_set_no_auto_window_update(option, 1)
        nghttp2_option_set_max_outbound_ack(option, 256)
        // Closed streams are kept only for RFC 7540 priorities, which nobody needs.
        nghttp2_option_set_no_closed_streams(option, 1)
        nghttp2_option_set_max_deflate_dynamic_table_size(option, 4096)
        nghttp2_session_server_new2(
            &session, callbacks, Unmanaged.passUnretained(self).toOpaque(), option)
        let settings = [
            Self.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, core.limits.concurrentStreams),
            Self.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, Self.streamWindow),
            Self.setting(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, Self.frameBytesMax),
            Self.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, core.limits.headerBytes),
        ]
        nghttp2_submit_settings(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), settings, settings.count)
        nghttp2_session_set_local_window_size(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), 0, Int32(Self.connectionWindow))
        drain()
    }

    private static func setting(
        _ id: nghttp2_settings_id, _ value: Int
    ) -> nghttp2_settings_entry {
        nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(value))
    }

    private func endSession() {
        for stream in streams.values { end(stream) }
        streams = [:]
        if let session { nghttp2_session_del(session) }
        session = nil
        context = nil
    }

    private static func from(_ user: UnsafeMutableRawPointer?) -> HTTP2Connection {
        Unmanaged<HTTP2Connection>.fromOpaque(user!).takeUnretainedValue()
    }

    /// Hands nghttp2's frames to the channel, as long as it takes them.
    private func drain() {
        // A write can fail at once and end the session, so both are looked at anew each time.
        while let session, let context, !isReceiving, closesAt == nil, context.channel.isWritable {
            var pointer: UnsafePointer<UInt8>?
            let length = nghttp2_session_mem_send(session, &pointer)
            guard length > 0 else { break }
            outgoing.writeBytes(UnsafeRawBufferPointer(start: pointer, count: length))
            if outgoing.readableBytes >= Self.gatheredBytes { flush() }
        }
        flush()
        guard let session, !isReceiving else { return }
        let wantsMore =
            nghttp2_session_want_read(session) != 0 && !isBroken
            || nghttp2_session_want_write(session) != 0
        if !wantsMore || isStopping && streams.isEmpty { close() }
    }

    private func flush() {
        guard let context, outgoing.readableBytes > 0 else { return }
        let buffer = outgoing
        outgoing = context.channel.allocator.buffer(capacity: 0)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Drains once for all the answers that become ready in one turn of the event loop.
    private func scheduleDrain() {
        guard !isDrainScheduled, let context else { return }
        isDrainScheduled = true
        let connection = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.execute {
            connection.value.isDrainScheduled = false
            connection.value.drain()
        }
    }

    /// Ends our side, then reads past what still comes for a short time, so that the kernel does
    /// not reset the connection before the client has read our last frames.
    private func close() {
        guard let context, closesAt == nil else { return }
        closesAt = .now() + TimeAmount(core.limits.lingerTimeout)
        let channel = context.channel
        let lingers = isBroken && !core.isSecure
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in
            if lingers {
                channel.close(mode: .output, promise: nil)
            } else {
                channel.close(promise: nil)
            }
        }
    }

    /// Ends the connection for misbehaviour.
    private func calmDown() {
        guard let session, !isBroken else { return }
        isBroken = true
        nghttp2_session_terminate_session(session, UInt32(NGHTTP2_ENHANCE_YOUR_CALM.rawValue))
        scheduleDrain()
    }

    // MARK: Requests

    private func beginHeaders(_ frame: nghttp2_frame) {
        headerBlockStart = .now()
        guard frame.headers.cat == NGHTTP2_HCAT_REQUEST else { return }
        let id = frame.hd.stream_id
        streams[id] = HTTP2Stream(id: id)
        lastUse = .now()
    }

    private func receiveHeader(
        _ frame: nghttp2_frame, _ name: UnsafeBufferPointer<UInt8>,
        _ value: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        guard let stream = streams[frame.hd.stream_id] else { return 0 }
        // RFC 9113, section 6.5.2, counts 32 bytes for each field; so one of no bytes counts too.
        stream.headerBytes += name.count + value.count + 32
        if stream.headerBytes > Self.headerBombBytes {
            calmDown()
            return Int32(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        // Trailers say nothing that a handler asks for.
        guard frame.headers.cat == NGHTTP2_HCAT_REQUEST else { return 0 }
        stream.add(name, value, limits: core.limits)
        return 0
    }

    private func receiveFrame(_ frame: nghttp2_frame) {
        let header = frame.hd
        let endsStream = header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            headerBlockStart = nil
            guard let stream = streams[header.stream_id] else { return }
            if frame.headers.cat == NGHTTP2_HCAT_REQUEST {
                dispatch(stream, hasBody: !endsStream)
            } else if endsStream {
                endRequest(stream)
            }
        case NGHTTP2_DATA.rawValue:
            if endsStream {
                if let stream = streams[header.stream_id] { endRequest(stream) }
            } else if header.length == 0 {
                countIdleFrame()
            }
        case NGHTTP2_SETTINGS.rawValue:
            hasPreface = true
            countIdleFrame()
        case NGHTTP2_PING.rawValue, NGHTTP2_PRIORITY.rawValue: countIdleFrame()
        default: break
        }
    }

    private func countIdleFrame() {
        if !idleFrames.take(now: .now()) { calmDown() }
    }

    private func dispatch(_ stream: HTTP2Stream, hasBody: Bool) {
        guard let context else { return }
        stream.isRequestEnded = !hasBody
        stream.lastByte = .now()
        if let refusal = stream.refusal(limits: core.limits) {
            return respond(stream.id, refusal, stream: nil)
        }
        guard let target = RequestTarget(stream.path, method: stream.method) else {
            return respond(stream.id, RequestTarget.refusal, stream: nil)
        }
        let length = stream.declaredLength
        if hasBody, let refusal = core.refusal(ofBodyWithLength: length, at: target.path) {
            return respond(stream.id, refusal, stream: nil)
        }
        let reply = ReplyAddress(self, id: stream.id, on: context.eventLoop)
        let body = hasBody ? core.makeBody(length: length, at: target.path, for: reply) : nil
        stream.body = body
        stream.awaitsContinue =
            hasBody && stream.headers["expect"]?.lowercased() == "100-continue"
        var headers = stream.headers
        if let authority = stream.authority, !headers.contains("host") {
            headers.add(lowercasedName: "host", authority)
        }
        let request = HTTPRequest(
            method: stream.method, path: target.path, queryString: target.query, headers: headers,
            body: body.map { HTTPBody(source: $0, declaredLength: length) } ?? .empty,
            version: .http2, remoteAddress: context.remoteAddress?.ipAddress,
            isSecure: core.isSecure)
        stream.task = core.start(request, body: body, reply: reply)
    }

    private func receiveData(_ id: Int32, _ bytes: UnsafeRawBufferPointer) {
        // The connection's window is given back at once: one slow handler shall not hold up the
        // streams beside it. The stream's own window bounds what it makes us hold.
        nghttp2_session_consume_connection(session, bytes.count)
        guard let stream = streams[id] else { return }
        stream.lastByte = .now()
        stream.awaitsContinue = false
        if stream.body?.append(bytes) != .held {
            nghttp2_session_consume_stream(session, id, bytes.count)
        }
    }

    private func endRequest(_ stream: HTTP2Stream) {
        stream.isRequestEnded = true
        stream.body?.finish()
    }

    private func streamClosed(_ id: Int32, code: UInt32) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        end(stream)
        lastUse = .now()
        if code != NGHTTP2_NO_ERROR.rawValue, !resets.take(now: lastUse) { calmDown() }
    }

    private func end(_ stream: HTTP2Stream) {
        stream.body?.fail(.clientGone)
        stream.output?.close()
        if !stream.isResponseEnded { stream.task?.cancel() }
    }

    /// With the answer sent, the rest of the request has no use (RFC 9113, section 8.1).
    private func frameSent(_ header: nghttp2_frame_hd) {
        guard header.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0,
            header.type == NGHTTP2_DATA.rawValue || header.type == NGHTTP2_HEADERS.rawValue,
            let stream = streams[header.stream_id]
        else { return }
        stream.isResponseEnded = true
        if !stream.isRequestEnded { reset(stream.id, NGHTTP2_NO_ERROR) }
    }

    private func reset(_ id: Int32, _ code: nghttp2_error_code) {
        nghttp2_submit_rst_stream(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, UInt32(code.rawValue))
    }

    // MARK: Responses

    func respond(_ id: Int32, _ response: HTTPResponse, stream output: ResponsePipe?) {
        guard let session, let stream = streams[id], !stream.hasHead else {
            output?.close()
            return
        }
        stream.hasHead = true
        stream.lastProgress = .now()
        stream.endsWithServer = response.endsWithServer
        stream.trailers = response.trailers
        var hasBody = stream.method != .head && !response.status.forbidsBody
        var length: Int?
        switch response.body {
        case .empty: length = 0
        case .bytes(let bytes):
            length = bytes.count
            if hasBody { stream.pending = bytes }
        case .stream: break
        }
        if hasBody { stream.output = output } else { output?.close() }
        if stream.pending.isEmpty, stream.output == nil, stream.trailers.isEmpty { hasBody = false }
        let fields = responseFields(
            response, length: response.status.forbidsBody ? nil : length,
            keepsLength: stream.method == .head || response.status.code == 304)
        var provider = nghttp2_data_provider()
        provider.read_callback = { _, id, target, capacity, flags, _, user in
            HTTP2Connection.from(user).readBody(
                id, UnsafeMutableRawBufferPointer(start: target, count: capacity), flags!)
        }
        // Without anything to follow, the HEADERS frame itself must end the stream.
        let code = HTTP2Fields.withFields(fields) { fields in
            withUnsafePointer(to: &provider) {
                nghttp2_submit_response(
                    session, id, fields.baseAddress, fields.count, hasBody ? $0 : nil)
            }
        }
        if code != 0 { reset(id, NGHTTP2_INTERNAL_ERROR) }
        if isStopping { endIfServerEnds(stream) }
        if !isReceiving { scheduleDrain() }
    }

    private func responseFields(
        _ response: HTTPResponse, length: Int?, keepsLength: Bool
    ) -> [HTTPHeaders.Field] {
        var fields: [HTTPHeaders.Field] = []
        fields.reserveCapacity(response.headers.count + 3)
        fields.append((":status", String(response.status.code)))
        var statesLength = false
        for (name, value) in response.headers {
            switch name {
            case "connection", "transfer-encoding", "keep-alive", "upgrade": continue
            case "content-length":
                guard keepsLength else { continue }
                statesLength = true
            default: break
            }
            fields.append((name, value))
        }
        // A gRPC answer consists of its trailers; a length would only be noise there.
        if let length, !statesLength, response.trailers.isEmpty {
            fields.append(("content-length", String(length)))
        }
        fields.append(("date", loopConnections.date))
        return fields
    }

    /// nghttp2 asks for the next bytes of a response body.
    private func readBody(
        _ id: Int32, _ target: UnsafeMutableRawBufferPointer, _ flags: UnsafeMutablePointer<UInt32>
    ) -> Int {
        guard let stream = streams[id] else {
            return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
        }
        stream.lastProgress = .now()
        if stream.pendingStart == stream.pending.count, let output = stream.output {
            switch output.take() {
            case .nothing:
                stream.isDeferred = true
                return Int(NGHTTP2_ERR_DEFERRED.rawValue)
            case .bytes(let bytes):
                stream.pending = bytes
                stream.pendingStart = 0
            case .end: stream.output = nil
            case .failed: return Int(NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue)
            }
        }
        let count = min(target.count, stream.pending.count - stream.pendingStart)
        if count > 0 {
            stream.pending.withUnsafeBytes { bytes in
                target.copyMemory(
                    from: UnsafeRawBufferPointer(
                        rebasing: bytes[stream.pendingStart..<(stream.pendingStart + count)]))
            }
            stream.pendingStart += count
        }
        if stream.pendingStart == stream.pending.count, stream.output == nil {
            flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_EOF.rawValue)
            if !stream.trailers.isEmpty {
                flags.pointee |= UInt32(NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue)
                _ = HTTP2Fields.withFields(Array(stream.trailers)) { fields in
                    nghttp2_submit_trailer(session, id, fields.baseAddress, fields.count)
                }
            }
        }
        return count
    }

    func responseBytesReady(_ id: Int32) {
        guard let session, let stream = streams[id], stream.isDeferred else { return }
        stream.isDeferred = false
        stream.lastProgress = .now()
        nghttp2_session_resume_data(session, id)
        scheduleDrain()
    }

    func bodyDemanded(_ id: Int32) {
        guard let session, let stream = streams[id], stream.awaitsContinue, !stream.hasHead else {
            return
        }
        stream.awaitsContinue = false
        stream.lastByte = .now()
        _ = HTTP2Fields.withFields([(":status", "100")]) { fields in
            nghttp2_submit_headers(
                session, UInt8(NGHTTP2_FLAG_NONE.rawValue), id, nil, fields.baseAddress,
                fields.count, nil)
        }
        scheduleDrain()
    }

    func bodyConsumed(_ id: Int32, count: Int) {
        guard let session, let stream = streams[id], count > 0 else { return }
        stream.lastByte = .now()
        nghttp2_session_consume_stream(session, id, count)
        scheduleDrain()
    }

    // MARK: Ends

    func stop() {
        guard !isStopping, let session else { return }
        isStopping = true
        nghttp2_submit_goaway(
            session, UInt8(NGHTTP2_FLAG_NONE.rawValue),
            nghttp2_session_get_last_proc_stream_id(session), UInt32(NGHTTP2_NO_ERROR.rawValue),
            nil, 0)
        for stream in streams.values { endIfServerEnds(stream) }
        scheduleDrain()
    }

    private func endIfServerEnds(_ stream: HTTP2Stream) {
        guard stream.endsWithServer else { return }
        stream.output?.endOrderly()
        stream.task?.cancel()
    }

    func abort() {
        context?.close(promise: nil)
    }

    func checkDeadlines(now: NIODeadline) {
        let limits = core.limits
        func isOver(_ start: NIODeadline?, _ timeout: Duration) -> Bool {
            start.map { now > $0 + TimeAmount(timeout) } ?? false
        }
        if let closesAt {
            if now > closesAt { abort() }
            return
        }
        if isOver(blockedSince, limits.writeIdleTimeout)
            || isOver(headerBlockStart, limits.headerTimeout)
            || !hasPreface && isOver(start, limits.headerTimeout)
        {
            return abort()
        }
        if streams.isEmpty {
            if isOver(lastUse, limits.keepAliveTimeout) { stop() }
            return
        }
        for stream in streams.values {
            if !stream.isRequestEnded, !stream.awaitsContinue, stream.body?.heldBytes == 0,
                isOver(stream.lastByte, limits.bodyIdleTimeout)
            {
                stream.body?.fail(.timedOut)
            }
            if stream.hasHead, !stream.isDeferred, !stream.isResponseEnded,
                isOver(stream.lastProgress, limits.writeIdleTimeout)
            {
                reset(stream.id, NGHTTP2_CANCEL)
                scheduleDrain()
            }
        }
    }
}
