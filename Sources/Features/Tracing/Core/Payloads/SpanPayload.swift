import JSON

/// What a span carries beyond its columns: serialised JSON.
package struct SpanPayload: Sendable, Hashable {
    /// An object: the nested attributes.
    package var attributes: [UInt8]
    /// An array: the events in the contract's form.
    package var events: [UInt8]
    /// An object, or empty: links, trace state, OTel kind, exact times and dropped counts.
    package var extras: [UInt8]

    package init(attributes: [UInt8], events: [UInt8], extras: [UInt8]) {
        self.attributes = attributes
        self.events = events
        self.extras = extras
    }

    package var byteCount: Int { attributes.count + events.count + extras.count }

    // MARK: Reading

    /// A value in a request may be 512 deep, and lies at the end of a path of up to 128 steps.
    private static let parsing = JSON.ParsingOptions(maximumDepth: 1024)

    /// Reads a part of a payload, which may be deeper than the JSON of a request.
    package static func parsed(_ json: [UInt8]) throws(JSONError) -> JSONValue {
        try JSON.parse(json, options: parsing)
    }

    /// Reads a part of a payload, which may be deeper than the JSON of a request.
    package static func parsed(_ json: UnsafeRawBufferPointer) throws(JSONError) -> JSONValue {
        try JSON.parse(json, options: parsing)
    }
}
