import Locking

/// The numbers that the server keeps about itself, shown in the text format of Prometheus (0.0.4).
package final class MetricsRegistry: Sendable {
    private let families = Mutex<[(name: String, metric: any Metric)]>([])

    package init() {}

    /// A number that only grows.
    package func counter(_ name: String, help: String) -> Counter {
        add(name, Counter(name: name, help: help))
    }

    /// A number that goes up and down, as its owner sets it; 0 at first.
    package func gauge(_ name: String, help: String) -> Gauge {
        add(name, Gauge(name: name, help: help))
    }

    /// A number that goes up and down.
    ///
    /// - Parameter read: Asked whenever the metrics are shown.
    package func gauge(_ name: String, help: String, read: @escaping @Sendable () -> Double) {
        _ = add(name, ReadGauge(name: name, help: help, read: read))
    }

    /// How often something was measured and what it came to in all, for each combination of labels.
    package func summary(_ name: String, help: String) -> Summary {
        add(name, Summary(name: name, help: help))
    }

    /// A distribution in buckets.
    ///
    /// - Parameter bounds: The upper bounds of the buckets, ascending; one without bound is added.
    package func histogram(_ name: String, help: String, bounds: [Double]) -> Histogram {
        add(name, Histogram(name: name, help: help, bounds: bounds))
    }

    private func add<Kind: Metric>(_ name: String, _ metric: Kind) -> Kind {
        families.withLock { families in
            precondition(
                !families.contains { $0.name == name }, "The metric \(name) is registered twice.")
            families.append((name, metric))
        }
        return metric
    }

    /// All metrics as text, in the order of registration.
    package var exposition: String {
        families.withLock { $0 }.map(\.metric.exposition).joined()
    }
}

/// One family of samples.
protocol Metric: Sendable {
    /// Its lines: help, type and samples.
    var exposition: String { get }
}

/// A number that only grows, for each combination of label values.
package final class Counter: Metric {
    private let name: String
    private let help: String
    private let values = Mutex<[[String]: Double]>([:])

    init(name: String, help: String) {
        self.name = name
        self.help = help
    }

    /// Adds to the number.
    ///
    /// - Parameter labels: Names and values, always in the same order. Values must come from a small
    ///   set: each combination is kept for ever.
    package func add(_ amount: Double = 1, labels: [(String, String)] = []) {
        let key = shown(labels)
        values.withLock { $0[key, default: 0] += amount }
    }

    var exposition: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) counter\n"
        let samples = values.withLock { $0 }
        if samples.isEmpty { text += "\(name) 0.0\n" }
        for (labels, value) in samples.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            text +=
                "\(name)\(labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}") \(value)\n"
        }
        return text
    }
}

/// A number that its owner sets.
package final class Gauge: Metric {
    private let name: String
    private let help: String
    private let value = Mutex(0.0)

    init(name: String, help: String) {
        self.name = name
        self.help = help
    }

    package func set(_ newValue: Double) { value.withLock { $0 = newValue } }

    var exposition: String {
        ReadGauge(name: name, help: help) { self.value.withLock { $0 } }.exposition
    }
}

/// A number that is read when the metrics are shown.
private struct ReadGauge: Metric {
    let name: String
    let help: String
    let read: @Sendable () -> Double

    var exposition: String { "# HELP \(name) \(help)\n# TYPE \(name) gauge\n\(name) \(read())\n" }
}

/// The count and the sum of measured values, for each combination of label values.
package final class Summary: Metric {
    private let name: String
    private let help: String
    private let values = Mutex<[[String]: (count: UInt64, sum: Double)]>([:])

    init(name: String, help: String) {
        self.name = name
        self.help = help
    }

    /// Counts a measured time, in seconds.
    ///
    /// - Parameter labels: Names and values, always in the same order. Values must come from a small
    ///   set: each combination is kept for ever.
    package func record(_ duration: Duration, labels: [(String, String)]) {
        let key = shown(labels)
        values.withLock { values in
            var value = values[key] ?? (0, 0)
            value.count += 1
            value.sum += duration.seconds
            values[key] = value
        }
    }

    var exposition: String {
        var text = "# HELP \(name) \(help)\n# TYPE \(name) summary\n"
        let samples = values.withLock { $0 }
        for (labels, value) in samples.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            let list = labels.joined(separator: ",")
            text += "\(name)_count{\(list)} \(value.count)\n\(name)_sum{\(list)} \(value.sum)\n"
        }
        return text
    }
}

/// How often a measured value fell into each bucket.
package final class Histogram: Metric {
    private struct State {
        var counts: [UInt64]
        var sum = 0.0
        var count: UInt64 = 0
    }

    private let name: String
    private let help: String
    private let bounds: [Double]
    private let state: Mutex<State>

    init(name: String, help: String, bounds: [Double]) {
        self.name = name
        self.help = help
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count)))
    }

    package func record(_ value: Double) {
        state.withLock { state in
            state.sum += value
            state.count += 1
            for (index, bound) in bounds.enumerated() where value <= bound {
                state.counts[index] += 1
            }
        }
    }

    /// Counts a measured time, in seconds.
    package func record(_ duration: Duration) { record(duration.seconds) }

    var exposition: String {
        let state = state.withLock { $0 }
        var text = "# HELP \(name) \(help)\n# TYPE \(name) histogram\n"
        for (bound, count) in zip(bounds, state.counts) {
            text += "\(name)_bucket{le=\"\(bound)\"} \(count)\n"
        }
        text += "\(name)_bucket{le=\"+Inf\"} \(state.count)\n"
        text += "\(name)_sum \(state.sum)\n\(name)_count \(state.count)\n"
        return text
    }
}

extension Duration {
    fileprivate var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}

/// Labels as the text format shows them.
private func shown(_ labels: [(String, String)]) -> [String] {
    labels.map { name, value in "\(name)=\"\(escaped(value))\"" }
}

/// A label's value with the characters escaped that the text format gives a meaning.
private func escaped(_ value: String) -> String {
    var text = ""
    for character in value {
        switch character {
        case "\\": text += "\\\\"
        case "\"": text += "\\\""
        case "\n": text += "\\n"
        default: text.append(character)
        }
    }
    return text
}
