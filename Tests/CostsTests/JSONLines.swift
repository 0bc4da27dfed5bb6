import JSON
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// Reads files of the tests that have a JSON value on each line.
enum JSONLines {
    /// - Parameter path: From the folder `Tests`.
    static func read(_ path: String) throws -> [JSONValue] {
        let tests = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(2)
            .joined(separator: "/")
        let file = try #require(fopen("\(tests)/\(path)", "r"), "\(path) is missing.")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
            bytes += buffer[..<count]
        }
        return try bytes.split(separator: UInt8(ascii: "\n")).map {
            try JSON.parse(Array($0), options: .init(acceptsNonFinite: true))
        }
    }
}

/// Whether two numbers are equal but for the last digits.
func isClose(_ left: Double?, _ right: Double?) -> Bool {
    guard let left, let right else { return left == nil && right == nil }
    return abs(left - right) <= 1e-9 * max(abs(left), abs(right))
}
