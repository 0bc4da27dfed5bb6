import GraphQLCore
import PhoenixModel

/// What the resolvers of one request know about who asks, and when. Stores are not in here: a
/// feature's resolvers hold theirs.
package struct GraphQLRequestContext: Sendable {
    package var principal: Principal
    /// Whether nobody may change anything.
    package var isReadOnly: Bool
    /// When the request began. All fields of a request share one instant.
    package var now: Timestamp
    /// Why no data is taken at present, as a sentence for the user; nil while there is room.
    package var insertionBlock: @Sendable () -> String?

    package init(
        principal: Principal = .anonymous, isReadOnly: Bool = false, now: Timestamp,
        insertionBlock: @escaping @Sendable () -> String? = { nil }
    ) {
        self.principal = principal
        self.isReadOnly = isReadOnly
        self.now = now
        self.insertionBlock = insertionBlock
    }

    /// Lets an action pass, or refuses it in the words of the contract.
    ///
    /// - Parameter storesData: Whether the action adds data, and so is refused while the disk is
    ///   nearly full.
    package func authorize(_ action: any Action, storesData: Bool = false) throws(GraphQLFault) {
        let access = action.requiredAccess
        if isReadOnly, access != .read { throw .unauthorized("Application is read-only") }
        guard principal.permits(access) else {
            switch access {
            case .administer: throw .unauthorized("Only admin can perform this action")
            case .read, .write: throw .unauthorized("Viewers cannot perform this action")
            }
        }
        if storesData, let reason = insertionBlock() { throw .insufficientStorage(reason) }
    }
}

extension ResolverContext {
    /// The context of the request. Every request that ``GraphQLRoutes`` answers has one.
    package var caller: GraphQLRequestContext { application(as: GraphQLRequestContext.self) }

    package var principal: Principal { caller.principal }
    package var now: Timestamp { caller.now }
}
