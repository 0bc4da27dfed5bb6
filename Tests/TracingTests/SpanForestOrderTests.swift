import TestSupport
import Testing

@testable import Tracing

struct SpanForestOrderTests {
    private func order(_ parents: [Int32], starts: [Int64]? = nil) -> SpanForestOrder {
        SpanForestOrder(parents: parents, starts: starts ?? parents.indices.map { Int64($0) })
    }

    @Test func `children follow their parent, siblings by their start`() {
        //   1 ─┬ 3 ── 0
        //      └ 2
        //   4
        let forest = order(
            [3, 1, 1, 1, -1].enumerated().map { $0.0 == 1 ? -1 : $0.1 }, starts: [9, 1, 5, 2, 0])
        #expect(forest.order == [4, 1, 3, 0, 2])
        #expect(forest.parents == [-1, -1, 1, 2, 1])
        #expect(forest.depths == [0, 0, 1, 2, 1])
        #expect(forest.cuts.isEmpty)
    }

    @Test func `a circle is cut at its earliest span`() {
        // 0 → 2 → 1 → 0, and 3 below 1.
        let forest = order([2, 0, 1, 1], starts: [5, 4, 3, 1])
        #expect(forest.order == [2, 0, 1, 3])
        #expect(forest.parents == [-1, 0, 1, 2])
        #expect(forest.cuts == [0])
    }

    @Test func `a span that is its own parent is a root`() {
        let forest = order([0, 0])
        #expect(forest.order == [0, 1])
        #expect(forest.parents == [-1, 0])
        #expect(forest.cuts == [0])
    }

    @Test func `nothing and one span are forests`() {
        #expect(order([]).order.isEmpty)
        #expect(order([-1]).order == [0])
    }

    @Test func `a chain of 200,000 spans needs no stack and stops counting its depth`() {
        let forest = order((0..<200_000).map { Int32($0) - 1 })
        #expect(forest.order.count == 200_000)
        #expect(forest.depths.last == .max)
        #expect(forest.parents.last == 199_998)
    }

    @Test(arguments: 1...40)
    func `any graph of parents becomes a forest that has every span once`(seed: Int) {
        var generator = SplitMix64(seed: UInt64(seed))
        let count = Int.random(in: 1...60, using: &generator)
        let parents = (0..<count).map { _ in
            Int32(Int.random(in: -1..<count, using: &generator))
        }
        let forest = order(
            parents,
            starts: (0..<count).map { _ in
                Int64(Int.random(in: 0...5, using: &generator))
            })
        #expect(forest.order.sorted() == (0..<Int32(count)).map { $0 })
        for (place, parent) in forest.parents.enumerated() {
            #expect(parent < place)
            let given = parents[Int(forest.order[place])]
            if parent >= 0 {
                #expect(forest.order[Int(parent)] == given)
                #expect(forest.depths[place] == forest.depths[Int(parent)] + 1)
            } else {
                #expect(given == -1 || forest.cuts.contains(Int32(place)))
            }
        }
    }
}
