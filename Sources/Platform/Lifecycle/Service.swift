/// Something that runs for as long as the server does.
///
/// The composition root starts services in order and stops them in reverse. ``run()`` returns when
/// the service has stopped, either because ``stop()`` was called or because it failed.
package protocol Service: Sendable {
    /// A short name for logs, such as `http` or `span writer`.
    var name: String { get }

    /// Runs until ``stop()`` is called. An error ends the whole server.
    func run() async throws

    /// Asks the service to finish what it has accepted and return from ``run()``. Idempotent.
    func stop() async
}
