import FilterLanguage
import JSON

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The answers that `Recorded/record.py` wrote down.
enum Recorded {
    struct Answer {
        var language: FilterLanguage
        var expression: String
        /// Nil when the original takes the expression.
        var error: String?
    }

    static func answers() throws -> [Answer] {
        try lines(of: "answers.jsonl").map { line in
            let value = try JSON.parse(line)
            return Answer(
                language: language(value["language"]?.stringValue ?? ""),
                expression: value["expression"]?.stringValue ?? "",
                error: value["error"]?.stringValue)
        }
    }

    static func sentence(_ expression: String, in language: FilterLanguage) -> String? {
        do {
            _ = try Filter(expression, in: language)
            return nil
        } catch {
            return error.message
        }
    }

    private static func language(_ name: String) -> FilterLanguage {
        switch name {
        case "trace": .trace
        case "session": .session
        default: .span
        }
    }

    private static func lines(of name: String) -> [String] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        guard let file = fopen("/\(folder)/Recorded/\(name)", "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension Recorded {
    static func isKnownDifference(_ answer: Answer) -> Bool {
        // The original fails in its own code on these; we take or refuse them in a sentence.
        if answer.error?.hasPrefix("!") == true { return true }
        // Characters by name would need a table of all names.
        return answer.expression.contains("\\N{")
    }
}
