/// The protocol a request arrived with.
package enum HTTPVersion: Sendable, Hashable {
    case http1_0
    case http1_1
    case http2
}
