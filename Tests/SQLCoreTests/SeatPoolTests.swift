import SQLCore
import Testing

@Suite struct SeatPoolTests {
    @Test func `every seat is handed out once`() async {
        let pool = SeatPool(count: 3)
        var seats = Set<Int>()
        for _ in 0..<3 { seats.insert(await pool.take()) }
        #expect(seats == [0, 1, 2])
    }

    @Test func `a seat given back goes to who waits`() async {
        let pool = SeatPool(count: 1)
        let seat = await pool.take()
        async let next = pool.take()
        pool.give(back: seat)
        #expect(await next == seat)
    }

    @Test func `no more parties hold a seat than there are seats`() async {
        let pool = SeatPool(count: 2)
        let most = await withTaskGroup(of: Int.self) { group in
            let held = Held()
            for _ in 0..<200 {
                group.addTask {
                    let seat = await pool.take()
                    let count = await held.enter()
                    await Task.yield()
                    await held.leave()
                    pool.give(back: seat)
                    return count
                }
            }
            return await group.reduce(0) { max($0, $1) }
        }
        #expect(most <= 2)
    }

    private actor Held {
        private var count = 0

        func enter() -> Int {
            count += 1
            return count
        }

        func leave() { count -= 1 }
    }
}
