/// What could stand at a place of a condition.
package struct FilterCompletion: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
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
        let scalars = Array(condition.unicodeScalars.prefix(max(0, position)).suffix(4096))
        var start = scalars.count
        while start > 0, Self.isPartOfPath(scalars[start - 1]) { start -= 1 }
        let word = String(String.UnicodeScalarView(scalars[start...]))
        let before = String(String.UnicodeScalarView(scalars[..<start]))
        let (isQuoted, opening) = Self.openString(before)
        if isQuoted {
            return Self.matching(word, quoted(after: opening, source))
        }
        return Self.matching(word, candidates(word: word, before: before, source))
    }

    private static func isPartOfPath(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "." || scalar.properties.isXIDContinue
    }

    /// Whether a string literal is open at the end of the text, and what precedes its quote.
    private static func openString(_ text: String) -> (isOpen: Bool, before: String) {
        var quote: Unicode.Scalar?
        var opening = text.unicodeScalars.startIndex
        var isEscaped = false
        for index in text.unicodeScalars.indices {
            let scalar = text.unicodeScalars[index]
            if let open = quote {
                if isEscaped {
                    isEscaped = false
                } else if scalar == "\\" {
                    isEscaped = true
                } else if scalar == open {
                    quote = nil
                }
            } else if scalar == "'" || scalar == "\"" {
                quote = scalar
                opening = index
            }
        }
        return (quote != nil, String(text.unicodeScalars[..<opening]))
    }

    private func quoted(
        after text: String, _ source: FilterCompletionSource
    ) -> [FilterCompletion] {
        let text = text.filter { $0 != " " }
        if text.hasSuffix("annotations[") || text.hasSuffix("evals[") {
            return source.annotationNames.map { FilterCompletion($0, .annotation) }
        }
        if text.hasSuffix("attributes[") {
            return source.attributePaths.map { FilterCompletion($0, .attribute) }
        }
        if text.hasSuffix("metadata[") {
            return source.attributePaths.filter { $0.hasPrefix("metadata.") }
                .map { FilterCompletion(String($0.dropFirst(9)), .attribute) }
        }
        // `name == '…`, `name in ['…', '…`: the name before the operator tells the values.
        var rest = text[...]
        while let last = rest.last, "[(,'\"=!".contains(last) || rest.hasSuffix("in") {
            rest = rest.dropLast(rest.hasSuffix("in") ? 2 : 1)
        }
        let name = rest.reversed().prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        return source.values(String(name.reversed())).map { FilterCompletion($0, .value) }
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
