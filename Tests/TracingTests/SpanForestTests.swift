import PhoenixModel
import TestSupport
import Testing

@testable import Tracing

@Suite struct SpanForestTests {
    private func key(_ span: Int, trace: Int64 = 1) -> SpanForest.Key {
        SpanForest.Key(trace: trace, span: .number(span, byteCount: 8))
    }

    private func id(_ span: Int?) -> OTelID? { span.map { .number($0, byteCount: 8) } }

    private let one = CumulativeCounts(errors: 1, promptTokens: 10, completionTokens: 100)

    /// Inserts spans with a count of one each; the numbers are those of their errors.
    private func errors(_ spans: [(span: Int, parent: Int?)]) -> [Int: Int64] {
        var forest = SpanForest()
        let indexes = spans.map { forest.insert(key($0.span), parent: id($0.parent), own: one) }
        forest.settle()
        return Dictionary(
            uniqueKeysWithValues: zip(spans, indexes).map {
                ($0.span, forest.counts(at: $1).errors)
            })
    }

    @Test func `a span counts in all of its ancestors`() {
        let spans: [(Int, Int?)] = [(1, nil), (2, 1), (3, 2), (4, 1)]
        #expect(errors(spans) == [1: 4, 2: 2, 3: 1, 4: 1])
        #expect(errors(spans.reversed()) == [1: 4, 2: 2, 3: 1, 4: 1])
    }

    @Test func `all counts are added up alike`() {
        var forest = SpanForest()
        let root = forest.insert(key(1), parent: nil, own: CumulativeCounts())
        for span in 2...3 { _ = forest.insert(key(span), parent: id(1), own: one) }
        forest.settle()
        #expect(
            forest.counts(at: root)
                == CumulativeCounts(errors: 2, promptTokens: 20, completionTokens: 200))
    }

    @Test func `a span whose parent has not arrived counts nothing upward`() {
        #expect(errors([(1, nil), (3, 2)]) == [1: 1, 3: 1])
    }

    @Test func `the same ids in another trace are other spans`() {
        var forest = SpanForest()
        let root = forest.insert(key(1), parent: nil, own: one)
        _ = forest.insert(key(2, trace: 2), parent: id(1), own: one)
        forest.settle()
        #expect(forest.counts(at: root).errors == 1)
    }

    // MARK: Stored spans

    @Test func `stored ancestors grow by what arrives below them`() {
        var forest = SpanForest()
        forest.addStored(row: 10, key(1), parent: nil, counts: one)
        forest.addStored(row: 20, key(2), parent: id(1), counts: CumulativeCounts())
        _ = forest.insert(key(3), parent: id(2), own: one)
        forest.settle()
        #expect(forest.growth.map(\.row) == [10, 20])
        #expect(forest.growth.allSatisfy { $0.added == one })
    }

    @Test func `a parent that arrives late takes over what its stored children count`() {
        var forest = SpanForest()
        let below = CumulativeCounts(errors: 5)
        forest.addStored(row: 20, key(2), parent: id(1), counts: below)
        let parent = forest.insert(key(1), parent: nil, own: one)
        forest.settle()
        #expect(forest.counts(at: parent).errors == 6)
        #expect(forest.growth.isEmpty)
    }

    @Test func `what is stored in a stored parent is not counted twice`() {
        var forest = SpanForest()
        forest.addStored(row: 10, key(1), parent: nil, counts: CumulativeCounts(errors: 3))
        forest.addStored(row: 20, key(2), parent: id(1), counts: CumulativeCounts(errors: 3))
        forest.settle()
        #expect(forest.growth.isEmpty)
    }

    @Test func `a span made known twice is one`() {
        var forest = SpanForest()
        for _ in 0..<2 { forest.addStored(row: 10, key(1), parent: nil, counts: one) }
        _ = forest.insert(key(2), parent: id(1), own: one)
        forest.settle()
        #expect(forest.growth.count == 1)
    }

    // MARK: Model calls

    @Test func `a model call wraps another one directly below it`() {
        var forest = SpanForest()
        let kinds = [(1, nil, true), (2, 1, true), (3, 2, false), (4, 3, true), (5, 5, true)]
        let indexes = (kinds as [(Int, Int?, Bool)]).map { span, parent, isModelCall in
            forest.insert(key(span), parent: id(parent), own: one, isModelCall: isModelCall)
        }
        forest.settle()
        #expect(indexes.map(forest.wrapsModelCall) == [true, false, false, false, false])
        #expect(forest.newWrappers.isEmpty)
    }

    @Test func `a stored model call that begins to wrap one is told once`() {
        var forest = SpanForest()
        forest.addStored(row: 10, key(1), parent: nil, counts: one, isModelCall: true)
        forest.addStored(
            row: 20, key(2), parent: nil, counts: one, isModelCall: true, wrapsModelCall: true)
        forest.addStored(row: 30, key(3), parent: nil, counts: one)
        for (span, parent) in [(4, 1), (5, 1), (6, 2), (7, 3)] {
            _ = forest.insert(key(span), parent: id(parent), own: one, isModelCall: true)
        }
        forest.settle()
        #expect(forest.newWrappers == [10])
    }

    // MARK: Circles and depth

    @Test func `a circle of parents is cut above the span that closes it`() {
        #expect(errors([(1, 2), (2, 3), (3, 1)]) == [1: 1, 2: 2, 3: 3])
        #expect(errors([(1, 1)]) == [1: 1])
    }

    @Test func `what hangs below a circle counts once in each span of it`() {
        #expect(errors([(1, 2), (2, 1), (3, 1), (4, 3)]) == [1: 3, 2: 4, 3: 2, 4: 1])
        var forest = SpanForest()
        forest.addStored(row: 10, key(1), parent: id(2), counts: one)
        forest.addStored(row: 20, key(2), parent: id(1), counts: one)
        for span in 3...50 { _ = forest.insert(key(span), parent: nil, own: one) }
        _ = forest.insert(key(60), parent: id(1), own: one)
        forest.settle()
        #expect(forest.growth.map(\.added) == [one, one])
    }

    @Test(.timeLimit(.minutes(1)))
    func `a chain of a hundred thousand spans takes no longer than as many roots`() {
        let spans = (1...100_000).map { (span: $0, parent: $0 == 1 ? nil : Optional($0 - 1)) }
        #expect(errors(spans)[1] == 100_000)
    }
}
