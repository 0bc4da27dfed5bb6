import Locking
import Logging

/// Keeps what is logged.
package final class CapturedLog: Sendable {
    package struct Line: Sendable {
        package let level: Logger.Level
        package let message: String
        package let metadata: Logger.Metadata
    }

    private struct Handler: LogHandler {
        let log: CapturedLog
        var logLevel = Logger.Level.trace
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        // The signature is swift-log's.
        // swift-format-ignore
        func log(
            level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata?,
            source: String, file: String, function: String, line: UInt
        ) {
            log.stored.withLock {
                $0.append(
                    Line(level: level, message: "\(message)", metadata: metadata ?? [:]))
            }
        }
    }

    private let stored = Mutex<[Line]>([])

    package init() {}

    package var lines: [Line] { stored.withLock { $0 } }
    package var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }
}
