import FilterLanguage
import JSON
import Testing

/// What the original server answers to each of the recorded expressions.
struct RecordedErrorsTests {
    @Test func `every recorded expression is refused with the same sentence or taken`() throws {
        let answers = try Recorded.answers()
        #expect(answers.count > 250)
        var differences: [String] = []
        for answer in answers where !Recorded.isKnownDifference(answer) {
            let sentence = Recorded.sentence(answer.expression, in: answer.language)
            if sentence != answer.error {
                differences.append(
                    "\(answer.language) \(answer.expression)\n  theirs: \(answer.error ?? "-")"
                        + "\n  ours:   \(sentence ?? "-")")
            }
        }
        let text = differences.joined(separator: "\n")
        #expect(differences.isEmpty, "\(differences.count) differ:\n\(text)")
    }
}
