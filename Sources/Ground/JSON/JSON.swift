/// A JSON text that could not be read. The message tells what is wrong and never quotes the text.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String
    /// The number of bytes before the fault.
    package var offset: Int

    package init(message: String, offset: Int) {
        self.message = message
        self.offset = offset
    }

    package var description: String { "The JSON text is not valid at byte \(offset): \(message)" }
}

/// Reads JSON (RFC 8259).
package enum JSON {
    package struct ParsingOptions: Sendable {
        /// How deep arrays and objects may be nested. A deeper text is an error, so that hostile
        /// input cannot exhaust the stack.
        package var maximumDepth = 512
        /// Whether `NaN`, `Infinity` and `-Infinity` are numbers, as Python's `json.loads` has it.
        package var acceptsNonFinite = false
        /// Whether bytes that are not UTF-8 are shown as the text `\xNN` instead of being an error.
        package var showsInvalidUTF8 = false

        package init(
            maximumDepth: Int = 512, acceptsNonFinite: Bool = false, showsInvalidUTF8: Bool = false
        ) {
            self.maximumDepth = maximumDepth
            self.acceptsNonFinite = acceptsNonFinite
            self.showsInvalidUTF8 = showsInvalidUTF8
        }
    }

    /// Reads one value that fills the whole text.
    ///
    /// A surrogate escape without its partner becomes U+FFFD. Of equal keys the last value wins.
    ///
    /// - Complexity: Linear in the length of the text.
    package static func parse(
        _ bytes: UnsafeRawBufferPointer, options: ParsingOptions = .init()
    ) throws(JSONError) -> JSONValue {
        var reader = JSONReader(bytes, options: options)
        let value = try reader.value()
        try reader.end()
        return value
    }

    package static func parse(
        _ bytes: [UInt8], options: ParsingOptions = .init()
    ) throws(JSONError) -> JSONValue {
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(JSONError) in try parse(buffer, options: options) }
        }
        return try result.get()
    }

    package static func parse(
        _ text: String, options: ParsingOptions = .init()
    ) throws(JSONError) -> JSONValue {
        var text = text
        let result = text.withUTF8 { buffer in
            Result { () throws(JSONError) in
                try parse(UnsafeRawBufferPointer(buffer), options: options)
            }
        }
        return try result.get()
    }
}
