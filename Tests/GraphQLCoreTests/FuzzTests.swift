import JSON
import Testing

@testable import GraphQLCore

#if canImport(Glibc)
    import Glibc
#endif

/// Feeds the whole engine with documents that were broken at random.
///
/// Runs for ten seconds, or for as many as `GRAPHQL_FUZZ_SECONDS` says:
/// `GRAPHQL_FUZZ_SECONDS=600 swift test --filter FuzzTests`. A trap ends the process; the seed is
/// printed at the start, and `GRAPHQL_FUZZ_SEED` repeats a run.
@Suite struct FuzzTests {
    /// SplitMix64, so that a seed repeats a run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static func setting(_ name: String) -> UInt64? {
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }

    private static let pieces: [[UInt8]] = [
        "{", "}", "(", ")", "[", "]", "!", "$", "@", ":", "=", "|", "&", "\"", "\"\"\"", "\\u{",
        "\\uD83D", "\\", "...", "..", ".", "-", "0", "1e999", "99999999999999999999", "#", "\n",
        "\r",
        "null", "true", "on", "fragment", "query", "extend", "type", "schema", "__typename",
        "__schema", "@skip(if:", "$v0", "\u{feff}", "\u{e9}", "\u{1f600}", "\0",
    ].map { Array($0.utf8) }

    private func broken(_ text: [UInt8], _ random: inout Generator) -> [UInt8] {
        var text = text
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            let place = Int.random(in: 0...text.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: text.insert(contentsOf: Self.pieces.randomElement(using: &random)!, at: place)
            case 1: text = Array(text[..<place])
            case 2:
                let end = Int.random(in: place...text.count, using: &random)
                text.removeSubrange(place..<end)
            case 3 where text.count < 20_000:
                let end = Int.random(in: place...text.count, using: &random)
                text.insert(contentsOf: Array(text[place..<end]), at: place)
            default:
                if place < text.count { text[place] = UInt8.random(in: 0...255, using: &random) }
            }
        }
        return text
    }

    @Test func `broken documents end with an answer or an error`() async throws {
        let seed = Self.setting("GRAPHQL_FUZZ_SEED") ?? UInt64.random(in: 0..<1 << 32)
        let seconds = Self.setting("GRAPHQL_FUZZ_SECONDS") ?? 10
        print("Fuzzing with GRAPHQL_FUZZ_SEED=\(seed).")
        var random = Generator(state: seed)
        let corpus = try TestData.corpus()
        var texts: [[UInt8]] = []
        for (part, index) in [("validation", 1), ("execution", 0), ("printed", 0)] {
            for entry in corpus[part]?.arrayValue ?? [] {
                if let text = entry[index]?.stringValue { texts.append(Array(text.utf8)) }
            }
        }
        let engine = try TestWorld.engine()
        let clock = ContinuousClock()
        let end = clock.now + .seconds(Int64(seconds))
        var executed = 0
        // A busy machine may run nothing in that time, which would prove nothing.
        while clock.now < end || executed == 0 {
            let bytes = broken(texts.randomElement(using: &random) ?? [], &random)
            let text = String(decoding: bytes, as: UTF8.self)
            if let document = try? Parser.parse(text) {
                let printed = Printer.render(document)
                #expect(throws: Never.self) { try Parser.parse(printed) }
                _ = try? Schema([text])
            }
            let response = try await engine.execute(
                GraphQLRequest(query: text), context: TestWorld.Counter(), root: TestWorld.root())
            #expect(throws: Never.self) { try JSON.parse(response.body) }
            executed += response.hasData ? 1 : 0
        }
        #expect(executed > 0)
    }
}
