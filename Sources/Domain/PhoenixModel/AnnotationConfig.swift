/// What annotations of one name look like: which labels there are, how far scores reach, which way
/// is better.
package struct AnnotationConfig: Hashable, Sendable {
    package typealias ID = RowID<AnnotationConfig>

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case categorical = "CATEGORICAL"
        case continuous = "CONTINUOUS"
        case freeform = "FREEFORM"
    }

    /// Which scores are good.
    package enum OptimizationDirection: String, Hashable, Sendable, CaseIterable {
        case minimize = "MINIMIZE"
        case maximize = "MAXIMIZE"
        case none = "NONE"
    }

    /// One of the labels of a categorical config.
    package struct Value: Hashable, Sendable {
        package var label: String
        package var score: Double?

        package init(label: String, score: Double?) {
            self.label = label
            self.score = score
        }
    }

    /// Everything but the name and the id.
    package struct Shape: Hashable, Sendable {
        package var kind: Kind
        package var description: String?
        /// Nil only in freeform configs.
        package var direction: OptimizationDirection?
        /// The labels of a categorical config, in their order; else empty.
        package var values: [Value] = []
        package var lowerBound: Double?
        package var upperBound: Double?
        /// Of freeform configs.
        package var threshold: Double?

        package init(
            kind: Kind, description: String? = nil, direction: OptimizationDirection? = nil,
            values: [Value] = [], lowerBound: Double? = nil, upperBound: Double? = nil,
            threshold: Double? = nil
        ) {
            self.kind = kind
            self.description = description
            self.direction = direction
            self.values = values
            self.lowerBound = lowerBound
            self.upperBound = upperBound
            self.threshold = threshold
        }
    }

    package var id: ID
    package var name: String
    package var shape: Shape

    package init(id: ID, name: String, shape: Shape) {
        self.id = id
        self.name = name
        self.shape = shape
    }

    /// The global id, as GraphQL and REST show it.
    package var nodeID: NodeID { NodeID(typeName: shape.kind.nodeTypeName, rowID: id.value) }
}

extension AnnotationConfig.Kind {
    package var nodeTypeName: String {
        switch self {
        case .categorical: "CategoricalAnnotationConfig"
        case .continuous: "ContinuousAnnotationConfig"
        case .freeform: "FreeformAnnotationConfig"
        }
    }
}

extension RowID<AnnotationConfig> {
    /// Reads a global id of any kind of config. Nil when it is none.
    package init?(configNodeID text: some StringProtocol) {
        guard let id = NodeID(text),
            AnnotationConfig.Kind.allCases.contains(where: { $0.nodeTypeName == id.typeName })
        else { return nil }
        self.init(id.rowID)
    }
}
