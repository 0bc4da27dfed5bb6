/// How large the share of a label is among the labels of annotations.
package struct LabelFraction: Hashable, Sendable {
    package var label: String
    package var fraction: Double

    package init(label: String, fraction: Double) {
        self.label = label
        self.fraction = fraction
    }
}
