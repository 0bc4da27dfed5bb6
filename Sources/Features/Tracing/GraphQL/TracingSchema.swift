/// The schema texts of this feature.
package enum TracingSchema {
    /// One text a noun. Types that belong to later features are among them, as far as tracing refers
    /// to them.
    package static var texts: [String] {
        [
            PackageResources.Scalars_graphql, PackageResources.Query_graphql,
            PackageResources.Mutation_graphql, PackageResources.Project_graphql,
            PackageResources.Trace_graphql, PackageResources.Span_graphql,
            PackageResources.Session_graphql,
            PackageResources.Retention_graphql, PackageResources.Accounts_graphql,
            PackageResources.Search_graphql, PackageResources.TextSearch_graphql,
            PackageResources.Completion_graphql, PackageResources.Facets_graphql,
        ].map { String(decoding: $0, as: UTF8.self) }
    }
}
