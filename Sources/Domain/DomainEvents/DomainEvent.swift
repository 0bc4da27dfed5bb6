import JSON
import PhoenixModel

/// Something that changed in the store, told after its commit.
///
/// An event is a hint: it says what to look at anew, not what is there now. A feature of a higher
/// floor may subscribe to it instead of being called by the lower one.
package enum DomainEvent: Sendable, Hashable {
    case spansInserted(SpansInserted)
    case tracesDeleted(TracesDeleted)
    case tracesMoved(TracesMoved)
    case projectsChanged(ProjectsChanged)
    case annotationsChanged(AnnotationsChanged)
}

/// Some traces, by row id; of many only the first ``limit``.
package struct TraceSample: Sendable, Hashable {
    package static let limit = 50

    package private(set) var ids: [Trace.ID]
    /// Whether others were touched besides those named.
    package private(set) var hasMore: Bool

    package init(_ ids: some Sequence<Trace.ID>, hasMore: Bool = false) {
        self.ids = Array(ids.prefix(Self.limit + 1))
        self.hasMore = hasMore || self.ids.count > Self.limit
        if self.ids.count > Self.limit { self.ids.removeLast() }
    }

    package mutating func append(_ id: Trace.ID) {
        if ids.count < Self.limit { ids.append(id) } else { hasMore = true }
    }
}

/// Spans of one project were stored.
package struct SpansInserted: Sendable, Hashable {
    package var project: Project.ID
    package var traces: TraceSample
    package var spanCount: Int
    /// The highest row id among the spans of the commit, of whatever project.
    package var watermark: Int64

    package init(project: Project.ID, traces: TraceSample, spanCount: Int, watermark: Int64) {
        self.project = project
        self.traces = traces
        self.spanCount = spanCount
        self.watermark = watermark
    }
}

/// Traces, or single spans of them, were deleted.
package struct TracesDeleted: Sendable, Hashable {
    /// Nil when they may be of any project.
    package var project: Project.ID?
    /// May be empty, when only the project is known.
    package var traces: TraceSample

    package init(project: Project.ID?, traces: TraceSample) {
        self.project = project
        self.traces = traces
    }
}

/// Traces went to another project.
package struct TracesMoved: Sendable, Hashable {
    package var destination: Project.ID
    package var traces: TraceSample

    package init(destination: Project.ID, traces: TraceSample) {
        self.destination = destination
        self.traces = traces
    }
}

/// A project was made, altered or deleted.
package struct ProjectsChanged: Sendable, Hashable {
    package var project: Project.ID
    package var isDeleted: Bool

    package init(project: Project.ID, isDeleted: Bool = false) {
        self.project = project
        self.isDeleted = isDeleted
    }
}

/// Annotations of spans, traces, sessions or documents of a project were written or deleted.
package struct AnnotationsChanged: Sendable, Hashable {
    package var project: Project.ID

    package init(project: Project.ID) { self.project = project }
}

extension DomainEvent {
    /// Whether who follows one project wants to know.
    package func concerns(_ project: Project.ID) -> Bool {
        switch self {
        case .spansInserted(let event): event.project == project
        case .tracesDeleted(let event): event.project == nil || event.project == project
        // Where the traces were is not known.
        case .tracesMoved: true
        case .projectsChanged(let event): event.project == project
        case .annotationsChanged(let event): event.project == project
        }
    }

    /// The kind, as clients see it.
    package var name: String {
        switch self {
        case .spansInserted: "spans_inserted"
        case .tracesDeleted: "traces_deleted"
        case .tracesMoved: "traces_moved"
        case .projectsChanged: "projects_changed"
        case .annotationsChanged: "annotations_changed"
        }
    }
}
