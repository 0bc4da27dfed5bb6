/// The two colours by which a project is told apart at a glance.
package enum ProjectGradient {
    private static let pairs: [(start: String, end: String)] = [
        ("#5bdbff", "#1c76fc"), ("#7dd87d", "#1b8a5a"), ("#ffb86b", "#e8590c"),
        ("#c9a4ff", "#6741d9"), ("#ff9ec4", "#c2255c"), ("#8ce9d8", "#0b7285"),
        ("#ffe066", "#e67700"), ("#a5c8ff", "#364fc7"), ("#f3a683", "#b33939"),
        ("#b8e994", "#38761d"),
    ]

    /// The pair of projects that somebody makes by hand and chooses no colours for.
    package static let plain = pairs[0]

    /// The pair of a project: always the same for the same name.
    package static func pair(for name: String) -> (start: String, end: String) {
        var hash: UInt32 = 2_166_136_261
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return pairs[Int(hash % UInt32(pairs.count))]
    }
}
