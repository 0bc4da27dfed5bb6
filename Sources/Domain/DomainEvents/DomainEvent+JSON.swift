import JSON
import PhoenixModel

extension DomainEvent {
    /// The event as clients and other servers see it, with global ids.
    package var json: JSONValue {
        var object = JSONObject([("type", .string(name))])
        switch self {
        case .spansInserted(let event):
            object["project"] = Self.id(event.project)
            event.traces.write(to: &object)
            object["span_count"] = .integer(Int64(event.spanCount))
            object["watermark"] = .integer(event.watermark)
        case .tracesDeleted(let event):
            object["project"] = event.project.map { Self.id($0) } ?? .null
            event.traces.write(to: &object)
        case .tracesMoved(let event):
            object["project"] = Self.id(event.destination)
            event.traces.write(to: &object)
        case .projectsChanged(let event):
            object["project"] = Self.id(event.project)
            object["is_deleted"] = .bool(event.isDeleted)
        case .annotationsChanged(let event): object["project"] = Self.id(event.project)
        }
        return .object(object)
    }

    /// Reads what ``json`` wrote, perhaps in another version of this program; nil when it is none
    /// of the events known here.
    package init?(json: JSONValue) {
        let project = json["project"]?.stringValue.flatMap { Project.ID(nodeID: $0) }
        switch (json["type"]?.stringValue, project) {
        case ("spans_inserted", let project?):
            guard let count = json["span_count"]?.integerValue,
                let watermark = json["watermark"]?.integerValue
            else { return nil }
            self = .spansInserted(
                SpansInserted(
                    project: project, traces: TraceSample(json: json), spanCount: Int(count),
                    watermark: watermark))
        case ("traces_deleted", let project):
            self = .tracesDeleted(
                TracesDeleted(project: project, traces: TraceSample(json: json)))
        case ("traces_moved", let project?):
            self = .tracesMoved(
                TracesMoved(destination: project, traces: TraceSample(json: json)))
        case ("projects_changed", let project?):
            self = .projectsChanged(
                ProjectsChanged(
                    project: project, isDeleted: json["is_deleted"]?.boolValue ?? false))
        case ("annotations_changed", let project?):
            self = .annotationsChanged(AnnotationsChanged(project: project))
        default: return nil
        }
    }

    private static func id(_ rowID: RowID<some Node>) -> JSONValue {
        .string(rowID.nodeID.description)
    }
}

extension TraceSample {
    fileprivate func write(to object: inout JSONObject) {
        object["traces"] = .array(ids.map { .string($0.nodeID.description) })
        object["more_traces"] = .bool(hasMore)
    }

    fileprivate init(json: JSONValue) {
        let ids = json["traces"]?.arrayValue ?? []
        self.init(
            ids.compactMap { $0.stringValue.flatMap { Trace.ID(nodeID: $0) } },
            hasMore: json["more_traces"]?.boolValue ?? true)
    }
}
