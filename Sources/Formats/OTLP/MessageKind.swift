import ProtobufWire

/// The messages of a trace export, as far as one contains another.
///
/// Source: opentelemetry-proto 1.x, `collector/trace/v1`, `trace/v1`, `resource/v1`, `common/v1`.
enum MessageKind {
    case request, resourceSpans, resource, scopeSpans, scope, span, event, link, status
    case keyValue, anyValue, arrayValue, keyValueList

    /// The message that a field holds, or `nil` for fields of other types and unknown ones.
    @inline(__always)
    func child(_ field: UInt32) -> MessageKind? {
        switch (self, field) {
        case (.request, 1): .resourceSpans
        case (.resourceSpans, 1): .resource
        case (.resourceSpans, 2): .scopeSpans
        case (.scopeSpans, 1): .scope
        case (.scopeSpans, 2): .span
        case (.span, 9), (.event, 3), (.link, 4), (.resource, 1), (.scope, 3): .keyValue
        case (.span, 11): .event
        case (.span, 13): .link
        case (.span, 15): .status
        case (.keyValue, 2), (.arrayValue, 1): .anyValue
        case (.anyValue, 5): .arrayValue
        case (.anyValue, 6): .keyValueList
        case (.keyValueList, 1): .keyValue
        default: nil
        }
    }

    /// Reads a whole message with all that it contains, so that later readings cannot fail.
    ///
    /// - Parameter spanCount: Grows by the number of spans met.
    func validate(
        _ message: UnsafeRawBufferPointer, depth: Int, spanCount: inout Int
    ) throws(ProtobufError) {
        guard depth <= ProtobufReader.maximumDepth else { throw .tooDeep }
        var cursor = FieldCursor(message)
        while cursor.next(depth: depth) {
            guard cursor.isBytes, let child = child(cursor.number) else { continue }
            if child == .span { spanCount += 1 }
            try child.validate(cursor.content, depth: depth + 1, spanCount: &spanCount)
        }
        if let error = cursor.error { throw error }
    }
}
