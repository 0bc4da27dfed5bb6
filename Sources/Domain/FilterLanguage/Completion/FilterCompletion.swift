/// What could stand at a place of a condition.
package struct FilterCompletion: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case field, attribute, collection, function, keyword, annotation, value
    }

    package var text: String
    package var kind: Kind

    package init(_ text: String, _ kind: Kind) {
        self.text = text
        self.kind = kind
    }
}

/// What a project holds, as far as completion offers it.
package struct FilterCompletionSource: Sendable {
    /// Dotted paths of attributes seen in the project.
    package var attributePaths: [String] = []
    /// Names of annotations seen in the project.
    package var annotationNames: [String] = []
    /// Values seen of a field, such as kinds and status codes.
    package var values: @Sendable (String) -> [String] = { _ in [] }

    package init() {}
}

extension FilterLanguage {
    package static let completionsMax = 50

    /// Offers completions for the word that ends at `position`.
    ///
    /// The condition may be unfinished or wrong. At most ``completionsMax`` are offered, those that
    /// begin with the word before those that only contain it.
    ///
    /// - Parameter position: In Unicode scalars from 0; places beyond the end mean the end.
    package func completions(
        of condition: String, at position: Int, from source: FilterCompletionSource
    ) -> [FilterCompletion] {
        let place = Self.place(in: condition, at: position)
        return Self.matching(
            place.word,
            place.isQuoted
                ? quoted(after: place.before, source)
                : candidates(word: place.word, before: place.before, source))
    }

    /// Where the word begins that a completion replaces; it ends at `position`.
    ///
    /// - Parameter position: As in ``completions(of:at:from:)``, and so is what is returned.
    package static func wordStart(in condition: String, at position: Int) -> Int {
        let end = condition.unicodeScalars.prefix(max(0, position)).count
        return end - place(in: condition, at: position).word.unicodeScalars.count
    }

