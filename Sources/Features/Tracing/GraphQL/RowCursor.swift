import BinaryText
import GraphQLSupport
import PhoenixModel

/// Cursors of lists by row id: Base64 of the row id, behind which there may be more.
enum RowCursor {
    static func text(_ id: RowID<some Node>) -> String {
        Base64.encode(Array(String(id.value).utf8))
    }

    /// The row id behind which a page begins; nil for the start of the list.
    static func after<Noun>(_ page: KeysetPage) throws(GraphQLFault) -> RowID<Noun>? {
        guard let after = page.after else { return nil }
        guard let bytes = Base64.decode(after),
            let text = String(validating: bytes, as: UTF8.self),
            let id = text.split(separator: ":", omittingEmptySubsequences: false).first
                .flatMap({ Int64($0) })
        else { throw page.invalidCursor }
        return RowID(id)
    }
}
