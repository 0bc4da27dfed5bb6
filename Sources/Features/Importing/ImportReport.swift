/// How the two databases compare after an import.
package struct ImportReport: Sendable {
    package struct Table: Sendable {
        package let name: String
        package let sourceCount: Int64
        package let targetCount: Int64
        /// The table whose rows were compared together with the rows of this one; nil when it was
        /// compared by itself.
        package var comparedWith: String?
        /// How many rows were compared value by value.
        package let sampleCount: Int
        /// Digests of these rows, as hexadecimal digits.
        package let sourceDigest: String
        package let targetDigest: String
        /// The first row that differs, or is missing, in the other database's words.
        package let firstDifference: String?

        package var isEqual: Bool {
            sourceCount == targetCount && sourceDigest == targetDigest
        }
    }

    package var revision: String
    package var tables: [Table] = []
    package var leftOut: [ImportSource.LeftOut]
    /// Spans of the sample whose sums over the spans below them were not what their own spans add up
    /// to. They are right here.
    package var recountedSpans = 0

    package var isEqual: Bool { tables.allSatisfy(\.isEqual) }

    /// The report as lines of text.
    package var text: String {
        let width = (tables.map(\.name.count).max() ?? 0) + 2
        var lines = [
            pad("table", width) + padStart("source", 11) + padStart("target", 11)
                + padStart("sample", 9) + "  digest"
        ]
        for table in tables {
            var line =
                pad(table.name, width) + padStart(String(table.sourceCount), 11)
                + padStart(String(table.targetCount), 11)
            if let other = table.comparedWith {
                line += padStart("–", 9) + "  with \(other)"
            } else {
                line += padStart(String(table.sampleCount), 9) + "  "
                line +=
                    table.sourceDigest == table.targetDigest
                    ? table.sourceDigest.prefix(16) + " equal"
                    : table.sourceDigest.prefix(16) + " and " + table.targetDigest.prefix(16)
            }
            if !table.isEqual { line += "  DIFFERENT" }
            lines.append(line)
            if let difference = table.firstDifference { lines.append("    \(difference)") }
        }
        if revision != ImportSource.knownRevision {
            lines.append(
                "The source has the schema version \(revision), which is not the one of Arize "
                    + "Phoenix 20.26.1; it has all that is imported.")
        }
        if recountedSpans > 0 {
            lines.append(
                "\(recountedSpans) spans of the sample had counts over the spans below them that "
                    + "did not add up; they were counted anew.")
        }
        if !leftOut.isEmpty {
            let names = leftOut.map { "\($0.table) (\($0.rowCount))" }.joined(separator: ", ")
            lines.append("Not imported: \(names).")
        }
        lines.append(
            isEqual ? "Both databases are equal." : "The databases differ; see above.")
        return lines.joined(separator: "\n") + "\n"
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private func padStart(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
