/// The "Did you mean" of error messages.
enum Suggestions {
    /// The longest name that is compared: comparing costs its length squared.
    private static let longestInput = 200

    static func sentence(_ names: [String], _ introduction: String? = nil) -> String {
        if names.isEmpty { return "" }
        let quoted = names.prefix(5).map { "'\($0)'" }
        let list: String
        switch quoted.count {
        case 1: list = quoted[0]
        case 2: list = "\(quoted[0]) or \(quoted[1])"
        default:
            list = quoted.dropLast().joined(separator: ", ") + ", or \(quoted[quoted.count - 1])"
        }
        return " Did you mean \(introduction.map { "\($0) " } ?? "")\(list)?"
    }

    /// The options that are similar to the input, most similar first.
    static func similar(to input: String, in options: some Sequence<String>) -> [String] {
        guard input.utf8.count <= longestInput else { return [] }
        let threshold = Int(Double(input.unicodeScalars.count) * 0.4) + 1
        var found: [(option: String, distance: Int)] = []
        let lowered = lowercase(input)
        for option in options {
            if let distance = distance(input, lowered, option, threshold) {
                found.append((option, distance))
            }
        }
        found.sort {
            $0.distance != $1.distance
                ? $0.distance < $1.distance : NaturalOrder.precedes($0.option, $1.option)
        }
        return found.map(\.option)
    }

    private static func lowercase(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    /// The Damerau-Levenshtein distance, or `nil` when it is above the threshold.
    private static func distance(
        _ input: String, _ lowered: [UInt8], _ option: String, _ threshold: Int
    ) -> Int? {
        if input == option { return 0 }
        var a = lowercase(option)
        var b = lowered
        if a == b { return 1 }
        if a.count < b.count { swap(&a, &b) }
        if a.count - b.count > threshold { return nil }
        var before = [Int](repeating: 0, count: b.count + 1)
        var above = Array(0...b.count)
        var current = before
        for i in 1...max(1, a.count) where i <= a.count {
            current[0] = i
            var smallest = i
            for j in 1...max(1, b.count) where j <= b.count {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                var cell = min(above[j] + 1, current[j - 1] + 1, above[j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    cell = min(cell, before[j - 2] + 1)
                }
                smallest = min(smallest, cell)
                current[j] = cell
            }
            if smallest > threshold { return nil }
            (before, above, current) = (above, current, before)
        }
        return above[b.count] <= threshold ? above[b.count] : nil
    }
}
