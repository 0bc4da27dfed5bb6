import Locking
import Logging
import PhoenixModel
import Retention
import TestSupport
import Testing
import Tracing

@Suite struct RetentionSweeperTests {
    private static let hour: Int64 = 3_600_000_000
    private static let day = 24 * hour
    /// Sunday, 4 January 1970, 0:00.
    private static let sunday = 3 * day

    private static func sweeper(
        _ store: TracingStore, now: Int64 = sunday
    ) -> RetentionSweeper {
        RetentionSweeper(
            store, logger: Logger(label: "test"), now: { Timestamp(microseconds: now) },
            sleep: { _ in throw CancellationError() })
    }

    /// Trace `n` begins `n` hours after the beginning of 1970, in session `s<n>`.
    private static func insert(_ traces: ClosedRange<Int>, _ store: TracingStore) async throws {
        let spans = traces.map { number in
            IncomingSpan.stub(
                trace: number, span: number, session: "s\(number)",
                startTime: Int64(number) * hour, endTime: Int64(number) * hour + 1_000_000)
        }
        _ = try await store.insert([store.batch(spans)], now: 0)
    }

    private static func traces(_ store: TracingStore) async throws -> Int64 {
        try await store.database.read { try $0.first("SELECT COUNT(*) FROM traces")!.integer(0) }
    }

    private static func sessions(_ store: TracingStore) async throws -> Int64 {
        try await store.database.read {
            try $0.first("SELECT COUNT(*) FROM project_sessions")!.integer(0)
        }
    }

    private static func policy(
        _ rule: StoredRetentionPolicy.Rule, _ store: TracingStore, at cron: String = "0 0 * * 0"
    ) async throws {
        let project = try await store.project(Identifier("demo")).id
        _ = try await RetentionStore(store).create(
            RetentionPolicyDraft(name: "p", cron: try CronExpression(cron), rule: rule),
            for: [project])
    }

    @Test(arguments: TestDatabase.available)
    func `traces of an age are deleted at the hour of their policy`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            try await Self.insert(1...60, store)
            try await Self.policy(.maxDays(1.5), store)
            let sweeper = Self.sweeper(store)
            let now = Timestamp(microseconds: Self.sunday)
            #expect(try await sweeper.apply(hour: 71, now: now).traces == 0)
            // A day and a half before Sunday is hour 36.
            #expect(try await sweeper.apply(hour: 72, now: now).traces == 35)
            #expect(try await Self.traces(store) == 25)
            #expect(try await sweeper.apply(hour: 72, now: now) == RetentionSweeper.Sweep())
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the newest traces of a project are kept by number`(on database: TestDatabase) async throws
    {
        try await database.withTracingStore { store in
            try await Self.insert(1...300, store)
            try await Self.policy(.maxDaysOrCount(0, 7), store)
            let sweeper = Self.sweeper(store)
            let swept = try await sweeper.apply(
                hour: 72, now: Timestamp(microseconds: 500 * Self.hour))
            #expect(swept.traces == 293)
            let left = try await store.database.read {
                try $0.integers("SELECT t.start_time FROM traces t ORDER BY t.start_time")
            }
            #expect(left == (294...300).map { $0 * Self.hour })
        }
    }

    @Test(arguments: TestDatabase.available)
    func `sessions without traces go an hour after their end`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            try await Self.insert(1...60, store)
            try await Self.policy(.maxCount(1), store)
            let sweeper = Self.sweeper(store)
            // The session of hour 58 ended two hours before, that of hour 59 less than one.
            let now = Timestamp(microseconds: 60 * Self.hour)
            let swept = try await sweeper.apply(hour: 72, now: now)
            #expect(swept == RetentionSweeper.Sweep(traces: 59, sessions: 58))
            #expect(try await Self.sessions(store) == 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a rule of nothing and other projects stay as they are`(
        on database: TestDatabase
    ) async throws {
        try await database.withTracingStore { store in
            try await Self.insert(1...5, store)
            try await Self.policy(.maxDaysOrCount(0, 0), store)
            let sweeper = Self.sweeper(store)
            let swept = try await sweeper.apply(
                hour: 72, now: Timestamp(microseconds: 1000 * Self.hour))
            #expect(swept.traces == 0)
            #expect(try await Self.traces(store) == 5)
        }
    }

    @Test func `it sleeps until full hours and stops when it is asked to`() async throws {
        try await TestDatabase.available[0].withTracingStore { store in
            try await Self.insert(1...60, store)
            try await Self.policy(.maxCount(1), store, at: "0 * * * *")
            let time = Mutex(Self.sunday + Self.hour / 2)
            let sleeps = Mutex<[Duration]>([])
            let (done, finished) = AsyncStream<Void>.makeStream()
            let sweeper = RetentionSweeper(
                store, logger: Logger(label: "test"),
                now: { Timestamp(microseconds: time.withLock { $0 }) },
                sleep: { duration in
                    let count = sleeps.withLock {
                        $0.append(duration)
                        return $0.count
                    }
                    guard count < 3 else {
                        finished.finish()
                        throw CancellationError()
                    }
                    time.withLock { $0 += duration.components.seconds * 1_000_000 }
                })
            async let running: Void = sweeper.run()
            for await _ in done {}
            await sweeper.stop()
            try await running
            #expect(sleeps.withLock { $0 } == [.seconds(1800), .seconds(3600), .seconds(3600)])
            #expect(try await Self.traces(store) == 1)
        }
    }

    @Test func `chores are done each full hour, whatever became of the others`() async throws {
        try await TestDatabase.available[0].withTracingStore { store in
            let time = Mutex(Self.sunday)
            let (done, finished) = AsyncStream<Void>.makeStream()
            let times = Mutex<[Int64]>([])
            let sweeper = RetentionSweeper(
                store,
                chores: [
                    HourlyChore("nothing") { _ in throw CancellationError() },
                    HourlyChore("hours") { now in
                        times.withLock { $0.append(now.microseconds) }
                        return 1
                    },
                ],
                logger: Logger(label: "test"),
                now: { Timestamp(microseconds: time.withLock { $0 }) },
                sleep: { duration in
                    guard times.withLock({ $0.count }) < 2 else {
                        finished.finish()
                        throw CancellationError()
                    }
                    time.withLock { $0 += duration.components.seconds * 1_000_000 }
                })
            async let running: Void = sweeper.run()
            for await _ in done {}
            await sweeper.stop()
            try await running
            #expect(
                times.withLock { $0 } == [Self.sunday + Self.hour, Self.sunday + 2 * Self.hour])
        }
    }
}
