import BinaryText
import HTTPMessages
import NIOCore

/// The head of an HTTP/1 request, with its framing decided.
struct HTTP1Head: Equatable {
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    var method: HTTPMethod
    var target: String
    var version: HTTPVersion
    var headers: HTTPHeaders
    var framing = Framing.none
    var keepsAlive = true
    var expectsContinue = false
}

/// A request that cannot be understood, with the answer it gets before the connection closes.
struct HTTP1Error: Error, Equatable {
    var status: HTTPStatus
    var message: String

    static func malformed(_ message: String) -> HTTP1Error {
        HTTP1Error(status: .badRequest, message: message)
    }
}

/// Cuts the bytes of an HTTP/1 connection into requests (RFC 9112), strictly.
///
/// Lines end in CR LF and nothing less. Whatever two servers in a row might read differently is
/// refused: both a length and a transfer coding, repeated lengths, blanks before a colon, folded
/// headers, chunk sizes that are not plain hexadecimal.
struct HTTP1Decoder {
    enum Event: Equatable {
        case head(HTTP1Head)
        case body(ByteBuffer)
        case end
    }

    private enum State {
        case requestLine
        case headers(HTTP1Head)
        case length(Int)
        case chunkSize
        case chunk(Int)
        case chunkEnd
        case trailers
        case failed
    }

    private let limits: HTTPServerLimits
    private var state = State.requestLine
    private var buffer = ByteBuffer()
    /// How much of the buffer is known to hold no line end.
    private var scanned = 0
    private var headerBytes = 0

    init(limits: HTTPServerLimits) {
        self.limits = limits
    }

    /// Bytes received and not yet part of an event.
    var bufferedBytes: Int { buffer.readableBytes }

    /// Whether the next request has begun to arrive.
    var isInsideHead: Bool {
        switch state {
        case .requestLine: buffer.readableBytes > 0
        case .headers: true
        default: false
        }
    }

