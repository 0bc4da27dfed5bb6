import JSON
import PhoenixModel

/// A config as somebody sends it.
package struct AnnotationConfigDraft: Hashable, Sendable {
    package var name: String
    package var shape: AnnotationConfig.Shape

    package init(name: String, shape: AnnotationConfig.Shape) {
        self.name = name
        self.shape = shape
    }

    /// - Throws: ``AnnotationError`` when the config could not be told from others, or would admit
    ///   nothing.
    func validate() throws(AnnotationError) {
        if name == Annotation.noteName { throw .configNameReserved }
        if shape.kind == .categorical, shape.values.isEmpty {
            throw AnnotationError(.malformed, "Values must be non-empty")
        }
        var labels = Set<String>()
        for value in shape.values {
            guard !value.label.isEmpty else {
                throw AnnotationError(.malformed, "Label must be non-empty")
            }
            guard labels.insert(value.label).inserted else {
                throw AnnotationError(
                    .malformed,
                    "Values for categorical annotation config has duplicate label: "
                        + "\"\(value.label)\"")
            }
        }
        if let lower = shape.lowerBound, let upper = shape.upperBound, lower >= upper {
            throw AnnotationError(
                .malformed, "Lower bound must be strictly less than upper bound")
        }
    }
}

/// How a shape is stored.
extension AnnotationConfig.Shape {
    /// Numbers that are not finite become null.
    var json: JSONValue {
        func number(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }
        var json: JSONValue = [
            "type": .string(kind.rawValue),
            "description": description.map(JSONValue.string) ?? .null,
            "optimization_direction": direction.map { .string($0.rawValue) } ?? .null,
        ]
        if kind == .categorical {
            json["values"] = .array(
                values.map { ["label": .string($0.label), "score": number($0.score)] })
        } else {
            json["lower_bound"] = number(lowerBound)
            json["upper_bound"] = number(upperBound)
        }
        if kind == .freeform { json["threshold"] = number(threshold) }
        return json
    }

    init(_ json: JSONValue) {
        self.init(
            kind: json["type"]?.stringValue.flatMap(AnnotationConfig.Kind.init) ?? .freeform,
            description: json["description"]?.stringValue,
            direction: json["optimization_direction"]?.stringValue
                .flatMap(AnnotationConfig.OptimizationDirection.init),
            values: (json["values"]?.arrayValue ?? []).map {
                .init(
                    label: $0["label"]?.stringValue ?? "", score: $0["score"]?.doubleValue)
            },
            lowerBound: json["lower_bound"]?.doubleValue,
            upperBound: json["upper_bound"]?.doubleValue,
            threshold: json["threshold"]?.doubleValue)
    }
}
