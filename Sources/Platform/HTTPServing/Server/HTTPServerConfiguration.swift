import HTTPMessages

/// Where a server listens, and how.
package struct HTTPServerConfiguration: Sendable {
    /// Names the service in logs.
    package var name = "http"
    package var host: String
    /// 0 takes any free one; ``HTTPServer/bind()`` tells which.
    package var port: Int
    /// Nil serves cleartext.
    package var tls: TLSFiles?
    package var limits = HTTPServerLimits()
    /// Threads that move bytes. Handlers run on the cooperative pool, never on these.
    package var eventLoopThreads = 1
    /// How long a stop waits for requests that are under way.
    package var drainTimeout = Duration.seconds(10)
    /// Counts the bytes of open bodies; share one between servers to bound their sum. Nil makes one
    /// of ``HTTPServerLimits/openBodyBytes``.
    package var bodyBudget: MemoryBudget?

    /// Makes the answer to a body that is refused before a handler sees the request: too large, or
    /// the server is full.
    package var refusal: @Sendable (HTTPBodyError) -> HTTPResponse = { $0.response }

    package init(host: String, port: Int, tls: TLSFiles? = nil) {
        self.host = host
        self.port = port
        self.tls = tls
    }
}
