import APISupport
import Testing

@Suite struct PageTests {
    @Test func `one row more than the limit tells where the next page begins`() {
        let page = Page([1, 2, 3], limit: 2)
        #expect(page.rows == [1, 2])
        #expect(page.following == 3)
    }

    @Test(arguments: [2, 3])
    func `without one the page is the last`(limit: Int) {
        let page = Page([1, 2], limit: limit)
        #expect(page.rows == [1, 2])
        #expect(page.following == nil)
    }

    @Test(arguments: [(1, 2), (100, 101), (.max - 1, .max), (.max, .max)])
    func `one row more than the page holds is asked for, where a number can say so`(
        limit: Int, rows: Int
    ) {
        #expect(Page<Int>.rowsToQuery(limit: limit) == rows)
    }
}
