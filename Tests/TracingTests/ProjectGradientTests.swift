import Testing
import Tracing

@Suite struct ProjectGradientTests {
    @Test func `a name always has the same pair of colours`() {
        #expect(ProjectGradient.pair(for: "shop") == ProjectGradient.pair(for: "shop"))
    }

    @Test func `every colour is six hexadecimal digits, and the pairs are all in use`() {
        let pairs = (0..<200).map { ProjectGradient.pair(for: "project \($0)") }
        for pair in pairs {
            for color in [pair.start, pair.end] {
                #expect(color.count == 7 && color.first == "#")
                #expect(color.dropFirst().allSatisfy { $0.isHexDigit })
            }
        }
        #expect(Set(pairs.map(\.start)).count == 10)
    }
}
