/// Who asks. Every request has one, also while authentication is off.
package enum Principal: Hashable, Sendable {
    /// Nobody in particular, on a server that asks nobody who they are. May do everything.
    case anonymous
    /// The server itself, or whoever holds its admin secret.
    case system
    /// A person, or a program with that person's key.
    case user(UserRole)
}

/// What a user may do, from least to most.
package enum UserRole: String, Hashable, Sendable, CaseIterable {
    case viewer = "VIEWER"
    case member = "MEMBER"
    case admin = "ADMIN"
}

/// What somebody needs to be allowed to do, from least to most.
package enum Access: Hashable, Sendable {
    case read
    case write
    case administer
}

extension Principal {
    /// Whether this principal has the access. What is not named here is denied.
    package func permits(_ access: Access) -> Bool {
        switch (self, access) {
        case (.anonymous, _), (.system, _): true
        case (.user(.admin), _): true
        case (.user(.member), .read), (.user(.member), .write): true
        case (.user(.viewer), .read): true
        default: false
        }
    }
}

/// Something that can be asked of a feature. Each feature lists its actions in one enumeration and
/// says there, in one place, what each of them needs.
package protocol Action: Sendable {
    var requiredAccess: Access { get }
}
