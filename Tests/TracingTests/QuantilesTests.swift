import TestSupport
import Testing

@testable import Tracing

@Suite struct QuantilesTests {
    @Test func `a quantile lies between the two values beside its place`() {
        #expect(Quantiles.values(at: [0, 0.5, 1], of: [30, 10, 20]) == [10, 20, 30])
        #expect(Quantiles.values(at: [0.25, 0.99], of: [20, 10]) == [12.5, 19.9])
        #expect(Quantiles.values(at: [0.5, -1, 2], of: [7]) == [7, 7, 7])
    }

    @Test(arguments: [2, 31, 32, 33, 34, 500, 5000], [2, 50, Int64.max])
    func `values in any order have the quantiles of the sorted ones`(count: Int, below: Int64) {
        var generator = SplitMix64(seed: UInt64(count) ^ UInt64(below))
        let random = (0..<count).map { _ in Int64.random(in: 0..<below, using: &generator) }
        let orders = [
            random, random.sorted(), random.sorted(by: >),
            random.sorted().enumerated().sorted { $0.offset % 2 < $1.offset % 2 }.map(\.element),
        ]
        let probabilities = [0.99, 0, 0.5, 0.5, 0.9, 1, 0.001]
        let sorted = random.sorted()
        let expected = probabilities.map { probability in
            Quantiles.interpolated(probability, count: Int64(count)) { Double(sorted[Int($0)]) }
        }
        for values in orders {
            #expect(Quantiles.values(at: probabilities, of: values) == expected)
        }
    }
}
