import Calendar
import JSON
import Logging

#if canImport(Glibc)
    import Glibc
#endif

/// Writes one line an event to standard error, for people or as JSON.
package struct LineLogHandler: LogHandler {
    package enum Format: String, Sendable {
        /// `2026-11-20T10:00:00.000Z info http: Request answered. status=200`
        case text = "default"
        /// One JSON object with `time`, `level`, `logger`, `message` and the metadata's keys.
        case structured
    }

    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let format: Format
    private let write: @Sendable ([UInt8]) -> Void

    /// - Parameter write: Takes one whole line with its line break. Standard error by default.
    package init(
        label: String, level: Logger.Level, format: Format,
        write: @escaping @Sendable ([UInt8]) -> Void = LineLogHandler.standardError
    ) {
        self.label = label
        self.logLevel = level
        self.format = format
        self.write = write
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(
        level: Logger.Level, message: Logger.Message, metadata extra: Logger.Metadata?,
        source: String, file: String, function: String, line: UInt
    ) {
        let all = (extra ?? [:]).merging(metadata) { added, _ in added }.sorted { $0.key < $1.key }
        switch format {
        case .text: write(textLine(level, message, all))
        case .structured: write(jsonLine(level, message, all))
        }
    }

    private func textLine(
        _ level: Logger.Level, _ message: Logger.Message,
        _ metadata: [(key: String, value: Logger.MetadataValue)]
    ) -> [UInt8] {
        var line = "\(Self.now()) \(level.rawValue) \(label): \(message)"
        for (key, value) in metadata {
            let text = "\(value)"
            let needsQuotes = text.contains { $0 == " " || $0 == "\"" || $0.isNewline }
            line += " \(key)=\(needsQuotes ? JSONValue.string(text).text : text)"
        }
        return Array((line + "\n").utf8)
    }

    private func jsonLine(
        _ level: Logger.Level, _ message: Logger.Message,
        _ metadata: [(key: String, value: Logger.MetadataValue)]
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in [
            ("time", Self.now()), ("level", level.rawValue), ("logger", label),
            ("message", message.description),
        ] {
            writer.key(key)
            writer.string(value)
        }
        for (key, value) in metadata {
            writer.key(key)
            writer.string("\(value)")
        }
        writer.endObject()
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    private static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
        let text = CivilTime(microsecondsSince1970: microseconds).text(fractionDigits: 3)
        return String(decoding: text, as: UTF8.self) + "Z"
    }

    /// Writes to file descriptor 2; a line goes out in one call, so that lines do not mix.
    package static let standardError: @Sendable ([UInt8]) -> Void = { line in
        line.withUnsafeBytes { _ = Glibc.write(2, $0.baseAddress!, $0.count) }
    }
}
