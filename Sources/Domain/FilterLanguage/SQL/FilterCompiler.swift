import SQLCore

extension Filter {
    /// The filter as a condition on the row that `columns` speaks of; nil when it selects every
    /// row.
    ///
    /// What is cheap to look at comes first: typed columns, then what needs another table, then
    /// attributes. Values are bound, never spliced.
    package func sql(over columns: some FilterColumns) -> SQL? {
        guard let condition else { return nil }
        var compiler = FilterCompiler(columns: columns, language: language)
        return compiler.whole(condition)
    }
}

struct FilterCompiler<Columns: FilterColumns> {
    private let columns: Columns
    private let language: FilterLanguage
    /// The collection of each loop variable.
    private var collections: [Int: FilterCollection] = [:]
    private var annotations: [Annotation] = []

    private struct Annotation: Hashable {
        var subject: FilterAnnotationSubject
        var name: String
    }

    init(columns: Columns, language: FilterLanguage) {
        self.columns = columns
        self.language = language
    }

    mutating func whole(_ condition: FilterTerm) -> SQL {
        let sql = self.condition(condition)
        let sources = annotations.enumerated().compactMap { index, annotation in
            columns.annotations(of: annotation.subject, named: annotation.name).map {
                (index, $0)
            }
        }
        guard !sources.isEmpty else { return sql }
        // The condition holds when any combination of the annotations' rows satisfies it.
        var statement: SQL = "EXISTS (SELECT 1 FROM (SELECT 1 AS one) AS f0"
        for (index, source) in sources {
            statement =
                "\(statement) LEFT JOIN (\(source)) AS \(unsafe: "fa\(index)") ON TRUE"
        }
        return "\(statement) WHERE \(sql))"
    }

    private func alias(_ variable: Int) -> String { "fv\(variable)" }

    // MARK: Conditions

    /// A term of three values: TRUE, FALSE or NULL.
    mutating func condition(_ term: FilterTerm) -> SQL {
        switch term {
        case .bool(let value): return value ? "TRUE" : "FALSE"
        case .all(let terms): return joined(terms, "AND")
        case .any(let terms): return joined(terms, "OR")
        case .not(let inner): return "(NOT \(condition(inner)))"
        case .isNull(let inner): return "(\(present(inner)) IS NULL)"
        case .comparison(let left, let comparison, let right):
            return self.comparison(left, comparison, right)
        case .membership(let value, let items): return membership(value, items)
        case .containment(let needle, in: let haystack):
            return containment(needle, haystack)
        case .textContains(let needle): return columns.texts(contain: needle)
        default: return value(term)
        }
    }

    private mutating func joined(_ terms: [FilterTerm], _ word: String) -> SQL {
        // The sort keeps the order of equals.
        let ordered = terms.enumerated().sorted {
            let (left, right) = (cost($0.element), cost($1.element))
            return left == right ? $0.offset < $1.offset : left < right
        }
        var parts: [SQL] = []
        for (_, term) in ordered { parts.append(condition(term)) }
        return Self.balanced(parts[...], word)
    }

    /// Joins many conditions as a shallow tree, since databases bound the depth of an expression.
    private static func balanced(_ parts: ArraySlice<SQL>, _ word: String) -> SQL {
        guard parts.count > 16 else {
            return "(\(Array(parts), separator: " \(word) "))"
        }
        let middle = parts.startIndex + parts.count / 2
        let left = balanced(parts[..<middle], word)
        let right = balanced(parts[middle...], word)
        return "(\(left) \(unsafe: word) \(right))"
    }

    private func cost(_ term: FilterTerm) -> Int {
        var cost = 0
        term.visit { part in
            switch part {
            case .attribute: cost = max(cost, 4)
            case .textContains: cost = max(cost, 6)
            case .field(let field, of: 0):
                switch field {
                case .input, .output, .firstInput, .lastOutput, .llmTokenCountTotal:
                    cost = max(cost, 4)
                case .anyInput, .anyOutput: cost = max(cost, 5)
                case .parentSpan, .totalCost, .promptCost, .completionCost: cost = max(cost, 1)
                default: break
                }
            case .reduction: cost = max(cost, 3)
            case .annotationExists: cost = max(cost, 2)
            default: break
            }
        }
        return cost
    }

    private mutating func comparison(
        _ left: FilterTerm, _ comparison: FilterComparison, _ right: FilterTerm
    ) -> SQL {
        if comparison == .equal {
            if case .field(let field, of: 0) = left, case .text(let text) = right,
                let indexed = columns.condition(field, isAnyOf: [text])
            {
                return indexed
            }
            if case .field(let field, of: 0) = right, case .text(let text) = left,
                let indexed = columns.condition(field, isAnyOf: [text])
            {
                return indexed
            }
        }
        let symbol =
            switch comparison {
            case .equal: "="
            case .notEqual: "<>"
            default: comparison.rawValue
            }
        let first = value(left)
        let second = value(right)
        // Text is ordered by its bytes, whatever the locale of the database.
        let order: SQL =
            comparison.isOrdering && (Self.isText(left) || Self.isText(right))
            ? .dialect(sqlite: "", postgres: " COLLATE \"C\"") : ""
        return "(\(first) \(unsafe: symbol) \(second)\(order))"
    }

