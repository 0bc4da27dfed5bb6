import CSQLite
import SQLCore

extension DatabaseError {
    /// Turns a result code of SQLite into our error.
    ///
    /// `sqlite3_errmsg` may quote parts of a statement but never a bound value.
    init(sqliteCode code: Int32, handle: OpaquePointer?) {
        let text = handle.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        let kind: Code =
            switch code & 0xff {
            case SQLITE_CONSTRAINT:
                switch code {
                case SQLITE_CONSTRAINT_UNIQUE, SQLITE_CONSTRAINT_PRIMARYKEY: .uniqueViolation
                case SQLITE_CONSTRAINT_FOREIGNKEY: .foreignKeyViolation
                default: .constraintViolation
                }
            case SQLITE_FULL: .full
            case SQLITE_READONLY: .readOnly
            case SQLITE_BUSY, SQLITE_LOCKED: .conflict
            case SQLITE_INTERRUPT: .cancelled
            case SQLITE_CORRUPT, SQLITE_NOTADB: .corrupt
            case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: .permissionDenied
            // A write that the system cut short: the disk or a quota is full.
            case SQLITE_IOERR where code == SQLITE_IOERR_WRITE || code == SQLITE_IOERR_FSYNC: .full
            default: .other
            }
        self.init(kind, "SQLite: \(text) (code \(code)).")
    }
}


private var SQLITE_CONSTRAINT_UNIQUE: Int32 { SQLITE_CONSTRAINT | (8 << 8) }
private var SQLITE_CONSTRAINT_PRIMARYKEY: Int32 { SQLITE_CONSTRAINT | (6 << 8) }
private var SQLITE_CONSTRAINT_FOREIGNKEY: Int32 { SQLITE_CONSTRAINT | (3 << 8) }
private var SQLITE_IOERR_WRITE: Int32 { SQLITE_IOERR | (3 << 8) }
private var SQLITE_IOERR_FSYNC: Int32 { SQLITE_IOERR | (4 << 8) }
