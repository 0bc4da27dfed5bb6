import FilterLanguage
import SQLCore
import TestSupport
import Testing
import Tracing

#if canImport(Glibc)
    import Glibc
#endif

/// Feeds all three languages and the projections with conditions that were broken at random, and the
/// databases with those that are conditions still.
///
/// Runs for five seconds a database, or for as many as `FILTER_FUZZ_SECONDS` says:
/// `FILTER_FUZZ_SECONDS=600 swift test --filter FilterFuzzTests`. A trap ends the process; the seed
/// is printed at the start, and `FILTER_FUZZ_SEED` repeats a run.
struct FilterFuzzTests {
    private static func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    private static let pieces: [[Unicode.Scalar]] = [
        "(", ")", "[", "]", "'", "\"", "\"\"\"", "\\", "\\u12", "\\N{", ",", ".", "..", "...", ":",
        ":=", "=", "==", "!=", "<", ">=", "~", "-", "+", "*", "**", "/", "//", "%", "@", "&", "|",
        " and ", " or ", " not ", " in ", " is ", " not in ", " is not ", "None", "True", "False",
        " for x in spans", " if ", " else ", "any(", "len([", "sum(", "float(", "str(", "lambda: ",
        "name", "latency_ms", "parent_span", "attributes[", "metadata['", "annotations['q']",
        ".score", "cost_details", "0", "1e999", "0x", "1_", "1j", "99999999999999999999", "b''",
        "f'", "u'", "#", "\n", "\r", "\t", "\u{c}", "\0", "\u{feff}", "é", "ﬁ", "𝐱", "\u{1f600}",
        "'2026-01-01T00:00:00Z'", "'%'", "{", "}", "$1", "?", "--", ";",
    ].map { Array($0.unicodeScalars) }

    private func broken(_ text: [Unicode.Scalar], _ random: inout SplitMix) -> [Unicode.Scalar] {
        var text = text
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let place = Int.random(in: 0...text.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                text.insert(contentsOf: Self.pieces.randomElement(using: &random)!, at: place)
            case 2: text = Array(text[..<place])
            case 3:
                let end = Int.random(in: place...text.count, using: &random)
                text.removeSubrange(place..<end)
            case 4 where text.count < 5000:
                let end = Int.random(in: place...text.count, using: &random)
                text.insert(contentsOf: Array(text[place..<end]), at: place)
            default:
                guard place < text.count else { continue }
                let value = UInt32.random(in: 0...0x2FFF, using: &random)
                text[place] = Unicode.Scalar(value) ?? " "
            }
        }
        return text
    }

    @Test(arguments: TestDatabase.available)
    func `broken conditions are refused or answered`(database: TestDatabase) async throws {
        let seed = Self.setting("FILTER_FUZZ_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let seconds = Self.setting("FILTER_FUZZ_SECONDS") ?? 5
        print("Fuzzing with FILTER_FUZZ_SEED=\(seed).")
        var random = SplitMix(state: seed)
        var conditions = RandomConditions(seed: seed)
        let recorded = try Recorded.answers().map { Array($0.expression.unicodeScalars) }
        try await database.withTracingStore { store in
            _ = try await store.insert([RandomWorld(seed: seed, traceCount: 6).spans], now: 0)
            let project = try #require(try await store.projectIfAny(named: "demo")).id
            let clock = ContinuousClock()
            let end = clock.now + .seconds(Int64(seconds))
            var (tried, answered) = (0, 0)
            while clock.now < end || answered == 0 {
                let language = FilterLanguage.allCases.randomElement(using: &random)!
                let scalars =
                    Bool.random(using: &random)
                    ? recorded.randomElement(using: &random)!
                    : Array(conditions.condition(language).unicodeScalars)
                let text = String(String.UnicodeScalarView(broken(scalars, &random)))
                tried += 1
                _ = try? Projection(text)
                guard let filter = try? Filter(text, in: language) else { continue }
                do {
                    _ = try await store.selected(by: filter, of: project, limit: 5)
                    answered += 1
                } catch {
                    Issue.record("\(language) \(text.debugDescription): \(error)")
                }
            }
            print("\(database): tried \(tried) conditions, \(answered) of them on the database.")
            #expect(answered > 0)
        }
    }
}
