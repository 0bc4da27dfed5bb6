import GraphQLCore
import GraphQLSupport

extension ProjectResolvers {
    private static let facetFieldsMax = 20
    private static let facetValuesMax = 100

    func addFacets(to fields: inout Fields) {
        let (store, budget) = (store, search.budget)
        fields.field("spanFacets") { parent, arguments, _ in
            let names =
                arguments.array("fields")?.compactMap(\.stringValue) ?? FacetField.usual
            guard names.count <= Self.facetFieldsMax else {
                throw GraphQLFault.badRequest(
                    "The values of \(names.count) fields are too many to count at once. "
                        + "Name \(Self.facetFieldsMax) at most.")
            }
            let limit = arguments.integer("first") ?? 0
            guard (0...Self.facetValuesMax).contains(limit) else {
                throw GraphQLFault.badRequest(
                    "The argument first must be from 0 to \(Self.facetValuesMax).")
            }
            var filter = SpanFilter()
            let range = arguments.timeRange
            filter.startTime = range.start
            filter.endTime = range.end
            filter.expressions = [
                try arguments.filter("filterCondition", in: .span),
                try arguments.filter("traceFilterCondition", in: .trace),
            ].compactMap { $0 }
            return .object(
                try await store.spanFacets(
                    names.map { try FacetField($0) }, of: parent.id, where: filter, limit: limit,
                    budget: budget()))
        }
    }

    func addFacetTypes(to table: inout ResolverTable) {
        table.object("SpanFacets", of: SpanFacets.self) { fields in
            fields.property("facets") { .objects($0.facets) }
            fields.property("spanCount") { .integer($0.spanCount) }
            fields.property("countedSpans") { .integer($0.countedSpans) }
            fields.property("sampledFraction") { .double($0.sampledFraction) }
            fields.property("isComplete") { .bool($0.isComplete) }
        }
        table.object("SpanFacet", of: SpanFacet.self) { fields in
            fields.property("field") { .string($0.field) }
            fields.property("values") { .objects($0.values) }
            fields.property("otherCount") { .integer($0.otherCount) }
            fields.property("distinctCount") { .integer($0.distinctCount) }
        }
        table.object("SpanFacetValue", of: SpanFacet.Value.self) { fields in
            fields.property("value") { .string($0.value) }
            fields.property("count") { .integer($0.count) }
        }
    }
}
