/// The fields of one span, pointing into the request that holds it.
///
/// One instance reads span after span and keeps the capacity of its lists.
package struct OTLPSpan {
    package typealias Bytes = UnsafeRawBufferPointer

    package struct Event {
        package let timeUnixNano: UInt64
        package let name: Bytes
        package let droppedAttributesCount: UInt32
        /// Where the event's attributes are in ``OTLPSpan/nestedAttributes``.
        package let attributes: Range<Int>
    }

    package struct Link {
        package let traceID: Bytes
        package let spanID: Bytes
        package let traceState: Bytes
        package let flags: UInt32
        package let droppedAttributesCount: UInt32
        /// Where the link's attributes are in ``OTLPSpan/nestedAttributes``.
        package let attributes: Range<Int>
    }

    private static var none: Bytes { Bytes(start: nil, count: 0) }

    package private(set) var traceID = none
    package private(set) var spanID = none
    package private(set) var parentSpanID = none
    package private(set) var traceState = none
    package private(set) var name = none
    /// The OpenTelemetry kind: 1 internal, 2 server, 3 client, 4 producer, 5 consumer.
    package private(set) var kind: Int32 = 0
    package private(set) var flags: UInt32 = 0
    package private(set) var startTimeUnixNano: UInt64 = 0
    package private(set) var endTimeUnixNano: UInt64 = 0
    package private(set) var droppedAttributesCount: UInt32 = 0
    package private(set) var droppedEventsCount: UInt32 = 0
    package private(set) var droppedLinksCount: UInt32 = 0
    package private(set) var statusCode: Int32 = 0
    package private(set) var statusMessage = none
    /// In the order of the request, duplicate keys included.
    package private(set) var attributes: [OTLPAttribute] = []
    package private(set) var events: [Event] = []
    package private(set) var links: [Link] = []
    /// The attributes of all events and links.
    package private(set) var nestedAttributes: [OTLPAttribute] = []

    package init() {}

    /// Replaces all fields by those of an encoded span, one of ``OTLPScope/spans``.
    package mutating func read(_ message: Bytes) {
        clear()
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: traceID = cursor.content
            case 2 where cursor.isBytes: spanID = cursor.content
            case 3 where cursor.isBytes: traceState = cursor.content
            case 4 where cursor.isBytes: parentSpanID = cursor.content
            case 5 where cursor.isBytes: name = cursor.content
            case 6 where cursor.isVarint: kind = Int32(truncatingIfNeeded: cursor.bits)
            case 7 where cursor.isFixed64: startTimeUnixNano = cursor.bits
            case 8 where cursor.isFixed64: endTimeUnixNano = cursor.bits
            case 9 where cursor.isBytes: attributes.append(OTLPAttribute(cursor.content))
            case 10 where cursor.isVarint:
                droppedAttributesCount = UInt32(truncatingIfNeeded: cursor.bits)
            case 11 where cursor.isBytes: readEvent(cursor.content)
            case 12 where cursor.isVarint:
                droppedEventsCount = UInt32(truncatingIfNeeded: cursor.bits)
            case 13 where cursor.isBytes: readLink(cursor.content)
            case 14 where cursor.isVarint:
                droppedLinksCount = UInt32(truncatingIfNeeded: cursor.bits)
            case 15 where cursor.isBytes: readStatus(cursor.content)
            case 16 where cursor.isFixed32: flags = UInt32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
    }

    private mutating func clear() {
        traceID = Self.none
        spanID = Self.none
        parentSpanID = Self.none
        traceState = Self.none
        name = Self.none
        kind = 0
        flags = 0
        startTimeUnixNano = 0
        endTimeUnixNano = 0
        droppedAttributesCount = 0
        droppedEventsCount = 0
        droppedLinksCount = 0
        statusCode = 0
        statusMessage = Self.none
        attributes.removeAll(keepingCapacity: true)
        events.removeAll(keepingCapacity: true)
        links.removeAll(keepingCapacity: true)
        nestedAttributes.removeAll(keepingCapacity: true)
    }

    private mutating func readStatus(_ message: Bytes) {
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 2 where cursor.isBytes: statusMessage = cursor.content
            case 3 where cursor.isVarint: statusCode = Int32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
    }

    private mutating func readEvent(_ message: Bytes) {
        var time: UInt64 = 0
        var name = Self.none
        var dropped: UInt32 = 0
        let start = nestedAttributes.count
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isFixed64: time = cursor.bits
            case 2 where cursor.isBytes: name = cursor.content
            case 3 where cursor.isBytes: nestedAttributes.append(OTLPAttribute(cursor.content))
            case 4 where cursor.isVarint: dropped = UInt32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
        events.append(
            Event(
                timeUnixNano: time, name: name, droppedAttributesCount: dropped,
                attributes: start..<nestedAttributes.count))
    }

    private mutating func readLink(_ message: Bytes) {
        var traceID = Self.none
        var spanID = Self.none
        var traceState = Self.none
        var flags: UInt32 = 0
        var dropped: UInt32 = 0
        let start = nestedAttributes.count
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: traceID = cursor.content
            case 2 where cursor.isBytes: spanID = cursor.content
            case 3 where cursor.isBytes: traceState = cursor.content
            case 4 where cursor.isBytes: nestedAttributes.append(OTLPAttribute(cursor.content))
            case 5 where cursor.isVarint: dropped = UInt32(truncatingIfNeeded: cursor.bits)
            case 6 where cursor.isFixed32: flags = UInt32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
        links.append(
            Link(
                traceID: traceID, spanID: spanID, traceState: traceState, flags: flags,
                droppedAttributesCount: dropped, attributes: start..<nestedAttributes.count))
    }
}
