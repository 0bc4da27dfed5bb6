import JSON

/// An annotation of a span, trace or session as REST shows it.
package struct AnnotationResource: JSONWritable, Hashable {
    package var id: String
    package var createdAt: String
    package var updatedAt: String
    /// `API` or `APP`.
    package var source: String
    package var userID: String?
    package var name: String
    /// `LLM`, `CODE` or `HUMAN`.
    package var annotatorKind: String
    package var label: String?
    package var score: Double?
    package var explanation: String?
    /// A serialised JSON object.
    package var metadata: [UInt8]
    package var identifier: String
    /// The member that names what the annotation is about, such as `span_id`.
    package var targetKey: String
    package var target: String

    package init(
        id: String, createdAt: String, updatedAt: String, source: String, userID: String?,
        name: String, annotatorKind: String, label: String?, score: Double?, explanation: String?,
        metadata: [UInt8], identifier: String, targetKey: String, target: String
    ) {
        self.id = id
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.source = source
        self.userID = userID
        self.name = name
        self.annotatorKind = annotatorKind
        self.label = label
        self.score = score
        self.explanation = explanation
        self.metadata = metadata
        self.identifier = identifier
        self.targetKey = targetKey
        self.target = target
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("created_at", createdAt)
        writer.member("updated_at", updatedAt)
        writer.member("source", source)
        writer.member("user_id", userID)
        writer.member("name", name)
        writer.member("annotator_kind", annotatorKind)
        writer.key("result")
        writer.beginObject()
        writer.member("label", label)
        writer.member("score", number: score)
        writer.member("explanation", explanation)
        writer.endObject()
        writer.key("metadata")
        writer.raw(metadata)
        writer.member("identifier", identifier)
        writer.member(targetKey, target)
        writer.endObject()
    }
}

/// The ids of annotations that were stored.
package struct InsertedAnnotationsResource: JSONWritable, Hashable {
    package var items: [CreatedResource]

    package init(items: [CreatedResource]) { self.items = items }

    package func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for item in items { item.write(to: &writer) }
        writer.endArray()
    }
}
