import OpenInference

/// A checked filter as a typed tree.
///
/// Every comparison has operands of one type; conversions of attributes are explicit.
package indirect enum FilterTerm: Sendable, Hashable {
    case null
    case text(String)
    case number(Double)
    case bool(Bool)
    /// Microseconds since 1970 in UTC.
    case timestamp(Int64)
    /// A field of the filtered row (variable 0) or of a loop variable.
    case field(FilterField, of: Int)
    /// A field of the parent of a loop variable's span.
    case parentField(FilterField, of: Int)
    case attribute([FilterPathStep], as: FilterType)
    case annotation(FilterAnnotationSubject, name: String, FilterField)
    case annotationExists(FilterAnnotationSubject, name: String)
    /// Converts text to a number; null when it is none.
    case parsedNumber(FilterTerm)
    case negative(FilterTerm)
    case arithmetic(FilterTerm, FilterOperator, FilterTerm)
    case concatenation(FilterTerm, FilterTerm)
    case reduction(FilterReduction)
    case comparison(FilterTerm, FilterComparison, FilterTerm)
    case isNull(FilterTerm)
    case membership(FilterTerm, [FilterTerm])
    /// Case-insensitive.
    case containment(FilterTerm, in: FilterTerm)
    /// Any text of the filtered span contains this one, ignoring case: an extension of the contract.
    case textContains(String)
    case all([FilterTerm])
    case any([FilterTerm])
    case not(FilterTerm)
}

package enum FilterOperator: String, Sendable, Hashable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    /// Null when the right side is 0.
    case divided = "/"
    case modulo = "%"
}

package enum FilterComparison: String, Sendable, Hashable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    var isOrdering: Bool { self != .equal && self != .notEqual }
}

/// A comprehension inside one of the six functions.
package struct FilterReduction: Sendable, Hashable {
    package enum Function: String, Sendable, Hashable, CaseIterable {
        case all, any, len, max, min, sum
    }

    package var function: Function
    package var collection: FilterCollection
    /// The variable whose collection it is, 0 for the filtered row.
    package var owner: Int
    /// The number of the loop variable, unique within the filter.
    package var variable: Int
    /// The condition of `any` and `all`, the value of `sum`, `max` and `min`; nil for `len`.
    package var element: FilterTerm?
    /// Which elements are looked at; nil for all of them.
    package var filter: FilterTerm?
}

