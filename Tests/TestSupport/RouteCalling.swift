import APISupport
import HTTPMessages
import JSON

/// The routes of a feature, called without a network.
package protocol RouteCalling {
    var router: Router { get }
}

package struct RouteAnswer {
    package var status: Int
    package var text: String

    /// The body as JSON, null when it is none.
    package var json: JSONValue {
        (try? JSON.parse(text)) ?? .null  // The expectation on the value tells enough.
    }

    package var data: [JSONValue] { json["data"]?.arrayValue ?? [] }
    package var nextCursor: String? { json["next_cursor"]?.stringValue }
}

extension RouteCalling {
    package func call(
        _ method: HTTPMethod, _ path: String, query: String? = nil, body: JSONValue? = nil,
        accept: String? = nil
    ) async throws -> RouteAnswer {
        try await call(method, path, query: query, bytes: body?.serialized(), accept: accept)
    }

    package func call(
        _ method: HTTPMethod, _ path: String, query: String? = nil, bytes: [UInt8]?,
        accept: String? = nil
    ) async throws -> RouteAnswer {
        var request = HTTPRequest(method: method, path: path, queryString: query)
        if let bytes {
            request.body = .bytes(bytes)
            request.headers.set("content-type", "application/json")
        }
        if let accept { request.headers.set("accept", accept) }
        let response = try await ContractHeaders().respond(to: request, next: router.respond)
        let text = String(decoding: try await Self.bytes(of: response), as: UTF8.self)
        return RouteAnswer(status: response.status.code, text: text)
    }

    package func get(_ path: String, _ query: String? = nil) async throws -> RouteAnswer {
        try await call(.get, path, query: query)
    }

    /// The answer with its body as it is.
    package func bytes(
        _ path: String, query: String? = nil, headers: HTTPHeaders = [:]
    ) async throws -> (response: HTTPResponse, bytes: [UInt8]) {
        let response = try await router.respond(
            to: HTTPRequest(method: .get, path: path, queryString: query, headers: headers))
        return (response, try await Self.bytes(of: response))
    }

    private static func bytes(of response: HTTPResponse) async throws -> [UInt8] {
        switch response.body {
        case .empty: return []
        case .bytes(let bytes): return bytes
        case .stream(let produce):
            let collector = BodyCollector()
            try await produce(collector)
            return await collector.bytes
        }
    }
}

/// Takes a streamed body as a whole.
private actor BodyCollector: HTTPBodyWriter {
    private(set) var bytes: [UInt8] = []

    func write(_ part: [UInt8]) async throws(HTTPBodyError) { bytes += part }
}
