import FilterLanguage
import GraphQLCore
import GraphQLSupport
import PhoenixModel

extension FieldArguments {
    /// `timeRange`; everything when it is null or was not given.
    package var timeRange: TimeRange {
        guard let range = object("timeRange") else { return .always }
        return TimeRange(start: range.timestamp("start"), end: range.timestamp("end"))
    }

    /// A condition of one of the filter languages; nil when it is null or was not given.
    ///
    /// - Throws: `FilterError`.
    func filter(_ name: String, in language: FilterLanguage) throws -> Filter? {
        guard let text = string(name), !text.isEmpty else { return nil }
        return try Filter(text, in: language)
    }

    /// `timeRange` together with `filterCondition` or `sessionFilterCondition`, not both.
    package func selection() throws -> ProjectSelection {
        let span = string("filterCondition") ?? ""
        let session = string("sessionFilterCondition") ?? ""
        guard span.isEmpty || session.isEmpty else {
            throw GraphQLFault.badRequest(
                "Both a filter condition and session filter condition cannot be applied at the"
                    + " same time")
        }
        return ProjectSelection(
            range: timeRange,
            expression: try filter("filterCondition", in: .span)
                ?? filter("sessionFilterCondition", in: .session))
    }

    /// `probability`, from 0 to 1.
    func probability() throws(GraphQLFault) -> Double {
        guard let probability = double("probability"), (0...1).contains(probability) else {
            throw .badRequest("Probability must be between 0 and 1 (inclusive)")
        }
        return probability
    }

    /// The bins of `timeRange` by `timeBinConfig`, hours of UTC unless it says otherwise.
    package func timeBins(now: Timestamp) throws -> TimeBins {
        let range = timeRange
        guard let start = range.start else {
            throw GraphQLFault.badRequest("Start time is required")
        }
        let config = object("timeBinConfig")
        let scale = config?["scale"]?.stringValue.flatMap(TimeBins.Scale.init) ?? .hour
        let offset = config?["utcOffsetMinutes"]?.integerValue ?? 0
        return try TimeBins(
            from: start, to: range.end ?? now, scale: scale, utcOffsetMinutes: Int(offset))
    }
}