/// A filter that was parsed and checked.
package struct Filter: Sendable, Hashable {
    package let language: FilterLanguage
    /// Nil when the condition was blank, which selects everything.
    package let condition: FilterTerm?

    /// Reads a condition; white space around it does not count.
    ///
    /// Takes time linear in its length. Longer ones than 32,768 characters, and deeply
    /// nested ones, are refused before they cost anything.
    ///
    /// - Throws: ``FilterError`` in the words of the contract.
    package init(_ text: String, in language: FilterLanguage) throws(FilterError) {
        self.language = language
        let trimmed = Self.trimmed(text)
        guard !trimmed.isEmpty else {
            condition = nil
            return
        }
        if language != .span, let nul = trimmed.unicodeScalars.firstIndex(of: "\0") {
            throw FilterError(
                "condition cannot contain a NUL character",
                at: trimmed.unicodeScalars.distance(
                    from: trimmed.unicodeScalars.startIndex, to: nul))
        }
        let expression: PythonExpression
        do {
            expression = try Parser.expression(in: trimmed)
        } catch {
            throw Self.sentence(for: error, in: trimmed, language)
        }
        switch language {
        case .span:
            do {
                try Literals.check(expression)
                var checker = SpanChecker()
                condition = try checker.filter(expression)
            } catch {
                let message = PythonText.shortened(error.message, to: Self.messageLengthMax)
                throw FilterError(message, at: error.position)
            }
        case .trace, .session:
            try Literals.check(expression)
            var checker = StrictChecker(language)
            condition = try checker.filter(expression)
        }
        guard (condition?.weight ?? 0) <= Self.weightMax else {
            throw FilterError("filter condition is nested too deeply", at: 0)
        }
    }

    /// How deep, in ``FilterTerm/weight``, a condition may be: SQLite's parser bears no more.
    private static let weightMax = 80

    /// How long the string of `text contains` may be, in Unicode scalars.
    package static let searchedTextLengthMax = 1000

    /// How long the sentences of the span language are at most, in Unicode scalars.
    package static let messageLengthMax = 300

    private static func trimmed(_ text: String) -> String {
        var scalars = text.unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }

    /// The span language tells the character, the other two repeat Python's own words.
    private static func sentence(
        for error: PythonSyntaxError, in text: String, _ language: FilterLanguage
    ) -> FilterError {
        if error.isPlain { return FilterError(error.message, at: error.position) }
        let scalars = Array(text.unicodeScalars)
        let before = scalars[..<min(error.position, scalars.count)]
        let line = before.count { $0 == "\n" } + 1
        guard language == .span else {
            return FilterError("\(error.message) (<unknown>, line \(line))", at: error.position)
        }
        // Python says in which line a string stays open, in its own words for a file.
        var message = error.message
        if let mark = message.firstRange(of: " (detected at line") {
            message = String(message[..<mark.lowerBound])
        }
        let column = error.position - (before.lastIndex(of: "\n").map { $0 + 1 } ?? 0)
        guard error.position < scalars.count else {
            return FilterError(message, at: error.position)
        }
        return FilterError("\(message) at character \(column + 1)", at: error.position)
    }

    /// Names of the annotations that the filter reads, for warnings about unknown ones.
    package var annotationNames: Set<String> {
        var names: Set<String> = []
        condition?.visit { term in
            switch term {
            case .annotation(_, let name, _), .annotationExists(_, let name): names.insert(name)
            default: break
            }
        }
        return names
    }

    /// A sentence for each annotation name that a trace or session filter reads and that the
    /// project does not have; the span language warns of none.
    ///
    /// - Parameter observed: The names of the project's trace or session annotations.
    package func warnings(observedAnnotationNames observed: Set<String>) -> [String] {
        guard language != .span else { return [] }
        return annotationNames.subtracting(observed).sorted().map { name in
            let start = "unknown annotation name '\(name)' — "
            guard !observed.isEmpty else {
                return start
                    + "this project has no \(language == .trace ? "trace" : "session") annotations"
            }
            let nearest = Phrase.nearest(Self.suggestionsMax, to: name, among: observed)
            let rest = observed.count - nearest.count
            return start + "closest observed names: "
                + nearest.map { "'\($0)'" }.joined(separator: ", ")
                + (rest > 0 ? " (\(rest) more not shown)" : "")
        }
    }

    private static let suggestionsMax = 5

    /// Names that are no fields, which the span language takes for attributes, and what was probably
    /// meant: `span_kind` by `span_knd`, `span.kind` and `kind`, `'LLM'` by `LLM`. The other languages
    /// refuse such names. A name of several parts is like a field of as many, since attributes have such
    /// names.
    package var likelyMisspellings: [(name: String, meant: String)] {
        guard language == .span else { return [] }
        var names: Set<String> = []
        condition?.visit { term in
            guard case .attribute(let path, _) = term else { return }
            let keys = path.compactMap { if case .key(let key) = $0 { key } else { nil } }
            names.insert(keys.joined(separator: "."))
        }
        let fields = Vocabulary(language: .span).fields
        return names.sorted().compactMap { name in
            // The name of a field is an attribute only where it was written as one: attributes['name'].
            guard !name.isEmpty, fields[name] == nil else { return nil }
            if let field = Self.fieldsByTitle[name] { return (name, field) }
            if Self.words.contains(name) { return (name, "'\(name)'") }
            let joined = name.replacing(".", with: "_")
            if fields[joined] != nil { return (name, joined) }
            let alike = fields.keys.filter { Self.partCount($0) == Self.partCount(name) }
            return Phrase.nearest(name, among: alike).map { (name, $0) }
        }
    }

    /// What tables of spans call a field, and the field.
    private static let fieldsByTitle = [
        "status": "status_code", "kind": "span_kind", "input": "input.value",
        "output": "output.value", "tokens": "cumulative_token_count.total", "cost": "total_cost",
        "model": "llm.model_name", "user": "user.id", "session": "session.id",
    ]

    /// Values that are written without their quotation marks at times.
    private static let words = Set(
        SpanKind.allCases.map(\.rawValue) + SpanStatusCode.allCases.map(\.rawValue))

    private static func partCount(_ name: String) -> Int { name.split(separator: ".").count }

    /// Whether every row that the filter selects has no parent: it implies `parent_id is None` or
    /// `parent_span is None`.
    package var selectsRootSpansOnly: Bool {
        condition.map { Self.impliesRoot($0, negated: false) } ?? false
    }

    private static func impliesRoot(_ term: FilterTerm, negated: Bool) -> Bool {
        switch term {
        case .not(let inner): return impliesRoot(inner, negated: !negated)
        case .all(let terms):
            return negated
                ? terms.allSatisfy { impliesRoot($0, negated: true) }
                : terms.contains { impliesRoot($0, negated: false) }
        case .any(let terms):
            return negated
                ? terms.contains { impliesRoot($0, negated: true) }
                : terms.allSatisfy { impliesRoot($0, negated: false) }
        case .isNull(.field(.parentID, of: 0)), .isNull(.field(.parentSpan, of: 0)):
            return !negated
        default: return false
        }
    }
}

extension FilterTerm {
    /// How deep the SQL of the term nests: each level counts by the brackets and calls that it is
    /// written with.
    var weight: Int {
        let inner = operands.map(\.weight).max() ?? 0
        return switch self {
        case .not, .negative, .all, .any: inner + 2
        case .arithmetic, .concatenation: inner + 4
        case .parsedNumber, .reduction: inner + 12
        case .comparison, .membership, .containment, .isNull: inner + 1
        default: inner
        }
    }

    /// Calls `body` with this term and every term inside of it.
    package func visit(_ body: (FilterTerm) -> Void) {
        body(self)
        for term in operands { term.visit(body) }
    }

    private var operands: [FilterTerm] {
        switch self {
        case .parsedNumber(let inner), .negative(let inner), .isNull(let inner), .not(let inner):
            [inner]
        case .arithmetic(let left, _, let right), .comparison(let left, _, let right),
            .concatenation(let left, let right), .containment(let left, in: let right):
            [left, right]
        case .membership(let left, let items): [left] + items
        case .all(let terms), .any(let terms): terms
        case .reduction(let reduction):
            [reduction.element, reduction.filter].compactMap { $0 }
        default: []
        }
    }
}
