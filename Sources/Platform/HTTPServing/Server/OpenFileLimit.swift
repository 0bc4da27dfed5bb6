import Glibc

/// The number of files, and so of connections, that this process may have open.
package enum OpenFileLimit {
    /// Raises the limit as far as the system lets an ordinary process, for the usual default of
    /// 1,024 is far below what a server needs.
    ///
    /// - Returns: The limit that holds now.
    @discardableResult
    package static func raise(to wanted: UInt = 65_536) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        let target = min(max(wanted, limit.rlim_cur), limit.rlim_max)
        if target > limit.rlim_cur {
            var raised = limit
            raised.rlim_cur = target
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 {
                limit = raised
            }
        }
        return Int(min(limit.rlim_cur, rlim_t(Int.max)))
    }
}
