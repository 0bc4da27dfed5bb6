/// A statement or a connection failed.
///
/// The message names the failure and never a bound value: those may be somebody's prompts.
package struct DatabaseError: Error, Sendable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// A unique key, foreign key, check or not-null constraint refused the row.
        case uniqueViolation, foreignKeyViolation, constraintViolation
        /// The disk or the quota is full.
        case full
        /// The database or its file system accepts no writes.
        case readOnly
        /// The database cannot be reached now; the same call may succeed later.
        case unavailable
        /// A concurrent transaction won; the same transaction may succeed when run again.
        case conflict
        /// The statement was cancelled or ran out of time.
        case cancelled
        /// The file is not a database or is damaged.
        case corrupt
        /// A number of the statement, or one computed from it, is too large or too small.
        case outOfRange
        /// Whoever connects lacks a permission.
        case permissionDenied
        case other
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// True when the very same transaction may succeed later without anybody's help.
    package var isTransient: Bool {
        switch code {
        case .unavailable, .conflict: true
        default: false
        }
    }

    /// True when the database takes no more data but may still be read.
    package var refusesWrites: Bool {
        switch code {
        case .full, .readOnly: true
        default: false
        }
    }
}
