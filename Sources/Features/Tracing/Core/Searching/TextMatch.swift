import JSON
import TextSignatures

/// Where a span has a text, and what stands around it.
package struct TextMatch: Sendable, Hashable {
    /// `name`, `status_message`, the dotted path of an attribute, or the key of an event's attribute
    /// such as `exception.message`.
    package var field: String
    package var snippet: TextSnippet

    /// The first match of a span; nil when it has none.
    ///
    /// Looked at are the name, the status message, input and output, the other attributes and then
    /// the attributes of events, but of all these only strings.
    static func first(
        of needle: TextNeedle, name: String, statusMessage: String, payload: SpanPayload
    ) throws(JSONError) -> TextMatch? {
        if let match = TextMatch(of: needle, in: name, field: "name") { return match }
        if let match = TextMatch(of: needle, in: statusMessage, field: "status_message") {
            return match
        }
        if let attributes = try strings(payload.attributes, needle) {
            for (key, path) in [("input", "input.value"), ("output", "output.value")] {
                if let text = attributes[key]?["value"]?.stringValue,
                    let match = TextMatch(of: needle, in: text, field: path)
                {
                    return match
                }
            }
            if let match = first(of: needle, in: attributes, field: "") { return match }
        }
        if let events = try strings(payload.events, needle) {
            for event in events.arrayValue ?? [] {
                guard let attributes = event["attributes"],
                    let match = first(of: needle, in: attributes, field: "")
                else { continue }
                return match
            }
        }
        return nil
    }

    /// Whether a span has a text where ``first(of:name:statusMessage:payload:)`` looks.
    static func exists(
        _ needle: TextNeedle, attributes: UnsafeRawBufferPointer, events: UnsafeRawBufferPointer
    ) throws(JSONError) -> Bool {
        if needle.mayOccur(inJSON: attributes),
            occurs(needle, in: try SpanPayload.parsed(attributes))
        {
            return true
        }
        guard needle.mayOccur(inJSON: events) else { return false }
        return (try SpanPayload.parsed(events).arrayValue ?? []).contains { event in
            event["attributes"].map { occurs(needle, in: $0) } ?? false
        }
    }

    private init?(of needle: TextNeedle, in text: String, field: String) {
        guard let range = needle.firstRange(in: text) else { return nil }
        self.field = field
        snippet = TextSnippet(of: text, around: range)
    }

    // MARK: Documents

    /// A document that may have the needle, read; nil when it has not.
    private static func strings(
        _ bytes: [UInt8], _ needle: TextNeedle
    ) throws(JSONError) -> JSONValue? {
        guard bytes.withUnsafeBytes(needle.mayOccur(inJSON:)) else { return nil }
        return try SpanPayload.parsed(bytes)
    }

    private static func first(
        of needle: TextNeedle, in value: JSONValue, field: String
    ) -> TextMatch? {
        switch value {
        case .string(let text): return TextMatch(of: needle, in: text, field: field)
        case .array(let items):
            for (index, item) in items.enumerated() {
                let path = Self.path(field, String(index))
                if let match = first(of: needle, in: item, field: path) { return match }
            }
        case .object(let members):
            for (key, member) in members {
                let path = Self.path(field, key)
                if let match = first(of: needle, in: member, field: path) { return match }
            }
        default: break
        }
        return nil
    }

    private static func path(_ field: String, _ step: String) -> String {
        field.isEmpty ? step : "\(field).\(step)"
    }

    private static func occurs(_ needle: TextNeedle, in value: JSONValue) -> Bool {
        switch value {
        case .string(let text): needle.occurs(in: text)
        case .array(let items): items.contains { occurs(needle, in: $0) }
        case .object(let members): members.contains { occurs(needle, in: $0.value) }
        default: false
        }
    }
}

/// A match with some text before and after it.
///
/// Offset and length count Unicode scalars, as Python counts characters. No character that a reader
/// sees as one is cut, unless it consists of hundreds of scalars.
package struct TextSnippet: Sendable, Hashable {
    package var text: String
    package var matchOffset: Int
    package var matchLength: Int

    /// How long a snippet is, in scalars, unless the match itself is longer.
    private static let length = 160
    private static let surroundingsMin = 20
    /// How many scalars one visible character may have to be kept whole.
    private static let characterMax = 256

    package init(of text: String, around match: Range<String.Index>) {
        let scalars = text.unicodeScalars
        matchLength = scalars.distance(from: match.lowerBound, to: match.upperBound)
        let room = max(Self.length - matchLength, Self.surroundingsMin * 2)
        var start = match.lowerBound
        var before = 0
        while before < room / 2, start > scalars.startIndex {
            start = scalars.index(before: start)
            before += 1
        }
        var end = match.upperBound
        var after = 0
        while after < room - before, end < scalars.endIndex {
            end = scalars.index(after: end)
            after += 1
        }
        (start, end) = Self.widened(start, end, in: text)
        self.text = String(scalars[start..<end])
        matchOffset = scalars.distance(from: start, to: match.lowerBound)
    }

    /// The ends moved outwards until no character is cut.
    private static func widened(
        _ start: String.Index, _ end: String.Index, in text: String
    ) -> (String.Index, String.Index) {
        let scalars = text.unicodeScalars
        var (lower, upper) = (start, end)
        var steps = 0
        while lower > scalars.startIndex, String.Index(lower, within: text) == nil {
            guard steps < characterMax else {
                lower = start
                break
            }
            lower = scalars.index(before: lower)
            steps += 1
        }
        steps = 0
        while upper < scalars.endIndex, String.Index(upper, within: text) == nil {
            guard steps < characterMax else {
                upper = end
                break
            }
            upper = scalars.index(after: upper)
            steps += 1
        }
        return (lower, upper)
    }
}
