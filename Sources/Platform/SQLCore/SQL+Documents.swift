extension SQL {
    /// JSON for a column that keeps it as it was written, the order of its members too.
    ///
    /// A `SQLValue.json` would be normalised on its way into PostgreSQL. In ``BulkRows`` such a
    /// column has the type `text`.
    package static func document(_ json: [UInt8]) -> SQL {
        let text = String(decoding: json, as: UTF8.self)
        return .dialect(sqlite: "\(text)", postgres: "\(text)::text::json")
    }
}
