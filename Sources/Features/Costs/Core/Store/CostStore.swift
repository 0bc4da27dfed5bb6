import SQLCore

/// Models with their prices, and what calls of them cost.
package struct CostStore: Sendable {
    package let database: any SQLDatabase

    package init(_ database: any SQLDatabase) { self.database = database }
}
