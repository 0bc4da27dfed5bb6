import JSON

/// A span in the shape of OTLP/JSON with snake-case names, every variant of a value present.
package struct OTLPSpanResource: JSONWritable {
    package var name: String
    package var traceID: String
    package var spanID: String
    package var parentID: String?
    package var startTimeUnixNano: UInt64
    package var endTimeUnixNano: UInt64
    /// 0 unset, 1 OK, 2 error.
    package var statusCode: Int64
    package var statusMessage: String?
    /// Under dotted keys.
    package var attributes: JSONObject
    package var events: [Event]

    package struct Event: Sendable {
        package var name: String
        package var timeUnixNano: UInt64
        package var attributes: JSONObject

        package init(name: String, timeUnixNano: UInt64, attributes: JSONObject) {
            self.name = name
            self.timeUnixNano = timeUnixNano
            self.attributes = attributes
        }
    }

    package init(
        name: String, traceID: String, spanID: String, parentID: String?,
        startTimeUnixNano: UInt64, endTimeUnixNano: UInt64, statusCode: Int64,
        statusMessage: String?, attributes: JSONObject, events: [Event]
    ) {
        self.name = name
        self.traceID = traceID
        self.spanID = spanID
        self.parentID = parentID
        self.startTimeUnixNano = startTimeUnixNano
        self.endTimeUnixNano = endTimeUnixNano
        self.statusCode = statusCode
        self.statusMessage = statusMessage
        self.attributes = attributes
        self.events = events
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.otlpAttributes(attributes)
        for name in [
            "dropped_attributes_count", "dropped_events_count", "dropped_links_count",
        ] {
            writer.member(name, nil)
        }
        writer.key("end_time_unix_nano")
        writer.unsigned(endTimeUnixNano)
        writer.key("events")
        if events.isEmpty {
            writer.null()
        } else {
            writer.beginArray()
            for event in events { write(event, to: &writer) }
            writer.endArray()
        }
        writer.member("flags", nil)
        writer.member("kind", "SPAN_KIND_INTERNAL")
        writer.member("links", nil)
        writer.member("name", name)
        writer.member("parent_span_id", parentID)
        writer.member("span_id", spanID)
        writer.key("start_time_unix_nano")
        writer.unsigned(startTimeUnixNano)
        writer.key("status")
        writer.beginObject()
        writer.member("code", statusCode)
        writer.member("message", statusMessage)
        writer.endObject()
        writer.member("trace_id", traceID)
        writer.member("trace_state", nil)
        writer.endObject()
    }

    private func write(_ event: Event, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.otlpAttributes(event.attributes)
        writer.member("dropped_attributes_count", nil)
        writer.member("name", event.name)
        writer.key("time_unix_nano")
        writer.unsigned(event.timeUnixNano)
        writer.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func otlpAttributes(_ attributes: JSONObject) {
        key("attributes")
        guard !attributes.isEmpty else { return null() }
        beginArray()
        for (name, value) in attributes {
            beginObject()
            member("key", name)
            key("value")
            otlpValue(value)
            endObject()
        }
        endArray()
    }

    /// An AnyValue with all of its variants, one at most set. Objects and null set none.
    private mutating func otlpValue(_ value: JSONValue) {
        beginObject()
        key("array_value")
        if case .array(let elements) = value {
            beginObject()
            key("values")
            beginArray()
            for element in Self.uniform(elements) { otlpValue(element) }
            endArray()
            endObject()
        } else {
            null()
        }
        key("bool_value")
        if case .bool(let flag) = value { bool(flag) } else { null() }
        member("bytes_value", nil)
        key("double_value")
        if case .double(let number) = value { double(number) } else { null() }
        key("int_value")
        switch value {
        // A literal beyond 64 bits is text here, which the contract also allows.
        case .integer(let number): integer(number)
        case .number(let literal): string(literal)
        default: null()
        }
        member("kvlist_value", nil)
        member("string_value", value.stringValue)
        endObject()
    }

    /// Elements of one kind stay as they are; a mixture becomes text, as the contract has it.
    private static func uniform(_ elements: [JSONValue]) -> [JSONValue] {
        func kind(_ value: JSONValue) -> Int {
            switch value {
            case .null: 0
            case .bool: 1
            case .integer, .number: 2
            case .double: 3
            case .string: 4
            case .array, .object: 5
            }
        }
        let kinds = Set(elements.map(kind))
        if kinds.count < 2, !kinds.contains(5) { return elements }
        return elements.map { element in
            if case .string = element { element } else { .string(shown(element)) }
        }
    }

    /// A value as Python prints it, which is what clients of the contract see in mixed lists.
    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .null: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .integer, .double, .number: value.text
        case .string(let text): quoted(text)
        case .array(let elements): "[" + elements.map(shown).joined(separator: ", ") + "]"
        case .object(let members):
            "{" + members.map { "\(quoted($0.key)): \(shown($0.value))" }.joined(separator: ", ")
                + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let mark = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = mark
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "'" where mark == "'": result += "\\'"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + mark
    }
}
