import BinaryText
import GraphQLCore
import GraphQLSupport
import JSON
import PhoenixModel

/// The part of the GraphQL schema that is about secrets.
package struct SettingsGraphQL {
    private let secrets: SecretStore
    private let redaction: Redaction

    package init(secrets: SecretStore, redaction: Redaction) {
        self.secrets = secrets
        self.redaction = redaction
    }

    /// The schema text of this feature. It extends the types that queries and mutations begin with.
    package static var text: String {
        String(decoding: PackageResources.Settings_graphql, as: UTF8.self)
    }

    /// A secret, or a key that nothing is stored under.
    private struct Value: Sendable {
        var key: String
        var stored: StoredSecret?

        var id: String { SettingsGraphQL.id(key) }
    }

    private struct Opened: Sendable {
        var redacted: String
    }

    private struct NotOpened: Sendable {
        var reason: String
    }

    private struct Payload: Sendable {
        var stored: [StoredSecret]
        var deleted: [String]
    }

    private static func id(_ key: String) -> String {
        Base64.encode(Array("\(StoredSecret.nodeTypeName):\(key)".utf8))
    }

    /// What `node(id:)` finds. As in the contract, a key that nothing is stored under too.
    package var nodes: NodeRegistry {
        var nodes = NodeRegistry()
        let secrets = secrets
        nodes.registerText(StoredSecret.nodeTypeName) { key, _ in
            .object(Value(key: key, stored: try await secrets.secrets([key], limit: 1).first))
        }
        return nodes
    }

    /// Every resolver of this feature.
    package var resolvers: ResolverTable {
        var table = ResolverTable()
        addQuery(to: &table)
        addMutation(to: &table)
        table.addConnection("Secret")
        let (secrets, redaction) = (secrets, redaction)
        table.object("Secret", of: Value.self) { fields in
            fields.property("id") { .string($0.id) }
            fields.property("key") { .string($0.key) }
            fields.property("updatedAt") { secret in
                guard let stored = secret.stored else {
                    throw GraphQLFault.notFound("There is no secret '\(secret.key.prefix(200))'.")
                }
                return .timestamp(stored.updatedAt)
            }
            fields.property("user") { _ in .null }
            fields.computed("value") { secret, _, context in
                try context.caller.authorize(SettingsAction.readSecrets)
                guard let stored = secret.stored else {
                    return .object(NotOpened(reason: "The secret is not stored."))
                }
                guard let value = secrets.value(of: stored) else {
                    return .object(
                        NotOpened(
                            reason:
                                "The secret was sealed under another PHOENIX_SECRET. Set it anew."
                        ))
                }
                return .object(Opened(redacted: redaction.redacted(value)))
            }
        }
        table.object("DecryptedSecret", of: Opened.self) { fields in
            fields.property("value") { .string($0.redacted) }
        }
        table.object("UnparsableSecret", of: NotOpened.self) { fields in
            fields.property("parseError") { .string($0.reason) }
        }
        return table
    }

    private static let pageMax = 1000

    private func addQuery(to table: inout ResolverTable) {
        let secrets = secrets
        table.object("Query", of: GraphQLRoot.self) { fields in
            fields.field("secrets") { _, arguments, context in
                try context.caller.authorize(SettingsAction.readSecretNames)
                let first = arguments.integer("first") ?? 50
                guard (0...Self.pageMax).contains(first) else {
                    throw GraphQLFault.badRequest(
                        "Argument 'first' must be from 0 to \(Self.pageMax).")
                }
                let keys = arguments.strings("keys").flatMap { $0.isEmpty ? nil : $0 }
                let after = arguments.string("after").flatMap { $0.isEmpty ? nil : $0 }
                let found = try await secrets.secrets(keys, after: after, limit: first + 1)
                return .connection(
                    Connection(
                        edges: found.prefix(first).map { secret in
                            Edge(
                                node: .object(Value(key: secret.key, stored: secret)),
                                cursor: secret.key)
                        }, hasNextPage: found.count > first, hasPreviousPage: after != nil))
            }
        }
    }

    private func addMutation(to table: inout ResolverTable) {
        let secrets = secrets
        table.object("Mutation", of: GraphQLRoot.self) { fields in
            fields.field("upsertOrDeleteSecrets") { _, arguments, context in
                try context.caller.authorize(SettingsAction.changeSecrets, storesData: true)
                let inputs = arguments.object("input")?["secrets"]?.arrayValue ?? []
                guard !inputs.isEmpty else {
                    throw GraphQLFault.badRequest("At least one secret is required")
                }
                let changes = inputs.map { input in
                    SecretChange(
                        key: (input["key"]?.stringValue ?? "").trimmed,
                        value: input["value"]?.stringValue)
                }
                for change in changes {
                    let fault =
                        SecretChange.fault(ofKey: change.key)
                        ?? SecretChange.fault(ofValue: change.value)
                    if let fault { throw GraphQLFault.badRequest(fault) }
                }
                let (stored, deleted) = try await secrets.apply(changes, now: context.now)
                return .object(Payload(stored: stored, deleted: deleted))
            }
        }
        table.object("UpsertOrDeleteSecretsMutationPayload", of: Payload.self) { fields in
            fields.property("upsertedSecrets") { payload in
                .objects(payload.stored.map { Value(key: $0.key, stored: $0) })
            }
            fields.property("deletedIds") { .strings($0.deleted.map(Self.id)) }
            fields.property("query") { _ in .object(GraphQLRoot()) }
        }
    }
}
