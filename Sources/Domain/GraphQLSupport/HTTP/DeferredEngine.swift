import GraphQLCore
import Locking

/// An engine that is made for the first question: a start need not wait for the schema, and a server
/// that is only sent spans need not hold it.
package final class DeferredEngine: Sendable {
    private let make: @Sendable () throws -> GraphQLEngine
    private let made = Mutex<GraphQLEngine?>(nil)

    package init(_ make: @escaping @Sendable () throws -> GraphQLEngine) {
        self.make = make
    }

    var value: GraphQLEngine {
        get throws {
            try made.withLock { engine in
                if let engine { return engine }
                let fresh = try make()
                engine = fresh
                return fresh
            }
        }
    }
}