    mutating func append(_ bytes: ByteBuffer) {
        var bytes = bytes
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeBuffer(&bytes)
        }
    }

    mutating func discardAll() {
        buffer = ByteBuffer()
        scanned = 0
        state = .failed
    }

    /// The next event, or nil until more bytes are appended.
    mutating func next() throws(HTTP1Error) -> Event? {
        do throws(HTTP1Error) {
            return try step()
        } catch {
            discardAll()
            throw error
        }
    }

    private mutating func step() throws(HTTP1Error) -> Event? {
        while true {
            switch state {
            case .requestLine:
                let limit = limits.targetBytes + 64
                let tooLong = HTTP1Error(
                    status: .uriTooLong,
                    message: "The request target is longer than \(limits.targetBytes) bytes.")
                guard let line = try takeLine(limit: limit, beyond: tooLong) else { return nil }
                // A blank line before a request is left over from some clients' previous body
                // (RFC 9112, section 2.2).
                if line.readableBytes == 0 { continue }
                state = .headers(try requestLine(line))
                headerBytes = 0
            case .headers(var head):
                guard let line = try takeHeaderLine() else { return nil }
                guard line.readableBytes > 0 else {
                    try decideFraming(&head)
                    switch head.framing {
                    case .none: state = .length(0)
                    case .length(let length): state = .length(length)
                    case .chunked: state = .chunkSize
                    }
                    return .head(head)
                }
                // The one reference is kept in `state` only, so that appending copies nothing.
                state = .failed
                guard head.headers.count < limits.headerCount else {
                    throw HTTP1Error(
                        status: .headerFieldsTooLarge,
                        message: "The request has more than \(limits.headerCount) header fields.")
                }
                try addField(line, to: &head.headers)
                state = .headers(head)
            case .length(let rest):
                if rest == 0 {
                    state = .requestLine
                    return .end
                }
                guard let slice = takeBody(atMost: rest) else { return nil }
                state = .length(rest - slice.readableBytes)
                return .body(slice)
            case .chunkSize:
                let tooLong = HTTP1Error.malformed("A chunk size line is too long.")
                guard let line = try takeLine(limit: 256, beyond: tooLong) else { return nil }
                let size = try chunkSize(line)
                headerBytes = 0
                state = size == 0 ? .trailers : .chunk(size)
            case .chunk(let rest):
                guard let slice = takeBody(atMost: rest) else { return nil }
                let left = rest - slice.readableBytes
                state = left == 0 ? .chunkEnd : .chunk(left)
                return .body(slice)
            case .chunkEnd:
                let misplaced = HTTP1Error.malformed("A chunk is not followed by a line end.")
                guard let line = try takeLine(limit: 0, beyond: misplaced) else { return nil }
                guard line.readableBytes == 0 else { throw misplaced }
                state = .chunkSize
            case .trailers:
                // Trailers say nothing that a handler asks for, so they are read past.
                guard let line = try takeHeaderLine() else { return nil }
                if line.readableBytes == 0 {
                    state = .requestLine
                    return .end
                }
            case .failed: return nil
            }
        }
    }

    // MARK: Lines

    private mutating func takeBody(atMost count: Int) -> ByteBuffer? {
        let available = min(count, buffer.readableBytes)
        return available == 0 ? nil : buffer.readSlice(length: available)
    }

    /// The next line without its end; nil until it is whole.
    private mutating func takeLine(
        limit: Int, beyond error: @autoclosure () -> HTTP1Error
    ) throws(HTTP1Error) -> ByteBuffer? {
        let view = buffer.readableBytesView
        guard let end = view.dropFirst(scanned).firstIndex(of: UInt8(ascii: "\n")) else {
            scanned = view.count
            // One more for the carriage return that may be there already.
            if view.count > limit + 1 { throw error() }
            return nil
        }
        let length = end - view.startIndex
        scanned = 0
        guard length > 0, view[end - 1] == UInt8(ascii: "\r") else {
            throw .malformed("A line of the request does not end in CR LF.")
        }
        if length - 1 > limit { throw error() }
        let line = buffer.readSlice(length: length - 1)
        buffer.moveReaderIndex(forwardBy: 2)
        return line
    }

    private mutating func takeHeaderLine() throws(HTTP1Error) -> ByteBuffer? {
        let tooLarge = HTTP1Error(
            status: .headerFieldsTooLarge,
            message: "The request headers are larger than \(limits.headerBytes) bytes.")
        let line = try takeLine(limit: limits.headerBytes - headerBytes, beyond: tooLarge)
        if let line { headerBytes += line.readableBytes }
        return line
    }

    private func chunkSize(_ line: ByteBuffer) throws(HTTP1Error) -> Int {
        var size = 0
        var digits = 0
        for byte in line.readableBytesView {
            guard let digit = Hexadecimal.value(ofDigit: byte) else {
                // Extensions follow a semicolon; nobody defines any.
                guard digits > 0, byte == UInt8(ascii: ";") else {
                    throw .malformed("A chunk size is not a hexadecimal number.")
                }
                break
            }
            digits += 1
            guard digits <= 15 else { throw .malformed("A chunk size is too large.") }
            size = size << 4 | Int(digit)
        }
        guard digits > 0, !line.readableBytesView.contains(UInt8(ascii: "\r")) else {
            throw .malformed("A chunk size is not a hexadecimal number.")
        }
        return size
    }

    // MARK: The head

    private func requestLine(_ line: ByteBuffer) throws(HTTP1Error) -> HTTP1Head {
        let parts = line.readableBytesView.split(
            separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, !parts[0].isEmpty, parts[0].allSatisfy(isTokenByte) else {
            throw .malformed("The request line is not \"method target version\".")
        }
        guard parts[0].count <= 32 else { throw .malformed("The request method is too long.") }
        guard !parts[1].isEmpty, parts[1].allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw .malformed("The request target holds blanks or control characters.")
        }
        let target = String(decoding: parts[1], as: UTF8.self)
        guard target.utf8.count <= limits.targetBytes else {
            throw HTTP1Error(
                status: .uriTooLong,
                message: "The request target is longer than \(limits.targetBytes) bytes.")
        }
        let version: HTTPVersion
        switch String(decoding: parts[2], as: UTF8.self) {
        case "HTTP/1.1": version = .http11
        case "HTTP/1.0": version = .http10
        case let text where text.hasPrefix("HTTP/"):
            throw HTTP1Error(
                status: .versionNotSupported,
                message: "This server speaks HTTP/1.0, HTTP/1.1 and HTTP/2.")
        default: throw .malformed("The request line is not \"method target version\".")
        }
        return HTTP1Head(
            method: HTTPMethod(rawValue: String(decoding: parts[0], as: UTF8.self)),
            target: target, version: version, headers: [:])
    }

    private func addField(
        _ line: ByteBuffer, to headers: inout HTTPHeaders
    ) throws(HTTP1Error) {
        let view = line.readableBytesView
        guard let colon = view.firstIndex(of: UInt8(ascii: ":")), colon > view.startIndex,
            view[..<colon].allSatisfy(isTokenByte)
        else { throw .malformed("A header line is not \"name: value\".") }
        var value = view[(colon + 1)...]
        while let first = value.first, first == 0x20 || first == 0x09 { value.removeFirst() }
        while let last = value.last, last == 0x20 || last == 0x09 { value.removeLast() }
        guard value.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else {
            throw .malformed("A header value holds control characters.")
        }
        let name = String(unsafeUninitializedCapacity: colon - view.startIndex) { target in
            for (index, byte) in view[..<colon].enumerated() {
                target[index] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
            }
            return colon - view.startIndex
        }
        headers.add(lowercasedName: name, String(decoding: value, as: UTF8.self))
    }

    /// Decides how long the body is (RFC 9112, section 6.3) and whether the connection goes on.
    private func decideFraming(_ head: inout HTTP1Head) throws(HTTP1Error) {
        let hosts = head.headers.values(of: "host")
        guard hosts.count <= 1, head.version == .http10 || hosts.count == 1 else {
            throw .malformed("The request does not name its host exactly once.")
        }
        let lengths = head.headers.values(of: "content-length")
        let codings = head.headers.values(of: "transfer-encoding")
        if !codings.isEmpty {
            guard lengths.isEmpty, head.version != .http10 else {
                throw .malformed("The request has a transfer coding where none is allowed.")
            }
            guard codings.count == 1, codings[0].lowercased() == "chunked" else {
                throw HTTP1Error(
                    status: .notImplemented,
                    message: "The only transfer coding understood here is chunked.")
            }
            head.framing = .chunked
        } else if !lengths.isEmpty {
            guard lengths.count == 1, (1...18).contains(lengths[0].utf8.count),
                lengths[0].utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let length = Int(lengths[0])
            else { throw .malformed("The content length is not one decimal number.") }
            head.framing = length == 0 ? .none : .length(length)
        }
        let options = head.headers.list("connection").map { $0.lowercased() }
        head.keepsAlive =
            head.version == .http11
            ? !options.contains("close") : options.contains("keep-alive")
        if let expectation = head.headers["expect"], head.version == .http11 {
            guard expectation.lowercased() == "100-continue" else {
                throw HTTP1Error(
                    status: .expectationFailed,
                    message: "The only expectation understood here is 100-continue.")
            }
            head.expectsContinue = head.framing != .none
        }
    }
}
