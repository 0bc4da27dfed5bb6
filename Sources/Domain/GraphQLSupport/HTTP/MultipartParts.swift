import GraphQLCore
import HTTPMessages

/// Subscriptions over HTTP: a multipart body with one part a response, as the contract frames it.
///
/// The delimiter stands behind each part and not before the first one, so that a client knows at
/// once that a part is complete.
enum MultipartParts {
    static let contentType =
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json"

    /// What tells the client that the stream lives.
    static let heartbeat = part(Array("{}".utf8))
    static let end = Array("\r\n--graphql--\r\n".utf8)

    static func part(_ json: [UInt8]) -> [UInt8] {
        var bytes = Array(
            ("\r\nContent-Type: application/json; charset=utf-8\r\n"
                + "Content-Length: \(json.count)\r\n\r\n").utf8)
        bytes += json
        bytes += Array("\r\n--graphql".utf8)
        return bytes
    }

    /// The part of one response.
    static func part(_ response: GraphQLResponse) -> [UInt8] {
        part(Array("{\"payload\":".utf8) + response.body + Array("}".utf8))
    }

    /// How a client accepts this form.
    enum Acceptance {
        /// In the first place: whatever the operation is, the answer has this form.
        case preferred
        case accepted
        case refused
    }

    static func acceptance(of request: HTTPRequest) -> Acceptance {
        let forms = request.headers.list("accept").map { MediaType($0) }
        let places = forms.indices.filter { place in
            forms[place]?.essence == "multipart/mixed"
                && forms[place]?.parameters["subscriptionspec"]?.hasPrefix("1.") == true
        }
        guard let first = places.first else { return .refused }
        return first == 0 ? .preferred : .accepted
    }
}
