import OpenInference
import PhoenixModel
import SQLCore

/// What is known of the spans of one project in one segment: bounds that no span of it exceeds.
///
/// Bounds may be wider than the values, never narrower.
struct SegmentStatistics: Sendable {
    /// The smallest and the largest value of a number; nil when no span has one.
    struct Bounds: Sendable, Hashable {
        var minimum: Int64
        var maximum: Int64

        init(_ value: Int64) { (minimum, maximum) = (value, value) }

        mutating func include(_ value: Int64) {
            minimum = min(minimum, value)
            maximum = max(maximum, value)
        }
    }

    /// The numbers that have bounds, by the prefix of their two columns.
    enum Number: String, Sendable, CaseIterable {
        case startTime = "start_time"
        case endTime = "end_time"
        case latency
        case promptTokens = "prompt_tokens"
        case completionTokens = "completion_tokens"
        case totalTokens = "total_tokens"
        case cumulativePromptTokens = "cumulative_prompt_tokens"
        case cumulativeCompletionTokens = "cumulative_completion_tokens"
        case cumulativeTotalTokens = "cumulative_total_tokens"

        /// The place among ``allCases``.
        fileprivate var index: Int {
            switch self {
            case .startTime: 0
            case .endTime: 1
            case .latency: 2
            case .promptTokens: 3
            case .completionTokens: 4
            case .totalTokens: 5
            case .cumulativePromptTokens: 6
            case .cumulativeCompletionTokens: 7
            case .cumulativeTotalTokens: 8
            }
        }
    }

    private(set) var spanCount: Int64 = 0
    private(set) var traits = SegmentTraits()
    private var bounds: [Bounds?] = Array(repeating: nil, count: Number.allCases.count)
    private(set) var costMinimum: Double?
    private(set) var costMaximum: Double?
    private var latencies: [Int64] = []

    /// What ``include(_:startingAt:)`` needs of the spans table called `s` and of their costs, called
    /// `sc`.
    static let spanColumns: SQL = """
        s.span_kind, s.status_code, s.parent_id, s.start_time, s.end_time, s.llm_token_count_prompt,
        s.llm_token_count_completion, s.cumulative_llm_token_count_prompt,
        s.cumulative_llm_token_count_completion, \(SpanSort.cost)
        """

    /// Counts a span in.
    ///
    /// - Parameter column: Where ``spanColumns`` start in the row.
    mutating func include(_ row: SQLRow, startingAt column: Int) {
        spanCount += 1
        traits.formUnion(
            SegmentTraits(kind: row.text(column), statusCode: row.text(column + 1)))
        if row[column + 2].isNull { traits.formUnion(.root) }
        let start = row.integer(column + 3)
        let end = row.integer(column + 4)
        latencies.append(end - start)
        include(start, as: .startTime)
        include(end, as: .endTime)
        include(end - start, as: .latency)
        let prompt = row.optionalInteger(column + 5)
        let completion = row.optionalInteger(column + 6)
        if let prompt { include(prompt, as: .promptTokens) }
        if let completion { include(completion, as: .completionTokens) }
        include((prompt ?? 0) + (completion ?? 0), as: .totalTokens)
        let cumulativePrompt = row.integer(column + 7)
        let cumulativeCompletion = row.integer(column + 8)
        include(cumulativePrompt, as: .cumulativePromptTokens)
        include(cumulativeCompletion, as: .cumulativeCompletionTokens)
        include(cumulativePrompt + cumulativeCompletion, as: .cumulativeTotalTokens)
        if let cost = row.optionalDouble(column + 9) {
            costMinimum = min(costMinimum ?? cost, cost)
            costMaximum = max(costMaximum ?? cost, cost)
        }
    }

    private mutating func include(_ value: Int64, as number: Number) {
        let index = number.index
        if bounds[index] == nil {
            bounds[index] = Bounds(value)
        } else {
            bounds[index]!.include(value)
        }
    }

    // MARK: Rows