    /// The word that ends at a position: inside a string all of it, else a dotted name.
    private static func place(
        in condition: String, at position: Int
    ) -> (word: String, before: String, isQuoted: Bool) {
        let scalars = Array(condition.unicodeScalars.prefix(max(0, position)).suffix(4096))
        func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
            String(String.UnicodeScalarView(part))
        }
        if let quote = openQuote(scalars) {
            return (text(scalars[(quote + 1)...]), text(scalars[..<quote]), true)
        }
        var start = scalars.count
        while start > 0, isPartOfPath(scalars[start - 1]) { start -= 1 }
        return (text(scalars[start...]), text(scalars[..<start]), false)
    }

    private static func isPartOfPath(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "." || scalar.properties.isXIDContinue
    }

    /// Where the string literal begins that is open at the end of a text; nil when none is.
    private static func openQuote(_ scalars: [Unicode.Scalar]) -> Int? {
        var opening: Int?
        var isEscaped = false
        for (index, scalar) in scalars.enumerated() {
            if let open = opening {
                if isEscaped {
                    isEscaped = false
                } else if scalar == "\\" {
                    isEscaped = true
                } else if scalar == scalars[open] {
                    opening = nil
                }
            } else if scalar == "'" || scalar == "\"" {
                opening = index
            }
        }
        return opening
    }

    private func quoted(
        after text: String, _ source: FilterCompletionSource
    ) -> [FilterCompletion] {
        let dense = text.filter { $0 != " " }
        if dense.hasSuffix("annotations[") || dense.hasSuffix("evals[") {
            return source.annotationNames.map { FilterCompletion($0, .annotation) }
        }
        if dense.hasSuffix("attributes[") {
            return source.attributePaths.map { FilterCompletion($0, .attribute) }
        }
        if dense.hasSuffix("metadata[") {
            return source.attributePaths.filter { $0.hasPrefix("metadata.") }
                .map { FilterCompletion(String($0.dropFirst(9)), .attribute) }
        }
        return source.values(Self.comparedName(in: text)).map { FilterCompletion($0, .value) }
    }

    /// The name that a value is compared with: `name == '…`, `name not in ['…', '…`.
    private static func comparedName(in text: String) -> String {
        func trimmed(_ text: Substring) -> Substring {
            text.hasSuffix(" ") ? trimmed(text.dropLast()) : text
        }
        var rest = trimmed(text[...])
        if let last = rest.last, "[(,".contains(last),
            let bracket = rest.lastIndex(where: { $0 == "[" || $0 == "(" })
        {
            rest = trimmed(rest[..<bracket])
            for word in [" in", " not"] where rest.hasSuffix(word) {
                rest = trimmed(rest.dropLast(word.count))
            }
        } else {
            while let last = rest.last, "=!".contains(last) { rest = rest.dropLast() }
            rest = trimmed(rest)
        }
        let name = rest.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return String(name.reversed())
    }

    private func candidates(
        word: String, before: String, _ source: FilterCompletionSource
    ) -> [FilterCompletion] {
        let vocabulary = Vocabulary(language: self)
        if let dot = word.firstIndex(of: "."),
            let collection = collection(of: String(word[..<dot]), in: before, vocabulary)
        {
            let variable = word[..<dot]
            return vocabulary.fields(of: collection).map {
                FilterCompletion("\(variable).\($0.rawValue)", .field)
            }
                + vocabulary.collections(of: collection).map {
                    FilterCompletion("\(variable).\($0.rawValue)", .collection)
                }
        }
        if word.isEmpty || word.hasPrefix("."), before.hasSuffix("]") {
            return ["score", "label", "explanation", "identifier"].map {
                FilterCompletion("." + $0, .annotation)
            }
        }
        var all = vocabulary.fields.keys.sorted().map { FilterCompletion($0, .field) }
        all += vocabulary.collections.map { FilterCompletion($0.rawValue, .collection) }
        all += FilterReduction.Function.allCases.map { FilterCompletion($0.rawValue, .function) }
        switch self {
        case .span:
            all += ["annotations", "evals", "trace_annotations"].map {
                FilterCompletion($0, .annotation)
            }
            all.append(FilterCompletion("parent_span", .field))
            all.append(FilterCompletion("text contains", .keyword))
            all += source.attributePaths.map { FilterCompletion($0, .attribute) }
        case .trace, .session:
            all.append(FilterCompletion("user.id", .attribute))
            all += source.attributePaths.map {
                FilterCompletion("attributes[\"\($0)\"]", .attribute)
            }
        }
        return all
            + ["and", "or", "not", "in", "is", "None", "True", "False"].map {
                FilterCompletion($0, .keyword)
            }
    }

    /// What a loop variable runs over: `for s in spans` may stand before or after the cursor's
    /// word.
    private func collection(
        of variable: String, in text: String, _ vocabulary: Vocabulary
    ) -> FilterCollection? {
        let words = text.split { !Self.isPartOfPath($0.unicodeScalars.first ?? " ") }
        for (index, word) in words.enumerated()
        where word == "for" && index + 3 < words.count && words[index + 1] == variable {
            let name = words[index + 3].split(separator: ".").last.map(String.init) ?? ""
            if let collection = FilterCollection(rawValue: name) { return collection }
        }
        return nil
    }

    private static func matching(
        _ word: String, _ candidates: [FilterCompletion]
    ) -> [FilterCompletion] {
        let wanted = word.lowercased()
        let first = candidates.filter { $0.text.lowercased().hasPrefix(wanted) }
        let rest =
            wanted.isEmpty
            ? []
            : candidates.filter {
                let text = $0.text.lowercased()
                return !text.hasPrefix(wanted) && text.contains(wanted)
            }
        var seen: Set<FilterCompletion> = []
        return Array((first + rest).filter { seen.insert($0).inserted }.prefix(completionsMax))
    }
}