    private static func isText(_ term: FilterTerm) -> Bool {
        switch term {
        case .text, .concatenation, .attribute(_, as: .text): true
        case .field(let field, of: _), .parentField(let field, of: _): field.type == .text
        case .annotation(_, _, let field): field.type == .text
        default: false
        }
    }

    private mutating func membership(_ value: FilterTerm, _ items: [FilterTerm]) -> SQL {
        // Membership in nothing is false even of NULL.
        guard !items.isEmpty else { return "FALSE" }
        let texts = items.compactMap { item in
            if case .text(let text) = item { text } else { nil }
        }
        if case .field(let field, of: 0) = value, texts.count == items.count,
            let indexed = columns.condition(field, isAnyOf: texts)
        {
            return indexed
        }
        let target = self.value(value)
        if texts.count == items.count { return "(\(target) IN (\(list: texts)))" }
        var parts: [SQL] = []
        for item in items { parts.append(self.value(item)) }
        return "(\(target) IN (\(parts, separator: ", ")))"
    }

    private mutating func containment(_ needle: FilterTerm, _ haystack: FilterTerm) -> SQL {
        if case .field(let field, of: 0) = haystack, field == .anyInput || field == .anyOutput,
            case .text(let text) = needle
        {
            return columns.anyText(field, contains: text)
        }
        if case .text(let text) = needle {
            return .containment(ofText: text, in: value(haystack))
        }
        let text = value(needle)
        return .containment(of: text, in: value(haystack))
    }

    /// What is NULL when `term` is missing. A token count that is there but no number is not
    /// missing.
    private mutating func present(_ term: FilterTerm) -> SQL {
        guard language == .span, case .field(let field, of: 0) = term else { return value(term) }
        let kind: String
        switch field {
        case .llmTokenCountPrompt: kind = "prompt"
        case .llmTokenCountCompletion: kind = "completion"
        case .llmTokenCountTotal: kind = "total"
        default: return columns.presence(of: field) ?? value(term)
        }
        return attribute([.key("llm"), .key("token_count"), .key(kind)], .text)
    }

    // MARK: Values

    private mutating func value(_ term: FilterTerm) -> SQL {
        switch term {
        case .null: return "NULL"
        case .text(let text): return .dialect(sqlite: "\(text)", postgres: "\(text)::text")
        case .number(let number):
            return .dialect(sqlite: "\(number)", postgres: "\(number)::float8")
        case .timestamp(let time): return .dialect(sqlite: "\(time)", postgres: "\(time)::bigint")
        // The original reads the two whole documents as no text at all.
        case .field(.attributes, of: 0), .field(.events, of: 0): return "NULL"
        // As attributes, so that they too are found however they are nested.
        case .field(.input, of: 0): return attribute([.key("input.value")], .text)
        case .field(.output, of: 0): return attribute([.key("output.value")], .text)
        case .field(let field, of: 0): return columns.column(field)
        case .field(let field, of: let variable):
            return columns.column(
                field, of: collections[variable] ?? .spans, as: alias(variable))
        case .parentField(let field, of: let variable):
            return columns.parentColumn(
                field, of: collections[variable] ?? .spans, as: alias(variable))
        case .attribute(let path, as: let type): return attribute(path, type)
        case .annotation(let subject, let name, let field):
            guard columns.annotations(of: subject, named: name) != nil else { return "NULL" }
            return
                "\(unsafe: "fa\(index(of: .init(subject: subject, name: name))).\(field.rawValue)")"
        case .annotationExists(let subject, let name):
            return columns.annotations(of: subject, named: name).map { "EXISTS (\($0))" } ?? "FALSE"
        case .parsedNumber(let inner): return .number(ofText: value(inner))
        case .negative(let inner):
            // PostgreSQL wants to know what kind of NULL it is to negate.
            let number = value(inner)
            return .dialect(sqlite: "(- \(number))", postgres: "(- (\(number))::float8)")
        case .concatenation(let left, let right):
            let first = value(left)
            return "(\(first) || \(value(right)))"
        case .arithmetic(let left, let operation, let right):
            return arithmetic(value(left), operation, value(right))
        case .reduction(let reduction): return self.reduction(reduction)
        default: return condition(term)
        }
    }

    private mutating func index(of annotation: Annotation) -> Int {
        if let index = annotations.firstIndex(of: annotation) { return index }
        annotations.append(annotation)
        return annotations.count - 1
    }

    /// The trace and session languages find a dotted key however it is nested.
    private func attribute(_ path: [FilterPathStep], _ type: FilterType) -> SQL {
        var json = columns.attribute(at: path)
        if language != .span {
            let candidates = Self.nestings(of: path).map(columns.attribute(at:))
            if candidates.count > 1 { json = "COALESCE(\(candidates, separator: ", "))" }
        }
        return switch type {
        case .number: .number(ofJSON: json)
        case .condition: .condition(ofJSON: json)
        default: .text(ofJSON: json)
        }
    }

