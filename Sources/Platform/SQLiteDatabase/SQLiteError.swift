import CSQLite
import SQLCore

extension DatabaseError {
    /// Turns a result code of SQLite into our error.
    ///
    /// `sqlite3_errmsg` may quote parts of a statement but never a bound value.
    init(sqliteCode code: Int32, handle: OpaquePointer?) {
        let text = String(cString: handle.flatMap { sqlite3_errmsg($0) } ?? sqlite3_errstr(code))
        let kind: Code =
            switch code & 0xff {
            case SQLITE_CONSTRAINT:
                switch code {
                case ExtendedCode.unique, ExtendedCode.primaryKey: .uniqueViolation
                case ExtendedCode.foreignKey: .foreignKeyViolation
                default: .constraintViolation
                }
            case SQLITE_FULL: .full
            case SQLITE_READONLY: .readOnly
            case SQLITE_BUSY, SQLITE_LOCKED: .conflict
            case SQLITE_INTERRUPT: .cancelled
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .permissionDenied
            // A write that the system cut short: the disk or a quota is full.
            case SQLITE_IOERR where code == ExtendedCode.write || code == ExtendedCode.sync: .full
            default: .other
            }
        self.init(kind, "SQLite: \(text) (code \(code)).")
    }
}

/// Extended result codes, which SQLite builds by macros that Swift does not import.
private enum ExtendedCode {
    static let unique = SQLITE_CONSTRAINT | (8 << 8)
    static let primaryKey = SQLITE_CONSTRAINT | (6 << 8)
    static let foreignKey = SQLITE_CONSTRAINT | (3 << 8)
    static let write = SQLITE_IOERR | (3 << 8)
    static let sync = SQLITE_IOERR | (4 << 8)
}
