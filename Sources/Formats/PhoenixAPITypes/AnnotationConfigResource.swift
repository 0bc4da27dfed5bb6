import JSON

/// The config of annotations of one name as REST shows it.
package struct AnnotationConfigResource: JSONWritable, Hashable {
    /// What the kinds of configs differ in.
    package enum Form: Hashable, Sendable {
        case categorical(values: [Value])
        case continuous(lowerBound: Double?, upperBound: Double?)
        case freeform(threshold: Double?, lowerBound: Double?, upperBound: Double?)
    }

    /// A label with the score that it stands for.
    package struct Value: JSONWritable, Hashable {
        package var label: String
        package var score: Double?

        package init(label: String, score: Double?) {
            self.label = label
            self.score = score
        }

        package func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.member("label", label)
            writer.member("score", number: score)
            writer.endObject()
        }
    }

    package var id: String
    package var name: String
    /// `CATEGORICAL`, `CONTINUOUS` or `FREEFORM`.
    package var type: String
    package var description: String?
    /// `MINIMIZE`, `MAXIMIZE` or `NONE`.
    package var optimizationDirection: String?
    package var form: Form

    package init(
        id: String, name: String, type: String, description: String?,
        optimizationDirection: String?, form: Form
    ) {
        self.id = id
        self.name = name
        self.type = type
        self.description = description
        self.optimizationDirection = optimizationDirection
        self.form = form
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("type", type)
        writer.member("description", description)
        writer.member("optimization_direction", optimizationDirection)
        switch form {
        case .categorical(let values):
            writer.member("values", values)
        case .continuous(let lowerBound, let upperBound):
            writer.member("lower_bound", number: lowerBound)
            writer.member("upper_bound", number: upperBound)
        case .freeform(let threshold, let lowerBound, let upperBound):
            writer.member("threshold", number: threshold)
            writer.member("lower_bound", number: lowerBound)
            writer.member("upper_bound", number: upperBound)
        }
        writer.member("id", id)
        writer.endObject()
    }
}
