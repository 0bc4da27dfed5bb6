/// What a server bears, from one client and from all of them. Every queue and wait has its bound
/// here; what happens at the bound is said beside it.
package struct HTTPServerLimits: Sendable {
    // MARK: Of one request

    /// Bytes of the request target; beyond: 414.
    package var targetBytes = 64 << 10
    /// Bytes of all header names and values together, and of trailers; beyond: 431.
    package var headerBytes = 64 << 10
    /// Header fields; beyond: 431.
    package var headerCount = 128
    /// Bytes of a body as sent, before decompression; beyond: 413.
    package var bodyBytes = 64 << 20
    /// The same for paths whose handlers take a body in parts as it arrives. What they have taken
    /// counts no longer among ``openBodyBytes``; they bound it themselves.
    package var streamedBodyBytes: [String: Int] = [:]
    /// Bytes of a body held for a handler that does not ask for them; beyond, the client waits.
    package var unreadBodyBytes = 64 << 10

    /// The longest body that a path takes.
    func bodyBytes(at path: String) -> Int { streamedBodyBytes[path] ?? bodyBytes }

    // MARK: Of the server

    /// Bytes of all request bodies that are arriving or being handled; beyond: 503 with
    /// `retry-after`, for a new request at once and for one whose bytes no longer fit. A larger body
    /// than this passes when it is alone.
    package var openBodyBytes = 32 << 20
    /// Open connections; beyond, a new one is closed unanswered.
    package var connections = 12_000

    // MARK: Of one HTTP/2 connection

    /// Open streams; beyond, a new one is refused (REFUSED_STREAM).
    package var concurrentStreams = 128
    /// Streams that may end in a reset in quick succession; beyond, the connection ends with
    /// ENHANCE_YOUR_CALM. Against "rapid reset" (CVE-2023-44487) and its kin.
    package var resetBurst = 200
    /// How many of those are forgiven in a second.
    package var resetsForgivenPerSecond = 20.0
    /// PING, SETTINGS, PRIORITY and empty DATA frames in quick succession; beyond, as above.
    package var idleFrameBurst = 10_000
    package var idleFramesForgivenPerSecond = 2_000.0

    // MARK: Times

    /// From the first byte of a head to its last, and for the TLS handshake and the HTTP/2 preface;
    /// beyond: 408 where that can be said, and the connection closes.
    package var headerTimeout = Duration.seconds(10)
    /// Without a byte of a body that a handler waits for; beyond: 408, and the connection closes.
    package var bodyIdleTimeout = Duration.seconds(30)
    /// Without a request; beyond, the connection closes (HTTP/2: after GOAWAY).
    package var keepAliveTimeout = Duration.seconds(75)
    /// Without progress in sending an answer; beyond, the connection breaks (HTTP/2: the stream is
    /// reset).
    package var writeIdleTimeout = Duration.seconds(60)
    /// For the client to read the last answer of a connection that closes with bytes unread.
    package var lingerTimeout = Duration.seconds(2)

    package init() {}
}
