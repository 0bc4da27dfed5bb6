/// The names that the trace or session language knows, in a fixed order.
package struct FilterVocabulary: Sendable {
    private let vocabulary: Vocabulary

    package init(_ language: FilterLanguage) { vocabulary = Vocabulary(language: language) }

    /// Fields of the filtered row, sorted by name.
    package var fields: [FilterField] {
        Set(vocabulary.fields.values).sorted { $0.rawValue < $1.rawValue }
    }

    /// What can be iterated, sorted by name.
    package var collections: [FilterCollection] { vocabulary.collections }

    /// The fields of an element, sorted by name.
    package func fields(of collection: FilterCollection) -> [FilterField] {
        vocabulary.fields(of: collection)
    }

    /// What can be iterated of an element, sorted by name.
    package func collections(of collection: FilterCollection) -> [FilterCollection] {
        vocabulary.collections(of: collection)
    }

    /// Whether an element has a `parent_span`.
    package func hasParent(_ collection: FilterCollection) -> Bool {
        vocabulary.hasParent(collection)
    }
}