    /// The fully split path first, then each prefix with the rest as one dotted key.
    private static func nestings(of path: [FilterPathStep]) -> [[FilterPathStep]] {
        let keys: [String] = path.compactMap { step in
            if case .key(let key) = step { key } else { nil }
        }
        guard keys.count == path.count else { return [split(path)] }
        let parts = keys.joined(separator: ".").split(
            separator: ".", omittingEmptySubsequences: false)
        // A key of many dots would ask for as many paths.
        guard parts.count <= 8 else { return [split(path), path] }
        var candidates = [parts.map { FilterPathStep.key(String($0)) }]
        for count in (0..<parts.count - 1).reversed() {
            candidates.append(
                parts[..<count].map { FilterPathStep.key(String($0)) }
                    + [.key(parts[count...].joined(separator: "."))])
        }
        return candidates
    }

    private static func split(_ path: [FilterPathStep]) -> [FilterPathStep] {
        path.flatMap { step -> [FilterPathStep] in
            guard case .key(let key) = step else { return [step] }
            return key.split(separator: ".", omittingEmptySubsequences: false)
                .map { .key(String($0)) }
        }
    }

    private func arithmetic(_ left: SQL, _ operation: FilterOperator, _ right: SQL) -> SQL {
        switch operation {
        case .plus, .minus, .times: return "(\(left) \(unsafe: operation.rawValue) \(right))"
        case .divided:
            return .dialect(
                sqlite: "(CAST(\(left) AS REAL) / NULLIF(\(right), 0))",
                postgres: "((\(left))::float8 / NULLIF((\(right))::float8, 0))")
        case .modulo:
            // SQLite's operator drops the fractions of both sides, so both databases do.
            return .dialect(
                sqlite: "(\(left) % NULLIF(CAST(\(right) AS INTEGER), 0))",
                postgres: """
                    (MOD(TRUNC((\(left))::numeric), NULLIF(TRUNC((\(right))::numeric), 0)))::float8
                    """)
        }
    }

    // MARK: Reductions

    private mutating func reduction(_ reduction: FilterReduction) -> SQL {
        collections[reduction.variable] = reduction.collection
        guard
            let rows = columns.rows(
                of: reduction.collection,
                ownedBy: reduction.owner == 0 ? nil : alias(reduction.owner),
                as: alias(reduction.variable))
        else { return Self.ofNothing(reduction.function) }
        var selected = rows
        if let filter = reduction.filter { selected = "\(rows) AND \(condition(filter))" }
        switch reduction.function {
        case .len: return "(SELECT COUNT(*) \(selected))"
        case .any:
            guard let element = reduction.element else { return "FALSE" }
            return "EXISTS (SELECT 1 \(selected) AND \(condition(element)))"
        case .all:
            guard let element = reduction.element else { return "TRUE" }
            return
                "NOT EXISTS (SELECT 1 \(selected) AND NOT COALESCE(\(condition(element)), FALSE))"
        case .sum: return "(SELECT COALESCE(SUM(\(element(reduction))), 0) \(selected))"
        case .max: return "(SELECT MAX(\(element(reduction))) \(selected))"
        case .min: return "(SELECT MIN(\(element(reduction))) \(selected))"
        }
    }

    private mutating func element(_ reduction: FilterReduction) -> SQL {
        reduction.element.map { value($0) } ?? "NULL"
    }

    private static func ofNothing(_ function: FilterReduction.Function) -> SQL {
        switch function {
        case .all: "TRUE"
        case .any: "FALSE"
        case .len, .sum: "0"
        case .max, .min: "NULL"
        }
    }
}

extension SQL {
    /// A condition for `needle` being within a text, ignoring case.
    ///
    /// SQLite folds the case of ASCII letters only, so a needle with others is also looked for as
    /// it is.
    package static func containment(ofText needle: String, in haystack: SQL) -> SQL {
        let folded = needle.lowercased()
        let exact = String(
            String.UnicodeScalarView(
                needle.unicodeScalars.map { scalar in
                    ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar
                }))
        let plain: SQL = "(INSTR(LOWER(\(haystack)), \(folded)) > 0)"
        return .dialect(
            sqlite: folded == exact
                ? plain : "(\(plain) OR INSTR(LOWER(\(haystack)), \(exact)) > 0)",
            postgres: "(STRPOS(LOWER(\(haystack)), LOWER(\(needle)::text)) > 0)")
    }

    /// A condition for one text being within another, ignoring case.
    package static func containment(of needle: SQL, in haystack: SQL) -> SQL {
        .dialect(
            sqlite: "(INSTR(LOWER(\(haystack)), LOWER(\(needle))) > 0)",
            postgres: "(STRPOS(LOWER(\(haystack)), LOWER(\(needle))) > 0)")
    }
}
