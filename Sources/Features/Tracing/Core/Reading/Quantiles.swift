import SQLCore

/// Continuous percentiles: the value at a place in the order, interpolated between neighbours.
package enum Quantiles {
    /// Computes quantiles of groups.
    ///
    /// - Parameters:
    ///   - probabilities: From 0 to 1.
    ///   - rows: Selects integers: a group and a value.
    /// - Returns: One value a probability for each group that has rows.
    static func values(
        at probabilities: [Double], ofGroups rows: SQL, on connection: any SQLConnection
    ) throws -> [Int64: [Double]] {
        guard !probabilities.isEmpty else { return [:] }
        let pairs = try connection.integers(rows)
        var groups: [Int64: [Int64]] = [:]
        var last: (group: Int64, values: [Int64])?
        // Neighbours tend to be of one group, so a group is looked up when it changes only.
        for index in stride(from: 0, to: pairs.count, by: 2) {
            if last?.group != pairs[index] {
                if let last { groups[last.group] = last.values }
                last = (pairs[index], groups.removeValue(forKey: pairs[index]) ?? [])
            }
            last!.values.append(pairs[index + 1])
        }
        if let last { groups[last.group] = last.values }
        return groups.mapValues { values(at: probabilities, of: $0) }
    }

    /// Computes quantiles.
    ///
    /// - Parameters:
    ///   - probabilities: From 0 to 1.
    ///   - values: In any order; one at least.
    static func values(at probabilities: [Double], of values: [Int64]) -> [Double] {
        precondition(!values.isEmpty, "No values have no quantiles.")
        let count = Int64(values.count)
        var values = values
        let places = probabilities.flatMap { probability in
            let below = Int(place(of: probability, count: count))
            return [below, min(below + 1, values.count - 1)]
        }
        values.withUnsafeMutableBufferPointer { values in
            settle(places.sorted()[...], of: values, within: 0..<values.count)
        }
        return probabilities.map { probability in
            interpolated(probability, count: count) { Double(values[Int($0)]) }
        }
    }

    /// The place, from 0 on, at or below a quantile among `count` values.
    static func place(of probability: Double, count: Int64) -> Int64 {
        Int64(min(max(probability, 0), 1) * Double(count - 1))
    }

    /// The value of a probability, given the values at places.
    static func interpolated(
        _ probability: Double, count: Int64, _ value: (Int64) -> Double
    ) -> Double {
        let position = min(max(probability, 0), 1) * Double(count - 1)
        let below = place(of: probability, count: count)
        let fraction = position - Double(below)
        let low = value(below)
        guard fraction > 0, below + 1 < count else { return low }
        return low + (value(below + 1) - low) * fraction
    }

    /// Up to this many values, sorting is as fast.
    private static let sortedMax = 32

    /// Brings to some places what sorting would bring there, and leaves the rest in any order: selection
    /// by partition (C. A. R. Hoare, "Algorithm 65: Find", Communications of the ACM 4, 1961), for
    /// several places at once.
    ///
    /// - Parameter places: In their order, within `range`.
    private static func settle(
        _ places: ArraySlice<Int>, of values: UnsafeMutableBufferPointer<Int64>,
        within range: Range<Int>
    ) {
        var places = places
        var range = range
        while !places.isEmpty, range.count > 1 {
            guard range.count > sortedMax else {
                var rest = UnsafeMutableBufferPointer(rebasing: values[range])
                return rest.sort()
            }
            let pivot = pivot(of: values, within: range)
            var low = range.lowerBound
            var high = range.upperBound - 1
            while low <= high {
                while values[low] < pivot { low += 1 }
                while values[high] > pivot { high -= 1 }
                guard low <= high else { break }
                values.swapAt(low, high)
                low += 1
                high -= 1
            }
            // What lies between the two parts equals the pivot.
            settle(places.prefix { $0 <= high }, of: values, within: range.lowerBound..<high + 1)
            places = places.drop { $0 < low }
            range = low..<range.upperBound
        }
    }

    /// The middle one of three values from anywhere, so that no order of the values is slow.
    private static func pivot(
        of values: UnsafeMutableBufferPointer<Int64>, within range: Range<Int>
    ) -> Int64 {
        let (a, b, c) = (
            values[.random(in: range)], values[.random(in: range)], values[.random(in: range)]
        )
        return max(min(a, b), min(max(a, b), c))
    }
}
