import ProtobufWire

/// An `ExportTraceServiceRequest` that has been checked as a whole.
///
/// It owns the request's bytes; what ``forEachScope(_:)`` shows points into them, and nothing is
/// copied. Text is not checked: invalid UTF-8 is the reader's to show.
package struct TraceExportRequest: Sendable {
    /// The request in protobuf, also when it came as JSON.
    private let bytes: [UInt8]
    /// The number of spans in the request.
    package let spanCount: Int

    /// Takes a request in protobuf.
    ///
    /// - Complexity: Linear in the size; messages nested over 100 deep are refused as too deep.
    package init(protobuf bytes: [UInt8]) throws(OTLPError) {
        var spanCount = 0
        let result = bytes.withUnsafeBytes { buffer in
            Result { () throws(ProtobufError) in
                try MessageKind.request.validate(buffer, depth: 0, spanCount: &spanCount)
            }
        }
        if case .failure(let error) = result {
            throw OTLPError(
                "The request is not a valid ExportTraceServiceRequest: \(error.explanation)")
        }
        self.bytes = bytes
        self.spanCount = spanCount
    }

    /// Takes a request in OTLP/JSON.
    ///
    /// Beyond the rules of the OTLP specification it accepts field names in snake case, names of
    /// enumeration values, and ids in base64. An id that is neither hexadecimal nor base64 reads as
    /// absent, so that only its span is refused.
    ///
    /// - Complexity: Linear in the size; about as much memory as the text takes is allocated.
    package init(json text: [UInt8]) throws(OTLPError) {
        try self.init(protobuf: JSONTranscoder.protobuf(text))
    }

    /// Visits the scopes of the request in order, with the resource that each belongs to.
    ///
    /// What the body receives must not leave it.
    package func forEachScope(_ body: (OTLPScope) throws -> Void) rethrows {
        try bytes.withUnsafeBytes { buffer in
            var cursor = FieldCursor(buffer)
            while cursor.next() {
                guard cursor.number == 1, cursor.isBytes else { continue }
                try Self.visit(resourceSpans: cursor.content, body)
            }
        }
    }

    private static func visit(
        resourceSpans: UnsafeRawBufferPointer, _ body: (OTLPScope) throws -> Void
    ) rethrows {
        // Fields may come in any order, so the resource is read before the first span.
        var resource = OTLPOrigin()
        var cursor = FieldCursor(resourceSpans)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: resource.readResource(cursor.content)
            case 3 where cursor.isBytes: resource.schemaURL = cursor.content
            default: break
            }
        }
        cursor = FieldCursor(resourceSpans)
        while cursor.next() {
            guard cursor.number == 2, cursor.isBytes else { continue }
            try body(OTLPScope(cursor.content, resource: resource))
        }
    }
}

/// A resource or an instrumentation scope: who made the spans.
package struct OTLPOrigin {
    package typealias Bytes = UnsafeRawBufferPointer

    private static var none: Bytes { Bytes(start: nil, count: 0) }

    /// The scope's name; empty for a resource.
    package fileprivate(set) var name = none
    /// The scope's version; empty for a resource.
    package fileprivate(set) var version = none
    package fileprivate(set) var schemaURL = none
    package fileprivate(set) var attributes: [OTLPAttribute] = []
    package fileprivate(set) var droppedAttributesCount: UInt32 = 0

    fileprivate mutating func readResource(_ message: Bytes) {
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: attributes.append(OTLPAttribute(cursor.content))
            case 2 where cursor.isVarint:
                droppedAttributesCount = UInt32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
    }

    fileprivate mutating func readScope(_ message: Bytes) {
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: name = cursor.content
            case 2 where cursor.isBytes: version = cursor.content
            case 3 where cursor.isBytes: attributes.append(OTLPAttribute(cursor.content))
            case 4 where cursor.isVarint:
                droppedAttributesCount = UInt32(truncatingIfNeeded: cursor.bits)
            default: break
            }
        }
    }
}

/// The spans of one instrumentation scope of one resource.
package struct OTLPScope {
    package let resource: OTLPOrigin
    package let scope: OTLPOrigin
    /// The encoded spans, for ``OTLPSpan/read(_:)``.
    package let spans: [UnsafeRawBufferPointer]

    fileprivate init(_ message: UnsafeRawBufferPointer, resource: OTLPOrigin) {
        var scope = OTLPOrigin()
        var spans: [UnsafeRawBufferPointer] = []
        var cursor = FieldCursor(message)
        while cursor.next() {
            switch cursor.number {
            case 1 where cursor.isBytes: scope.readScope(cursor.content)
            case 2 where cursor.isBytes: spans.append(cursor.content)
            case 3 where cursor.isBytes: scope.schemaURL = cursor.content
            default: break
            }
        }
        self.resource = resource
        self.scope = scope
        self.spans = spans
    }
}

extension ProtobufError {
    fileprivate var explanation: String {
        switch self {
        case .truncated: "a field ends beyond its message."
        case .overlongInteger: "an integer is too long."
        case .fieldNumber: "a field has the number 0."
        case .wireType: "a field has an unknown wire type."
        case .tooDeep:
            "messages are nested more than \(ProtobufReader.maximumDepth) deep."
        }
    }
}
