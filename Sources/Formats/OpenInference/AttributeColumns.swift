import JSON

/// What the store keeps in columns of its own, read out of attributes and events that are nested
/// already.
package struct AttributeColumns: Sendable, Hashable {
    package var modelName: String?
    package var provider: String?
    /// Trimmed; nil when missing or blank.
    package var sessionID: String?
    /// Trimmed; nil when missing or blank.
    package var userID: String?
    package var eventCount = 0
    /// The message of the first exception event that has one.
    package var firstErrorMessage: String?

    private var embeddingModelName: String?

    private static let parsing = JSON.ParsingOptions(maximumDepth: 1024)

    /// - Parameters:
    ///   - attributes: A JSON object.
    ///   - events: A JSON array of `{"name", "timestamp", "attributes"}`.
    /// - Throws: `JSONError` when either is something else.
    package init(attributes: [UInt8], events: [UInt8]) throws(JSONError) {
        let result = attributes.withUnsafeBytes { text in
            Result { () throws(JSONError) in
                var columns = AttributeColumns()
                var reader = JSONReader(text, options: Self.parsing)
                try columns.read(&reader)
                try reader.end()
                return columns
            }
        }
        self = try result.get()
        try read(events: events)
        modelName = modelName ?? embeddingModelName
    }

    private init() {}

    private mutating func read(_ reader: inout JSONReader) throws(JSONError) {
        try reader.forEachMember { (reader, key) throws(JSONError) in
            guard ["llm", "embedding", "session", "user"].contains(key),
                try reader.kind() == .object
            else { return try reader.skipValue() }
            try reader.forEachMember { (reader, name) throws(JSONError) in
                switch (key, name) {
                case ("llm", "model_name"): modelName = Self.text(try reader.value())
                case ("llm", "provider"): provider = Self.text(try reader.value())
                case ("embedding", "model_name"):
                    embeddingModelName = Self.text(try reader.value())
                case ("session", "id"): sessionID = Self.identifier(try reader.value())
                case ("user", "id"): userID = Self.identifier(try reader.value())
                default: try reader.skipValue()
                }
            }
        }
    }

    private mutating func read(events: [UInt8]) throws(JSONError) {
        guard events.count > 2 else { return }
        let values = try JSON.parse(events, options: Self.parsing).arrayValue ?? []
        eventCount = values.count
        for event in values where event["name"]?.stringValue == "exception" {
            guard let message = event["attributes"]?["exception.message"], message != "",
                !message.isNull
            else { continue }
            firstErrorMessage = PythonText.description(message)
            return
        }
    }

    private static func text(_ value: JSONValue) -> String? {
        guard let text = value.stringValue, !text.isEmpty else { return nil }
        return text
    }

    private static func identifier(_ value: JSONValue) -> String? {
        if value.isNull { return nil }
        let text = PythonText.trimmed(PythonText.description(value))
        return text.isEmpty ? nil : text
    }
}