    static let columns: SQL = {
        var names: [SQL] = ["project_rowid", "segment", "span_count", "traits"]
        for number in Number.allCases {
            names.append("\(unsafe: number.rawValue)_min")
            names.append("\(unsafe: number.rawValue)_max")
        }
        names += ["total_cost_min", "total_cost_max", "latencies"]
        return "\(names, separator: ", ")"
    }()

    func row(project: Int64, segment: SpanSegment) -> [SQLValue] {
        var row: [SQLValue] = [
            .integer(project), .integer(segment.number), .integer(spanCount),
            .integer(traits.rawValue),
        ]
        for bound in bounds {
            row.append((bound?.minimum).sqlValue)
            row.append((bound?.maximum).sqlValue)
        }
        row += [costMinimum.sqlValue, costMaximum.sqlValue]
        row.append(.blob(PackedLatencies(latencies).bytes))
        return row
    }
}

/// Which kinds and statuses the spans of a segment have, and whether one has no parent.
struct SegmentTraits: OptionSet, Sendable {
    let rawValue: Int64

    init(rawValue: Int64) { self.rawValue = rawValue }

    /// A span without a parent id.
    static let root = SegmentTraits(rawValue: 1 << 62)
    /// A kind that is not one of the contract's.
    private static let otherKind: Int64 = 1 << 61

    init(kind: String, statusCode: String) {
        self.init(rawValue: Self(kind: kind).rawValue | Self(statusCode: statusCode).rawValue)
    }

    init(kind: String) {
        let index = SpanKind.allCases.firstIndex { $0.rawValue == kind }
        rawValue = index.map { 1 << Int64($0) } ?? Self.otherKind
    }

    init(statusCode: String) {
        let index = SpanStatusCode.allCases.firstIndex { $0.rawValue == statusCode }
        rawValue = index.map { 1 << Int64(32 + $0) } ?? 0
    }
}

/// Latencies of a segment in microseconds, in few bytes: sorted, the first one and then each one's
/// distance from the one before, in groups of seven bits, the lowest first.
struct PackedLatencies: Sendable {
    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    init(_ latencies: [Int64]) {
        var packed: [UInt8] = []
        var last: Int64 = 0
        for (index, latency) in latencies.sorted().enumerated() {
            // A span may end before it starts: the sign goes to the lowest bit.
            let step = latency &- last
            var rest = UInt64(bitPattern: index == 0 ? (step << 1) ^ (step >> 63) : step)
            while rest > 127 {
                packed.append(UInt8(truncatingIfNeeded: rest) | 128)
                rest >>= 7
            }
            packed.append(UInt8(rest))
            last = latency
        }
        bytes = packed
    }

    /// Calls `body` with the latencies, ascending, until it returns false.
    @inline(__always)
    func visit(_ body: (Int64) -> Bool) {
        bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            guard let first = Self.number(in: bytes, at: &index) else { return }
            var value = Int64(bitPattern: first >> 1) ^ -Int64(bitPattern: first & 1)
            guard body(value) else { return }
            // Most steps have one or two bytes, and a look at ten stays within the bounds.
            while index + 10 <= bytes.count {
                var step = UInt64(bytes[index])
                if step < 128 {
                    index += 1
                } else if bytes[index + 1] < 128 {
                    step = (step & 127) | UInt64(bytes[index + 1]) << 7
                    index += 2
                } else {
                    guard let long = Self.number(in: bytes, at: &index) else { return }
                    step = long
                }
                value &+= Int64(bitPattern: step)
                guard body(value) else { return }
            }
            while let step = Self.number(in: bytes, at: &index) {
                value &+= Int64(bitPattern: step)
                guard body(value) else { return }
            }
        }
    }

    /// Reads a number; nil at the end.
    private static func number(
        in bytes: UnsafeBufferPointer<UInt8>, at index: inout Int
    ) -> UInt64? {
        guard index < bytes.count else { return nil }
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            number |= UInt64(byte & 127) << shift
            shift += 7
            if byte < 128 { break }
        }
        return number
    }
}
