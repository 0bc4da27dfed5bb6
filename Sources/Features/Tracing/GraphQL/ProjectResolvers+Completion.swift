import FilterLanguage
import GraphQLCore
import GraphQLSupport

extension ProjectResolvers {
    func addCompletion(to fields: inout Fields) {
        let store = store
        fields.field("filterCompletions") { parent, arguments, _ in
            let language: FilterLanguage =
                switch arguments.string("language") {
                case "TRACE": .trace
                case "SESSION": .session
                default: .span
                }
            return .object(
                try await store.filterCompletions(
                    of: arguments.string("condition") ?? "", at: arguments.integer("position"),
                    in: language, project: parent.id, limit: arguments.integer("first") ?? 0))
        }
    }

    func addCompletionTypes(to table: inout ResolverTable) {
        table.object("FilterCompletions", of: FilterCompletions.self) { fields in
            fields.property("start") { .integer($0.start) }
            fields.property("completions") { .objects($0.items) }
        }
        table.object("FilterCompletion", of: FilterCompletion.self) { fields in
            fields.property("text") { .string($0.text) }
            fields.property("kind") { .string($0.kind.rawValue.uppercased()) }
        }
    }
}
