import SQLCore

/// A scalar function that statements can call, computed by us.
package struct SQLiteFunction: Sendable {
    /// Computes the answer for one row.
    ///
    /// The connection is the one that runs the statement, so the body may query it. `state` belongs to
    /// this function on this connection and lives as long as both, which makes it a place for a cache.
    package typealias Body =
        @Sendable (
            _ arguments: [SQLValue], _ connection: any SQLConnection, _ state: inout AnyObject?
        ) throws -> SQLValue

    let name: String
    let argumentCount: Int
    let body: Body

    package init(name: String, argumentCount: Int, body: @escaping Body) {
        self.name = name
        self.argumentCount = argumentCount
        self.body = body
    }
}
