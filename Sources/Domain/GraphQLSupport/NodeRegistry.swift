import BinaryText
import GraphQLCore
import PhoenixModel

/// Resolves `node(id:)`: each feature registers the types of its own.
///
/// A registered closure need not look whether the thing exists: the contract answers `node` for
/// any row id of a known type, and fails at the first field that needs the row.
package struct NodeRegistry: Sendable {
    package typealias Resolve =
        @Sendable (_ rowID: Int64, _ context: ResolverContext) async throws -> ResolvedValue

    package typealias ResolveText =
        @Sendable (_ text: String, _ context: ResolverContext) async throws -> ResolvedValue

    private var resolvers: [String: Resolve] = [:]
    private var textResolvers: [String: ResolveText] = [:]

    package init() {}

    /// Registers a type by its name in global ids. Two of one name are a mistake and trap.
    package mutating func register(_ typeName: String, _ resolve: @escaping Resolve) {
        precondition(
            resolvers.updateValue(resolve, forKey: typeName) == nil,
            "The node type \(typeName) is registered twice.")
    }

    /// Registers a type whose global ids have a text where others have a number.
    package mutating func registerText(_ typeName: String, _ resolve: @escaping ResolveText) {
        precondition(
            textResolvers.updateValue(resolve, forKey: typeName) == nil,
            "The node type \(typeName) is registered twice.")
    }

    package mutating func register<Noun: Node & SendableMetatype>(
        _ noun: Noun.Type,
        _ resolve:
            @escaping @Sendable (RowID<Noun>, ResolverContext) async throws -> ResolvedValue
    ) {
        register(Noun.nodeTypeName) { rowID, context in
            try await resolve(RowID(rowID), context)
        }
    }

    /// Adds what another registry has.
    package mutating func merge(_ other: NodeRegistry) {
        for (name, resolve) in other.resolvers { register(name, resolve) }
        for (name, resolve) in other.textResolvers { registerText(name, resolve) }
    }

    package var typeNames: [String] { (Array(resolvers.keys) + textResolvers.keys).sorted() }

    /// The node of a global id.
    ///
    /// - Throws: ``GraphQLFault`` when the id is none, or of a type that no feature has.
    package func resolve(_ id: String, _ context: ResolverContext) async throws -> ResolvedValue {
        let (typeName, number) = try Self.parts(of: id)
        if let resolve = textResolvers[typeName] { return try await resolve(number, context) }
        guard let resolve = resolvers[typeName] else {
            throw GraphQLFault.notFound("Unknown node type: \(shortened(typeName))")
        }
        guard let rowID = Self.integer(number) else {
            throw GraphQLFault.badRequest(
                "Invalid node id: \(shortened(id)). The id of a \(typeName) node must be an"
                    + " integer, but got: \(shortened(number))")
        }
        return try await resolve(rowID, context)
    }

    /// Reads `type:number`. As in the contract's reading of Base64, characters outside of the
    /// alphabet do not count.
    static func parts(of id: String) throws(GraphQLFault) -> (type: String, number: String) {
        let known = id.unicodeScalars.prefix(1000).filter(isBase64)
        let digits = known.prefix { $0 != "=" }
        guard known.count - digits.count >= (4 - digits.count % 4) % 4,
            let bytes = Base64.decodeLeniently(String(String.UnicodeScalarView(digits))),
            let decoded = String(validating: bytes, as: UTF8.self)
        else { throw .notFound("Unknown node: \(shortened(id))") }
        let parts = decoded.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .notFound("Unknown node: \(shortened(id))") }
        return (String(parts[0]), String(parts[1]))
    }

    private static func isBase64(_ character: Unicode.Scalar) -> Bool {
        switch character {
        case "A"..."Z", "a"..."z", "0"..."9", "+", "/", "=": true
        default: false
        }
    }

    /// An integer with blanks around it and underscores between its digits.
    private static func integer(_ text: String) -> Int64? {
        let blanks = " \t\n\r"
        let trimmed = text.drop { blanks.contains($0) }.reversed().drop { blanks.contains($0) }
        let digits = trimmed.reversed().split(separator: "_", omittingEmptySubsequences: false)
        guard digits.allSatisfy({ !$0.isEmpty }) else { return nil }
        return Int64(String(digits.joined()))
    }
}

/// Reads the global id of an argument.
///
/// - Throws: ``GraphQLFault`` when it is none or of another type.
package func rowID<Noun: Node>(
    _ id: String, as noun: Noun.Type = Noun.self
) throws(GraphQLFault) -> RowID<Noun> {
    guard let id = NodeID(id) else {
        throw .badRequest("Invalid node id: \(shortened(id))")
    }
    guard let rowID = id.rowID(as: Noun.self) else {
        throw .badRequest(
            "The node id must correspond to a node of type \(Noun.nodeTypeName), but instead"
                + " corresponds to a node of type: \(shortened(id.typeName))")
    }
    return rowID
}

/// A text of the client as messages repeat it: at most 200 characters.
func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: 200, limitedBy: scalars.endIndex),
        end != scalars.endIndex
    else { return text }
    return String(scalars[..<end]) + "…"
}
