import JSON

/// A span that a search found, with the place of the match.
package struct SpanSearchResource: JSONWritable, Hashable {
    package var id: String
    package var spanID: String
    package var traceID: String
    package var parentID: String?
    package var name: String
    package var kind: String
    package var statusCode: String
    package var startTime: String
    package var endTime: String
    /// Where the text is: `name`, `status_message` or the path of an attribute.
    package var field: String
    package var snippet: String
    /// In characters of the snippet, as Python counts them.
    package var matchOffset: Int
    package var matchLength: Int

    package init(
        id: String, spanID: String, traceID: String, parentID: String?, name: String, kind: String,
        statusCode: String, startTime: String, endTime: String, field: String, snippet: String,
        matchOffset: Int, matchLength: Int
    ) {
        self.id = id
        self.spanID = spanID
        self.traceID = traceID
        self.parentID = parentID
        self.name = name
        self.kind = kind
        self.statusCode = statusCode
        self.startTime = startTime
        self.endTime = endTime
        self.field = field
        self.snippet = snippet
        self.matchOffset = matchOffset
        self.matchLength = matchLength
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("span_id", spanID)
        writer.member("trace_id", traceID)
        writer.member("parent_id", parentID)
        writer.member("name", name)
        writer.member("span_kind", kind)
        writer.member("status_code", statusCode)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.member("field", field)
        writer.member("snippet", snippet)
        writer.member("match_offset", Int64(matchOffset))
        writer.member("match_length", Int64(matchLength))
        writer.endObject()
    }
}

/// One page of a search.
package struct SpanSearchPageResource: JSONWritable, Hashable {
    package var items: [SpanSearchResource]
    package var nextCursor: String?
    /// False when time was up before the page was full.
    package var isComplete: Bool

    package init(items: [SpanSearchResource], nextCursor: String?, isComplete: Bool) {
        self.items = items
        self.nextCursor = nextCursor
        self.isComplete = isComplete
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("data", items)
        writer.member("next_cursor", nextCursor)
        writer.key("is_complete")
        writer.bool(isComplete)
        writer.endObject()
    }
}
