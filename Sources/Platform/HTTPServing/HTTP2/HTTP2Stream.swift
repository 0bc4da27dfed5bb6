import HTTPMessages
import NIOCore

/// A request and its response on an HTTP/2 connection.
final class HTTP2Stream {
    let id: Int32

    // The request.
    var method = HTTPMethod.get
    var path = ""
    var authority: String?
    var headers: HTTPHeaders = [:]
    /// With the overhead that HPACK's tables count.
    var headerBytes = 0
    private var textBytes = 0
    private var isHeaderTooLarge = false
    private var isTargetTooLong = false
    var body: RequestBodyPipe?
    var awaitsContinue = false
    var isRequestEnded = false
    var lastByte = NIODeadline.now()

    // The response.
    var task: Task<Void, Never>?
    var hasHead = false
    var pending: [UInt8] = []
    var pendingStart = 0
    var output: ResponsePipe?
    var isDeferred = false
    var trailers: HTTPHeaders = [:]
    var endsWithServer = false
    var isResponseEnded = false
    var lastProgress = NIODeadline.now()

    init(id: Int32) {
        self.id = id
    }

    /// Takes a header field that nghttp2 has found valid, or notes that there are too many.
    func add(
        _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>,
        limits: HTTPServerLimits
    ) {
        guard name.first == UInt8(ascii: ":") else {
            textBytes += name.count + value.count
            if textBytes > limits.headerBytes || headers.count >= limits.headerCount {
                isHeaderTooLarge = true
            } else {
                headers.add(
                    lowercasedName: String(decoding: name, as: UTF8.self),
                    String(decoding: value, as: UTF8.self))
            }
            return
        }
        switch String(decoding: name, as: UTF8.self) {
        case ":method": method = HTTPMethod(rawValue: String(decoding: value, as: UTF8.self))
        case ":path":
            if value.count > limits.targetBytes {
                isTargetTooLong = true
            } else {
                path = String(decoding: value, as: UTF8.self)
            }
        case ":authority": authority = String(decoding: value, as: UTF8.self)
        default: break
        }
    }

    /// What nghttp2 has compared with the bytes that came, or will.
    var declaredLength: Int? { headers["content-length"].flatMap { Int($0) } }

    /// The answer to a head that cannot be served.
    func refusal(limits: HTTPServerLimits) -> HTTPResponse? {
        if isTargetTooLong {
            return .text(
                .uriTooLong, "The request target is longer than \(limits.targetBytes) bytes.")
        }
        if isHeaderTooLarge {
            return .text(
                .headerFieldsTooLarge,
                "The request headers are larger than \(limits.headerBytes) bytes or more than "
                    + "\(limits.headerCount) fields.")
        }
        if method == .connect {
            return .text(.notImplemented, "This server is not a proxy.")
        }
        return nil
    }
}
