/// Why a request body did not arrive whole.
package enum HTTPBodyError: Error, Hashable {
    /// The body is longer than `limit` bytes.
    case tooLarge(limit: Int)
    /// The client closed the connection or reset the stream. Nobody reads an answer.
    case clientGone
    /// No byte arrived for the server's body-idle time.
    case timedOut
    /// All request bodies of the server together reached their memory bound.
    case overloaded
    /// The framing is broken; the text says how.
    case malformed(String)
}

/// Where a body that is still arriving comes from. The server implements it; one consumer only.
package protocol HTTPBodySource: Sendable {
    /// The bytes that arrived since the last call, waiting for some when there are none; nil at
    /// the end.
    func next() async throws(HTTPBodyError) -> [UInt8]?
    /// All remaining bytes, waiting once for the end instead of once for each chunk.
    func collect(upTo limit: Int) async throws(HTTPBodyError) -> [UInt8]
}

/// The bytes of a request, perhaps still arriving.
///
/// Iterate it to take chunks as they come, with backpressure: a client is held up while nobody
/// asks for more. Or ``collect(upTo:)`` it. A body from a server can be consumed once.
package struct HTTPBody: Sendable, AsyncSequence {
    package typealias Element = [UInt8]

    private enum Storage: Sendable {
        case bytes([UInt8])
        case source(any HTTPBodySource)
    }

    private let storage: Storage
    /// The length the client announced, if it did.
    package let declaredLength: Int?

    package static let empty = HTTPBody.bytes([])

    /// A body that is there already.
    package static func bytes(_ bytes: [UInt8]) -> HTTPBody {
        HTTPBody(storage: .bytes(bytes), declaredLength: bytes.count)
    }

    package init(source: any HTTPBodySource, declaredLength: Int?) {
        self.init(storage: .source(source), declaredLength: declaredLength)
    }

    private init(storage: Storage, declaredLength: Int?) {
        self.storage = storage
        self.declaredLength = declaredLength
    }

    /// The whole body.
    ///
    /// - Throws: ``HTTPBodyError/tooLarge(limit:)`` as soon as the announced length or the bytes so
    ///   far exceed `limit`, which may not be above the server's own limit to have an effect.
    package func collect(upTo limit: Int) async throws(HTTPBodyError) -> [UInt8] {
        if let declaredLength, declaredLength > limit { throw .tooLarge(limit: limit) }
        switch storage {
        case .bytes(let bytes): return bytes
        case .source(let source): return try await source.collect(upTo: limit)
        }
    }

    package func makeAsyncIterator() -> Iterator {
        switch storage {
        case .bytes(let bytes): Iterator(rest: bytes.isEmpty ? nil : bytes, source: nil)
        case .source(let source): Iterator(rest: nil, source: source)
        }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var rest: [UInt8]?
        fileprivate let source: (any HTTPBodySource)?

        package mutating func next() async throws -> [UInt8]? {
            if let source { return try await source.next() }
            defer { rest = nil }
            return rest
        }
    }
}
