import ArgumentParser
import Costs
import PhoenixModel
import PhoenixSchema
import Tracing

/// `phoenix reprice`.
struct RepriceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprice",
        abstract: "Computes what stored calls of models cost by the prices of today.",
        discussion: """
            A call is priced when it arrives and keeps that price. This prices calls \
            again: all of them, or those of one project, one model, one stretch of time. \
            It works in small steps, may be stopped and run again at any time, and with \
            PostgreSQL may run beside the server. Stop the server first when the database \
            is SQLite.
            """)

    @Option(help: "The name of a project; all projects otherwise.")
    var project: String?

    @Option(help: "The name of a model as spans report it; all models otherwise.")
    var model: String?

    @Option(help: "The first instant, such as 2026-01-31 or 2026-01-31T12:00:00Z.")
    var since: String?

    @Option(help: "The instant behind the last one.")
    var until: String?

    @OptionGroup var database: DatabaseOptions

    func run() async throws {
        try await reportingErrors {
            var flags = Configuration.Flags()
            flags.databaseURL = database.databaseURL
            let range = TimeRange(start: try instant(since), end: try instant(until))
            if let start = range.start, let end = range.end, start >= end {
                throw ConfigurationError("The instant of --since must be before that of --until.")
            }
            let opened = try await OpenedDatabase(
                try Configuration.current(flags), creates: false)
            try await Migrator(opened.database).requireCurrent()
            let store = TracingStore(opened.database, pricing: StoredPricing())
            var selection = RepricingSelection(modelName: model, range: range)
            if let project {
                do {
                    selection.project = try await store.project(Identifier(name: project)).id
                } catch let error as TracingError {
                    throw ConfigurationError(error.message)
                }
            }
            var progress = RepricingProgress()
            var reported = 0
            let output = StandardStream.output
            while !progress.isDone {
                progress = try await store.reprice(selection, from: progress)
                guard progress.spanCount - reported >= 50_000 else { continue }
                reported = progress.spanCount
                output.write("\(progress.spanCount) calls, \(progress.changedCount) changed …\n")
            }
            await opened.database.close()
            output.write("\(progress.spanCount) calls, \(progress.changedCount) changed.\n")
        }
    }

    private func instant(_ text: String?) throws -> Timestamp? {
        guard let text else { return nil }
        do throws(Timestamp.ParsingError) {
            return try Timestamp.parse(text).timestamp
        } catch {
            throw ConfigurationError("'\(text)' is no date and time: \(error.reason).")
        }
    }
}
