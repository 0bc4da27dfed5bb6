import Compression
import HTTPMessages

/// Compresses text-like answers with gzip for clients that accept it.
///
/// Bodies of up to 500 bytes are left alone, as are streams of incremental delivery (a request that
/// accepts `multipart/mixed`), whose parts are to arrive one by one. Server-sent events compress,
/// flushed with every write.
package struct CompressionMiddleware: HTTPMiddleware {
    private static let smallestBytes = 501

    private let level: Int32

    package init(level: Int32 = 5) {
        self.level = level
    }

    package func respond(
        to request: HTTPRequest, next: HTTPHandler
    ) async throws -> HTTPResponse {
        var response = try await next(request)
        response.headers.addVary("Accept-Encoding")
        guard Self.acceptsGzip(request), Self.isCompressible(response) else { return response }
        switch response.body {
        case .empty: return response
        case .bytes(let bytes):
            guard bytes.count >= Self.smallestBytes else { return response }
            response.body = .bytes(GzipCompressor.compress(bytes, level: level))
        case .stream(let produce):
            response.body = .stream { [level] writer in
                let gzip = GzipWriter(writer, level: level)
                do {
                    try await produce(gzip)
                } catch {
                    // A stream that the server's stop cuts off shall still decompress to its end;
                    // where the client is gone, the first error says more than this one.
                    try? await gzip.finish()
                    throw error
                }
                try await gzip.finish()
            }
        }
        response.headers.remove("content-length")
        response.headers.set("content-encoding", "gzip")
        // The compressed bytes are another representation, so a strong tag would lie.
        if let tag = response.headers["etag"], !tag.hasPrefix("W/") {
            response.headers.set("etag", "W/" + tag)
        }
        return response
    }

    private static func acceptsGzip(_ request: HTTPRequest) -> Bool {
        let accept = request.headers.values(of: "accept")
        guard !accept.contains(where: { $0.lowercased().contains("multipart/mixed") }) else {
            return false
        }
        return request.headers.list("accept-encoding").contains { element in
            let parts = element.lowercased().split(separator: ";").map { trimmed($0) }
            guard parts.first == "gzip" || parts.first == "*" else { return false }
            return !parts.dropFirst().contains { part in
                part.hasPrefix("q=") && Double(part.dropFirst(2)) == 0
            }
        }
    }

    private static func isCompressible(_ response: HTTPResponse) -> Bool {
        guard !response.headers.contains("content-encoding"), !response.status.forbidsBody,
            response.status != .partialContent,
            let type = response.headers["content-type"].flatMap({ MediaType($0) })
        else { return false }
        return type.type == "text" || type.isJSON
            || [
                "javascript", "xml", "x-ndjson", "x-jsonlines", "jsonl", "graphql-response+json",
                "wasm", "svg+xml",
            ].contains(type.subtype)
    }

    /// Compresses what passes through, each write so that it can be read at once.
    // SAFETY: a response body has one writer, the task of its request, which makes one call after
    // the other.
    private final class GzipWriter: HTTPBodyWriter, @unchecked Sendable {
        private let writer: any HTTPBodyWriter
        private let compressor: GzipCompressor

        init(_ writer: any HTTPBodyWriter, level: Int32) {
            self.writer = writer
            compressor = GzipCompressor(level: level)
        }

        func write(_ bytes: [UInt8]) async throws(HTTPBodyError) {
            try await writer.write(compressor.compress(bytes))
        }

        func finish() async throws(HTTPBodyError) {
            try await writer.write(compressor.finish())
        }
    }
}
