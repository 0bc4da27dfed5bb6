import HTTPMessages
import JSON
import PhoenixAPITypes

extension HTTPResponse {
    /// `{"data": …}`.
    package static func data(_ item: some JSONWritable) -> HTTPResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("data")
        item.write(to: &writer)
        writer.endObject()
        return .json(.ok, writer.bytes)
    }

    /// `{"data": […], "next_cursor": …}`.
    package static func page(
        _ items: some Sequence<some JSONWritable>, nextCursor: String?
    ) -> HTTPResponse {
        var writer = JSONWriter(reserving: 4096)
        writer.beginObject()
        writer.key("data")
        writer.beginArray()
        for item in items { item.write(to: &writer) }
        writer.endArray()
        writer.key("next_cursor")
        if let nextCursor { writer.string(nextCursor) } else { writer.null() }
        writer.endObject()
        return .json(.ok, writer.bytes)
    }
}
