/// The two databases that Phoenix stores its data in.
package enum SQLDialect: String, Sendable, CaseIterable {
    case sqlite
    case postgres
}
