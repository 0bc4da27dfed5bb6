import PhoenixModel
import SQLCore

/// Where annotations of a subject are stored. The table of annotations is called `a` in statements,
/// that of their targets `t`.
extension Annotation.Subject {
    var table: String {
        switch self {
        case .span: "span_annotations"
        case .trace: "trace_annotations"
        case .session: "project_session_annotations"
        case .document: "document_annotations"
        }
    }

    /// The column with the row id of what the annotation is about.
    var targetColumn: String {
        switch self {
        case .span, .document: "span_rowid"
        case .trace: "trace_rowid"
        case .session: "project_session_id"
        }
    }

    var targetTable: String {
        switch self {
        case .span, .document: "spans"
        case .trace: "traces"
        case .session: "project_sessions"
        }
    }

    /// The column of a target with the id that clients know it by.
    var targetKey: String {
        switch self {
        case .span, .document: "span_id"
        case .trace: "trace_id"
        case .session: "session_id"
        }
    }

    var targetProject: String {
        switch self {
        case .span, .document, .trace: "project_rowid"
        case .session: "project_id"
        }
    }

    /// The value of ``targetKey`` that a text names; nil when no target can have it.
    func targetValue(_ text: String) -> SQLValue? {
        switch self {
        case .span, .document, .trace: OTelID(shownAs: text)?.sqlValue
        case .session: .text(text)
        }
    }

    /// What clients call a target, from a column of ``targetKey``.
    func target(_ row: SQLRow, _ column: Int) -> String {
        switch self {
        case .span, .document, .trace: OTelID(row.blob(column)).hex
        case .session: row.text(column)
        }
    }
}
