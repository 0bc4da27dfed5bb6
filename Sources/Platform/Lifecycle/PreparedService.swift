/// A service that waits for something to be done before it runs, while others run already.
package struct PreparedService: Service {
    private let service: any Service
    private let prepare: @Sendable () async throws -> Void

    package var name: String { service.name }

    /// - Parameter prepare: Must not leave the service unable to run; what it throws ends the server.
    package init(_ service: any Service, after prepare: @escaping @Sendable () async throws -> Void)
    {
        self.service = service
        self.prepare = prepare
    }

    package func run() async throws {
        try await prepare()
        try await service.run()
    }

    package func stop() async { await service.stop() }
}
