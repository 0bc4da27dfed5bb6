import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel
import Tracing

/// The types of annotation configs, and the lists of them.
struct AnnotationConfigResolvers: Sendable {
    let store: AnnotationStore
    let tracing: TracingStore

    private typealias Fields = ResolverTable.Fields<AnnotationConfig>

    func add(to table: inout ResolverTable) {
        let store = store
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("annotationConfigs") { _, arguments, _ in
                let page = try OffsetPage(arguments)
                let configs = try await store.configsByName()
                return .connection(page.connection(configs) { $0.resolved })
            }
        }
        table.object("Project", of: NodeValue<Project>.self) { fields in
            fields.batch("annotationConfigs") { parents, arguments, _ in
                let page = try OffsetPage(arguments)
                let names = arguments.strings("names") ?? []
                let found = try await store.configs(ofProjects: parents.storedIDs(), named: names)
                return parents.map { parent in
                    .connection(page.connection(found[parent.id] ?? []) { $0.resolved })
                }
            }
        }
        table.addConnection("AnnotationConfig")
        table.object("CategoricalAnnotationConfig", of: AnnotationConfig.self) { fields in
            addCommon(to: &fields)
            fields.property("values") { .objects($0.shape.values) }
            addExamples(to: &fields)
        }
        table.object("CategoricalAnnotationValue", of: AnnotationConfig.Value.self) { fields in
            fields.property("label") { .string($0.label) }
            fields.property("score") { .double($0.score) }
        }
        table.object("ContinuousAnnotationConfig", of: AnnotationConfig.self) { fields in
            addCommon(to: &fields)
            addBounds(to: &fields)
            addExamples(to: &fields)
        }
        table.object("FreeformAnnotationConfig", of: AnnotationConfig.self) { fields in
            addCommon(to: &fields)
            addBounds(to: &fields)
            fields.property("threshold") { .double($0.shape.threshold) }
        }
    }

    private func addCommon(to fields: inout Fields) {
        fields.property("id") { .id($0.nodeID) }
        fields.property("name") { .string($0.name) }
        fields.property("description") { .string($0.shape.description) }
        fields.property("annotationType") { .string($0.shape.kind.rawValue) }
        fields.property("optimizationDirection") {
            .string(($0.shape.direction ?? .none).rawValue)
        }
    }

    private func addBounds(to fields: inout Fields) {
        fields.property("lowerBound") { .double($0.shape.lowerBound) }
        fields.property("upperBound") { .double($0.shape.upperBound) }
    }

    private func addExamples(to fields: inout Fields) {
        fields.computed("shapeExamples") { config, arguments, _ in
            .strings(
                config.shape.examples(inTypeScript: arguments.string("language") == "TYPESCRIPT"))
        }
    }
}

extension AnnotationConfig {
    var resolved: ResolvedValue { .typed(self, type: shape.kind.nodeTypeName) }
}

extension AnnotationConfig.Shape {
    /// How the code of an evaluator may return what fits the config.
    fileprivate func examples(inTypeScript: Bool) -> [String] {
        let end = inTypeScript ? ";" : ""
        if kind == .categorical {
            let label = Self.literal(values.first?.label ?? "")
            return [
                "return \(label)\(end)",
                "return {\"label\": \(label), \"explanation\": \"...\"}\(end)",
            ]
        }
        let score: Double
        var range = ""
        switch (lowerBound, upperBound) {
        case (let lower?, let upper?):
            score = (lower + upper) / 2
            range = "\(lower) - \(upper)"
        case (let lower?, nil): (score, range) = (lower, ">= \(lower)")
        case (nil, let upper?): (score, range) = (upper, "<= \(upper)")
        case (nil, nil): score = 0.5
        }
        let comment =
            range.isEmpty ? "" : "\(inTypeScript ? "//" : "#") score in range \(range)\n"
        return [
            "return \(score)\(end)",
            "\(comment)return {\"score\": \(score), \"explanation\": \"...\"}\(end)",
        ]
    }

    /// A text in ASCII that both languages read as this one.
    private static func literal(_ text: String) -> String {
        let quoted = JSONValue.string(text).text
        return quoted.utf16.allSatisfy { $0 < 0x80 }
            ? quoted
            : quoted.utf16.map { unit in
                guard unit >= 0x80 else { return String(UnicodeScalar(UInt8(unit))) }
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
    }
}
