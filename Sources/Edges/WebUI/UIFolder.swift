#if canImport(Glibc)
    import Glibc
#endif

/// The built web UI on disk, read anew at every request. For development: reading blocks.
package struct UIFolder: Sendable {
    private static let fileBytesMax = 64 << 20

    /// Absolute and without symbolic links.
    private let root: String

    /// - Returns: nil when there is no such folder.
    package init?(path: String) {
        guard let root = Self.resolved(path) else { return nil }
        var status = stat()
        guard stat(root, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        self.root = root
    }

    func file(_ path: String) -> UIFile? {
        file(segments: path.split(separator: "/").map(String.init))
    }

    /// The file below the folder; nil when there is none, and for whatever would lead out of the
    /// folder: `..`, hidden names, separators within a segment, symbolic links.
    func file(segments: [String]) -> UIFile? {
        guard !segments.isEmpty,
            segments.allSatisfy({ segment in
                !segment.isEmpty && !segment.hasPrefix(".")
                    && !segment.utf8.contains { $0 == 0 || $0 == 0x2F || $0 == 0x5C }
            }),
            let path = Self.resolved(root + "/" + segments.joined(separator: "/")),
            path.hasPrefix(root + "/")
        else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size <= Self.fileBytesMax,
            let bytes = Self.bytes(of: descriptor, count: Int(status.st_size))
        else { return nil }
        let time = status.st_mtim
        return UIFile(
            mediaType: Self.mediaType(of: path),
            tag: "\(status.st_ino)-\(time.tv_sec)-\(time.tv_nsec)-\(status.st_size)",
            identity: { bytes })
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func bytes(of descriptor: Int32, count: Int) -> [UInt8]? {
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = read(descriptor, buffer.baseAddress! + filled, count - filled)
                guard got > 0 else {
                    isWhole = false
                    return
                }
                filled += got
            }
        }
        return isWhole ? bytes : nil
    }

    private static func mediaType(of path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        return switch name.split(separator: ".").last ?? "" {
        case "html": "text/html; charset=utf-8"
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json", "map", "webmanifest": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "txt": "text/plain; charset=utf-8"
        default: "application/octet-stream"
        }
    }
}
