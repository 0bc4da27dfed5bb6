import SQLCore

/// Where the rows behind a filter are, in SQL.
///
/// Whoever owns the tables provides it, so that this module knows none. All fragments are
/// correlated with the row that the caller's statement looks at.
package protocol FilterColumns: Sendable {
    /// The expression of a field of the filtered row: text, a double or an integer, microseconds, or
    /// a condition, by ``FilterField/type``; for ``FilterField/parentSpan`` anything that is NULL
    /// when the parent is not stored.
    ///
    /// Never asked for ``FilterField/attributes``, ``FilterField/events``, ``FilterField/input``,
    /// ``FilterField/output``, ``FilterField/anyInput`` and ``FilterField/anyOutput``.
    func column(_ field: FilterField) -> SQL

    /// An expression that is NULL exactly where ``column(_:)`` is, where there is a cheaper one.
    func presence(of field: FilterField) -> SQL?

    /// An equivalent condition for `field` being one of `values` that an index serves; nil when the
    /// plain comparison of ``column(_:)`` is as good.
    func condition(_ field: FilterField, isAnyOf values: [String]) -> SQL?

    /// The JSON text of the attribute at `path`, NULL when there is none. An empty path asks for
    /// all attributes.
    func attribute(at path: [FilterPathStep]) -> SQL

    /// A query for `score`, `label`, `explanation` and `identifier` of the filtered row's
    /// annotations of that name; nil when there can be none.
    func annotations(of subject: FilterAnnotationSubject, named name: String) -> SQL?

    /// `FROM … WHERE …` of a collection's elements, whose table is to be called `alias`; nil when
    /// there can be no elements.
    ///
    /// - Parameter owner: The alias of the element that the collection belongs to; nil for the
    ///   filtered row.
    func rows(of collection: FilterCollection, ownedBy owner: String?, as alias: String) -> SQL?

    /// The expression of a field of an element of `collection` called `alias`.
    func column(
        _ field: FilterField, of collection: FilterCollection, as alias: String
    ) -> SQL

    /// The same of the element's parent span.
    func parentColumn(
        _ field: FilterField, of collection: FilterCollection, as alias: String
    ) -> SQL

    /// A condition for `needle` being in any input or output of a session, ignoring case.
    func anyText(_ field: FilterField, contains needle: String) -> SQL

    /// A condition for `needle` being in any text of the filtered span, ignoring case; never NULL.
    func texts(contain needle: String) -> SQL
}

extension FilterColumns {
    package func presence(of field: FilterField) -> SQL? { nil }
    package func condition(_ field: FilterField, isAnyOf values: [String]) -> SQL? { nil }
    package func annotations(of subject: FilterAnnotationSubject, named name: String) -> SQL? {
        nil
    }
    package func texts(contain needle: String) -> SQL { "FALSE" }
    package func anyText(_ field: FilterField, contains needle: String) -> SQL { "FALSE" }
    package func parentColumn(
        _ field: FilterField, of collection: FilterCollection, as alias: String
    ) -> SQL { "NULL" }
}
