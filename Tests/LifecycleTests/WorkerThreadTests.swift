import Lifecycle
import Locking
import Testing

@Suite struct WorkerThreadTests {
    @Test func `jobs run one after another in the order submitted`() async throws {
        let thread = WorkerThread(name: "test")
        let seen = SeenNumbers()
        for number in 0..<100 {
            try await thread.run { seen.append(number) }
        }
        #expect(seen.all == Array(0..<100))
    }

    @Test func `many callers each get their own answer`() async throws {
        let thread = WorkerThread(name: "test")
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<1000 { group.addTask { try await thread.run { number } } }
            return try await group.reduce(0, +)
        }
        #expect(sum == 499_500)
    }

    @Test func `an error of a job reaches its caller alone`() async throws {
        struct Failure: Error {}
        let thread = WorkerThread(name: "test")
        await #expect(throws: Failure.self) { try await thread.run { throw Failure() } }
        #expect(try await thread.run { 1 } == 1)
    }

    @Test func `a stopped thread refuses jobs`() async {
        let thread = WorkerThread(name: "test")
        thread.stop()
        await #expect(throws: WorkerThreadStopped.self) { try await thread.run { 1 } }
    }

    private final class SeenNumbers: Sendable {
        private let numbers = Mutex<[Int]>([])
        var all: [Int] { numbers.withLock { $0 } }
        func append(_ number: Int) { numbers.withLock { $0.append(number) } }
    }
}
