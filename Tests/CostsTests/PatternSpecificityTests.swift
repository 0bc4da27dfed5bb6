import Testing

@testable import Costs

@Suite struct PatternSpecificityTests {
    @Test(arguments: [
        ("abc", 3_006), ("^abc", 8_008), ("abc$", 8_008), ("^abc$", 13_010), (#"a\.b"#, 2_958),
        ("[ab]", 508), ("[^ab]", 310), (#"\d"#, 404), (#"\D"#, 254), ("a.", 804), ("a?", 904),
        ("a+", 854), ("a*", 854), ("a|b", 1_706), ("a{2}", 958), ("a{2,3}", 912), ("a{,2}", 5_010),
        ("(a)", 1_006), ("(?:a)", 1_010), ("(?P<name>a)", 1_022), ("(?<!b)", 1_012),
        ("(?i)a", 1_010), (".", 1), ("", 1), ("?", 1), ("[a", 2_004), (#"\"#, 1_002),
        ("[a\\]b]", 512),
        ("(?P<n", 10),
    ])
    func `a pattern scores for each of its parts`(pattern: String, score: Int) {
        #expect(PatternSpecificity.score(pattern) == score)
    }
}
