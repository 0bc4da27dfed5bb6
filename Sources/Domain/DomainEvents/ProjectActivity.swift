import Locking
import PhoenixModel

/// When projects last had spans or annotations written or deleted, as far as this process knows: nothing is known
/// of the time before its start.
///
/// Holds one instant a project that was active, up to ``projectsMax``; beyond that, those that were
/// active longest ago are forgotten.
package final class ProjectActivity: Sendable {
    package static let projectsMax = 100_000

    private struct State {
        var updates: [Project.ID: Timestamp] = [:]
        var latest: Timestamp?
    }

    private let state = Mutex(State())

    package init() {}

    /// When spans of the project were last inserted or deleted.
    package func lastUpdate(of project: Project.ID) -> Timestamp? {
        state.withLock { $0.updates[project] }
    }

    /// When spans of any project were.
    package var lastUpdate: Timestamp? { state.withLock { $0.latest } }

    func record(_ event: DomainEvent, at now: Timestamp) {
        state.withLock { state in
            switch event {
            case .spansInserted(let event): state.updates[event.project] = now
            case .tracesDeleted(let event):
                if let project = event.project {
                    state.updates[project] = now
                } else {
                    for project in state.updates.keys { state.updates[project] = now }
                }
            case .tracesMoved(let event): state.updates[event.destination] = now
            case .projectsChanged(let event):
                if event.isDeleted { state.updates[event.project] = nil }
            case .annotationsChanged(let event): state.updates[event.project] = now
            }
            state.latest = now
            guard state.updates.count > Self.projectsMax else { return }
            let oldest = state.updates.sorted { $0.value < $1.value }.prefix(Self.projectsMax / 4)
            for (project, _) in oldest { state.updates[project] = nil }
        }
    }
}
