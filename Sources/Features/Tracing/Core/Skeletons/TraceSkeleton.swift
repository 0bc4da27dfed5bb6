import OpenInference
import PhoenixModel

/// What a tree or a timeline shows of the spans of a trace, column by column, in the order of the
/// tree (``SpanForestOrder``). About 80 bytes a span.
package struct TraceSkeleton: Sendable {
    /// What is special about a span, as bits of ``flags``.
    package enum Flag {
        /// It names a parent that is not stored in its trace.
        static let orphan: UInt8 = 1
        /// Its parent is stored, but below it: the circle is cut here.
        static let cut: UInt8 = 2
        static let hasEvents: UInt8 = 4
        /// It or a span below it failed.
        static let failed: UInt8 = 8
    }

    /// The kinds and status codes by the numbers that stand for them.
    package static let kinds = SpanKind.allCases.map(\.rawValue)
    package static let statusCodes = SpanStatusCode.allCases.map(\.rawValue)

    /// When the first span starts; 0 without spans.
    package var start = Timestamp(microseconds: 0)
    /// When the last span ends.
    package var end = Timestamp(microseconds: 0)
    /// False when the trace has more spans than ``spansMax``; those are then left out.
    package var isComplete = true

    package var rowIDs: [Int64] = []
    /// The place of the parent, always before the span's own; -1 for a root.
    package var parents: [Int32] = []
    package var depths: [UInt16] = []
    package var kindNumbers: [UInt8] = []
    package var statusNumbers: [UInt8] = []
    package var flags: [UInt8] = []
    /// Microseconds since 1970.
    package var starts: [Int64] = []
    /// Microseconds; negative when a clock was wrong.
    package var durations: [Int64] = []
    /// -1 where none is known.
    package var promptTokens: [Int32] = []
    package var completionTokens: [Int32] = []
    /// US dollars; not a number where none is known.
    package var costs: [Double] = []
    /// Places in ``strings``; -1 where there is none.
    package var names: [Int32] = []
    package var models: [Int32] = []
    package var strings: [String] = []
    package var otelIDs: [OTelID] = []
    /// What the spans carry, as numbers; nil when it was not asked for or there are too many spans.
    var contents: [ContentHashes]?

    package var count: Int { rowIDs.count }

    /// More spans are never read: about 50 MB of memory.
    package static let spansMax = 500_000
    /// The contents of more spans are never read: about a second.
    package static let hashedSpansMax = 50_000
}
