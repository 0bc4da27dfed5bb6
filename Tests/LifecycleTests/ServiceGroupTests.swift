import Lifecycle
import Locking
import Logging
import Testing

@Suite struct ServiceGroupTests {
    private struct Failure: Error {}

    /// Runs until stopped and writes down what happens to it.
    private final class Probe: Service {
        let name: String
        private let diary: Diary
        private let (stops, stopping) = AsyncStream<Void>.makeStream()
        private let failure: Failure?

        init(_ name: String, _ diary: Diary, failingWith failure: Failure? = nil) {
            self.name = name
            self.diary = diary
            self.failure = failure
        }

        func run() async throws {
            if let failure { throw failure }
            for await _ in stops {}
            diary.write("\(name) ended")
        }

        func stop() async {
            diary.write("\(name) stops")
            stopping.finish()
        }
    }

    private final class Diary: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func write(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `services stop in reverse, each after those that use it have ended`() async throws {
        let diary = Diary()
        let group = ServiceGroup([Probe("store", diary), Probe("door", diary)], logger: logger)
        try await group.run {}
        #expect(diary.all == ["door stops", "door ended", "store stops", "store ended"])
    }

    @Test func `a service that fails ends the group with its error`() async {
        let diary = Diary()
        let group = ServiceGroup(
            [Probe("store", diary), Probe("door", diary, failingWith: Failure())], logger: logger)
        await #expect(throws: Failure.self) {
            try await group.run {
                let (never, _) = AsyncStream<Void>.makeStream()
                for await _ in never {}
            }
        }
        #expect(diary.all.contains("store ended"))
    }
}
