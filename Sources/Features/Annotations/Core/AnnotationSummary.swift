import PhoenixModel

/// What annotations of one name say together.
package struct AnnotationSummary: Hashable, Sendable {
    package var name: String
    package var count: Int64
    package var scoreCount: Int64
    package var labelCount: Int64
    /// Nil when there is no score.
    package var meanScore: Double?
    package var labelFractions: [LabelFraction]
}

extension AnnotationSummary {
    /// Summaries of the annotations of one span, trace or session, sorted by name: scores and labels
    /// are pooled. Labels stand in the order in which they first come.
    package static func pooled(_ annotations: [Annotation]) -> [AnnotationSummary] {
        Dictionary(grouping: annotations, by: \.name).map { name, annotations in
            let scores = annotations.compactMap(\.score)
            let labels = annotations.compactMap(\.label)
            var counts: [String: Int] = [:]
            var order: [String] = []
            for label in labels {
                if counts.updateValue((counts[label] ?? 0) + 1, forKey: label) == nil {
                    order.append(label)
                }
            }
            return AnnotationSummary(
                name: name, count: Int64(annotations.count), scoreCount: Int64(scores.count),
                labelCount: Int64(labels.count),
                meanScore: scores.isEmpty ? nil : scores.reduce(0, +) / Double(scores.count),
                labelFractions: order.map {
                    LabelFraction(
                        label: $0, fraction: Double(counts[$0] ?? 0) / Double(labels.count))
                })
        }.sorted { $0.name.comesBefore($1.name) }
    }
}

extension String {
    /// The order of bytes, which both databases and every locale agree on.
    func comesBefore(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
