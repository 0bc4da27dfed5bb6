import GraphQLCore

/// The types that tracing declares for features to come. No value of them exists, so that their
/// fields only need to be there; the features replace them by their own.
enum LaterTypes {
    /// What stands for a value of any of them.
    private struct Value: Sendable {}

    private static let names = [
        "User", "UserRole", "Dataset", "Experiment", "Prompt",
    ]

    static func add(to table: inout ResolverTable, _ schema: Schema) {
        for name in names {
            guard let type = schema.types[name] else { continue }
            table.object(name, of: Value.self) { fields in
                for field in type.fields { fields.property(field.name) { _ in .null } }
            }
        }
    }
}
