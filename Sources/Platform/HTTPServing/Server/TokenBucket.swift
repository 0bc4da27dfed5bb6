import NIOCore

/// Allows `burst` events at once and forgives some of them every second.
struct TokenBucket {
    private let burst: Double
    private let perSecond: Double
    private var tokens: Double
    private var last: NIODeadline?

    init(burst: Int, perSecond: Double) {
        self.burst = Double(burst)
        self.perSecond = perSecond
        tokens = Double(burst)
    }

    /// Counts an event; false when there were too many.
    mutating func take(now: NIODeadline) -> Bool {
        if let last {
            let seconds = Double((now - last).nanoseconds) / 1e9
            tokens = min(burst, tokens + seconds * perSecond)
        }
        last = now
        tokens -= 1
        return tokens >= 0
    }
}
