#if canImport(Glibc)
    import Glibc
#endif

/// The size of a file that we may read; nil when there is none.
func fileSize(_ path: String) -> Int? {
    var status = stat()
    guard access(path, R_OK) == 0, stat(path, &status) == 0 else { return nil }
    return Int(status.st_size)
}

/// The file that a path leads to, past symbolic links; the path itself where there is none.
func resolvedPath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// Makes a folder and those above it.
///
/// - Throws: ``ConfigurationError`` when the system refuses.
func makeFolder(_ path: String) throws {
    var partial = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
        partial += "/" + part
        if mkdir(partial, 0o755) != 0, errno != EEXIST {
            let reason = String(cString: strerror(errno))
            throw ConfigurationError(
                "The folder '\(partial)' cannot be made (\(reason)). Set PHOENIX_WORKING_DIR to a "
                    + "folder that this user may write to.")
        }
    }
    guard access(path, W_OK | X_OK) == 0 else {
        throw ConfigurationError(
            "The folder '\(path)' may not be written to by this user. Grant the permission or set "
                + "PHOENIX_WORKING_DIR to another folder.")
    }
}

/// The folder that a file is in.
func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Whether two paths lead to one file, by whatever links.
func isSameFile(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    guard stat(path, &first) == 0, stat(other, &second) == 0 else { return false }
    return first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
