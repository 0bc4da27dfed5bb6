import CNGHTTP2

/// A frame of HTTP/2 as it is on the wire.
package struct HTTP2Frame: Sendable {
    package enum Kind: UInt8, Sendable {
        case data = 0
        case headers = 1
        case priority = 2
        case reset = 3
        case settings = 4
        case push = 5
        case ping = 6
        case goAway = 7
        case windowUpdate = 8
        case continuation = 9
        case other = 255
    }

    package var kind: Kind
    package var flags: UInt8
    package var stream: Int
    package var payload: [UInt8]

    package init(_ kind: Kind, flags: UInt8 = 0, stream: Int = 0, payload: [UInt8] = []) {
        self.kind = kind
        self.flags = flags
        self.stream = stream
        self.payload = payload
    }

    package var endsStream: Bool {
        (kind == .data || kind == .headers) && flags & 1 != 0
    }

    /// The error code of RST_STREAM or GOAWAY.
    package var errorCode: Int? {
        switch kind {
        case .reset: Self.integer(payload[0..<4])
        case .goAway: Self.integer(payload[4..<8])
        default: nil
        }
    }

    package var encoded: [UInt8] {
        var bytes = Self.bytes(payload.count, 3)
        bytes += [kind.rawValue, flags]
        bytes += Self.bytes(stream, 4)
        bytes += payload
        return bytes
    }

    package static func bytes(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}

/// An HTTP/2 client that sends single frames, right or wrong ones, and reads what comes back.
package final class HTTP2TestClient {
    package struct Response: Sendable {
        package var status = 0
        package var headers: [(name: String, value: String)] = []
        package var trailers: [(name: String, value: String)] = []
        package var body: [UInt8] = []
        package var resetCode: Int?

        package var text: String { String(decoding: body, as: UTF8.self) }
        package subscript(name: String) -> String? {
            (headers + trailers).first { $0.name == name }?.value
        }
    }

    package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    package let raw: RawClient
    private var inflater: OpaquePointer?
    private var lastStream = -1

    private init(_ raw: RawClient) {
        self.raw = raw
        nghttp2_hd_inflate_new(&inflater)
    }

    deinit {
        nghttp2_hd_inflate_del(inflater)
    }

    /// Connects and exchanges settings. The server's limits bind a client that acknowledged them,
    /// and so do its wider windows.
    package static func connect(
        port: Int, acknowledges: Bool = true
    ) async throws -> HTTP2TestClient {
        let client = HTTP2TestClient(try await RawClient.connect(port: port))
        try await client.raw.send(preface + HTTP2Frame(.settings).encoded)
        if acknowledges {
            while try await client.frame(including: [.settings]).flags & 1 != 0 {}
            try await client.send(HTTP2Frame(.settings, flags: 1))
        }
        return client
    }

    package func send(_ frames: HTTP2Frame...) async throws {
        try await raw.send(frames.flatMap(\.encoded))
    }

    /// The next frame that is not of the connection's own business.
    package func frame(
        within timeout: Duration = patience, including kinds: Set<HTTP2Frame.Kind> = []
    ) async throws -> HTTP2Frame {
        while true {
            let bytes = try await raw.receive(within: timeout) { bytes, _ in
                guard bytes.count >= 9 else { return nil }
                let count = 9 + HTTP2Frame.integer(bytes[0..<3])
                return bytes.count >= count ? count : nil
            }
            let frame = HTTP2Frame(
                HTTP2Frame.Kind(rawValue: bytes[3]) ?? .other, flags: bytes[4],
                stream: HTTP2Frame.integer(bytes[5..<9]), payload: Array(bytes[9...]))
            switch frame.kind {
            case .settings where !kinds.contains(.settings):
                // The server may be gone already, and what it said last is what counts.
                if frame.flags & 1 == 0 { try? await send(HTTP2Frame(.settings, flags: 1)) }
            case .windowUpdate where !kinds.contains(.windowUpdate): continue
            case .ping where !kinds.contains(.ping): continue
            default: return frame
            }
        }
    }

    /// The error code of the GOAWAY that ends the connection.
    package func goAway(within timeout: Duration = patience) async throws -> Int {
        while true {
            let frame = try await frame(within: timeout)
            if frame.kind == .goAway { return frame.errorCode! }
        }
    }

    /// Literal fields without indexing and without Huffman codes (RFC 7541, section 6.2.2).
    package static func block(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes.append(0)
            bytes += length(name.utf8.count)
            bytes += name.utf8
            bytes += length(value.utf8.count)
            bytes += value.utf8
        }
        return bytes
    }

    private static func length(_ count: Int) -> [UInt8] {
        guard count >= 127 else { return [UInt8(count)] }
        var bytes: [UInt8] = [127]
        var rest = count - 127
        while rest >= 128 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    package static func request(
        _ method: String = "GET", _ path: String = "/", _ headers: [(String, String)] = []
    ) -> [(String, String)] {
        [(":method", method), (":scheme", "http"), (":path", path), (":authority", "test")]
            + headers
    }

    /// Opens a stream with a HEADERS frame.
    @discardableResult
    package func open(
        _ method: String = "GET", _ path: String = "/", _ headers: [(String, String)] = [],
        ends: Bool = true
    ) async throws -> Int {
        lastStream += 2
        try await send(
            HTTP2Frame(
                .headers, flags: ends ? 5 : 4, stream: lastStream,
                payload: Self.block(Self.request(method, path, headers))))
        return lastStream
    }

    package func sendBody(_ bytes: [UInt8], on stream: Int, ends: Bool = true) async throws {
        var index = 0
        repeat {
            let end = min(bytes.count, index + 16_384)
            try await send(
                HTTP2Frame(
                    .data, flags: ends && end == bytes.count ? 1 : 0, stream: stream,
                    payload: Array(bytes[index..<end])))
            index = end
        } while index < bytes.count
    }

    /// The whole response on a stream, up to its end or its reset.
    package func response(
        on stream: Int, within timeout: Duration = patience
    ) async throws -> Response {
        var response = Response()
        while true {
            let frame = try await frame(within: timeout)
            if frame.kind == .headers {
                // Other streams' fields pass through the same table.
                let fields = decode(frame.payload)
                guard frame.stream == stream else { continue }
                if response.status < 200 {
                    response.status =
                        fields.first { $0.name == ":status" }.flatMap {
                            Int($0.value)
                        } ?? 0
                    response.headers = fields
                } else {
                    response.trailers = fields
                }
            }
            guard frame.stream == stream else { continue }
            if frame.kind == .data { response.body += frame.payload }
            if frame.kind == .reset {
                response.resetCode = frame.errorCode
                return response
            }
            if frame.endsStream { return response }
        }
    }

    package func get(_ path: String) async throws -> Response {
        try await response(on: try await open("GET", path))
    }

    private func decode(_ block: [UInt8]) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        var block = block
        block.withUnsafeMutableBufferPointer { bytes in
            var index = 0
            while index < bytes.count {
                var field = nghttp2_nv()
                var flags: Int32 = 0
                let used = nghttp2_hd_inflate_hd2(
                    inflater, &field, &flags, bytes.baseAddress! + index, bytes.count - index, 1)
                guard used >= 0 else { return }
                index += used
                if flags & Int32(NGHTTP2_HD_INFLATE_EMIT.rawValue) != 0 {
                    fields.append(
                        (
                            String(
                                decoding: UnsafeBufferPointer(
                                    start: field.name, count: field.namelen), as: UTF8.self),
                            String(
                                decoding: UnsafeBufferPointer(
                                    start: field.value, count: field.valuelen), as: UTF8.self)
                        ))
                }
                if flags & Int32(NGHTTP2_HD_INFLATE_FINAL.rawValue) != 0 { break }
            }
            nghttp2_hd_inflate_end_headers(inflater)
        }
        return fields
    }
}
