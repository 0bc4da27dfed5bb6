import FilterLanguage
import JSON

/// A span, trace, session or element in memory, as filters see it.
final class NaiveRow {
    var fields: [FilterField: NaiveValue] = [:]
    var attributes = JSONValue.object(JSONObject())
    var collections: [FilterCollection: [NaiveRow]] = [:]
    var parent: NaiveRow?
    /// Score, label, explanation and identifier of each annotation row by its name.
    var annotations: [String: [[FilterField: NaiveValue]]] = [:]
    /// All the texts of the fields that can only be searched.
    var searched: [FilterField: [String]] = [:]
}

enum NaiveValue: Hashable {
    case null
    case text(String)
    case number(Double)
    case bool(Bool)
}

/// Evaluates checked filters row by row, in the plainest way, to compare the databases with.
struct NaiveEvaluator {
    let language: FilterLanguage

    func selects(_ row: NaiveRow, _ filter: Filter) -> Bool {
        guard let condition = filter.condition else { return true }
        let names = Array(filter.annotationNames).sorted()
        return combinations(of: row, names[...], [:]).contains { chosen in
            value(condition, Scope(rows: [0: row], annotations: chosen)) == .bool(true)
        }
    }

    private struct Scope {
        var rows: [Int: NaiveRow]
        var annotations: [String: [FilterField: NaiveValue]]
    }

    /// Every way to choose one row, or none where there is none, of each named annotation.
    private func combinations(
        of row: NaiveRow, _ names: ArraySlice<String>, _ chosen: [String: [FilterField: NaiveValue]]
    ) -> [[String: [FilterField: NaiveValue]]] {
        guard let name = names.first else { return [chosen] }
        let candidates = row.annotations[name] ?? []
        return (candidates.isEmpty ? [[:]] : candidates).flatMap { candidate in
            var chosen = chosen
            chosen[name] = candidate
            return combinations(of: row, names.dropFirst(), chosen)
        }
    }

    private func value(_ term: FilterTerm, _ scope: Scope) -> NaiveValue {
        switch term {
        case .null: return .null
        case .text(let text): return .text(text)
        case .number(let number): return .number(number)
        case .bool(let bool): return .bool(bool)
        case .timestamp(let time): return .number(Double(time))
        case .field(.attributes, of: _), .field(.events, of: _): return .null
        case .field(let field, of: let variable):
            return scope.rows[variable]?.fields[field] ?? .null
        case .parentField(let field, of: let variable):
            return scope.rows[variable]?.parent?.fields[field] ?? .null
        case .attribute(let path, as: let type):
            return converted(attribute(path, of: scope.rows[0]!), to: type)
        case .annotation(_, let name, let field): return scope.annotations[name]?[field] ?? .null
        case .annotationExists(_, let name):
            return .bool(scope.rows[0]?.annotations[name]?.isEmpty == false)
        case .parsedNumber(let inner):
            guard case .text(let text) = value(inner, scope) else { return .null }
            return number(text)
        case .negative(let inner):
            guard case .number(let number) = value(inner, scope) else { return .null }
            return .number(-number)
        case .concatenation(let left, let right):
            guard case .text(let left) = value(left, scope),
                case .text(let right) = value(right, scope)
            else { return .null }
            return .text(left + right)
        case .arithmetic(let left, let operation, let right):
            return arithmetic(value(left, scope), operation, value(right, scope))
        case .isNull(let inner): return .bool(value(inner, scope) == .null)
        case .not(let inner):
            guard case .bool(let bool) = value(inner, scope) else { return .null }
            return .bool(!bool)
        case .all(let terms): return joined(terms.map { value($0, scope) }, decisive: false)
        case .any(let terms): return joined(terms.map { value($0, scope) }, decisive: true)
        case .comparison(let left, let comparison, let right):
            return compared(value(left, scope), comparison, value(right, scope))
        case .membership(let item, let items):
            let item = value(item, scope)
            return joined(items.map { compared(item, .equal, value($0, scope)) }, decisive: true)
        case .containment(.text(let needle), in: .field(let field, of: 0))
        where field == .anyInput || field == .anyOutput:
            let texts = scope.rows[0]?.searched[field] ?? []
            return .bool(texts.contains { contains($0, needle) })
        case .containment(let needle, in: let haystack):
            guard case .text(let needle) = value(needle, scope),
                case .text(let haystack) = value(haystack, scope)
            else { return .null }
            return .bool(contains(haystack, needle))
        // The rows of these tests have no texts of their own.
        case .textContains: return .bool(false)
        case .reduction(let reduction): return reduced(reduction, scope)
        }
    }

    private func contains(_ haystack: String, _ needle: String) -> Bool {
        let text = Array(lower(haystack))
        let part = Array(lower(needle))
        guard part.count <= text.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }

    private func lower(_ text: String) -> [UInt8] {
        text.utf8.map { (65...90).contains($0) ? $0 + 32 : $0 }
    }

    private func joined(_ values: [NaiveValue], decisive: Bool) -> NaiveValue {
        if values.contains(.bool(decisive)) { return .bool(decisive) }
        return values.contains(.null) ? .null : .bool(!decisive)
    }

    private func compared(
        _ left: NaiveValue, _ comparison: FilterComparison, _ right: NaiveValue
    ) -> NaiveValue {
        let isLess: Bool
        switch (left, right) {
        case (.text(let left), .text(let right)):
            isLess = left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.number(let left), .number(let right)): isLess = left < right
        case (.bool(let left), .bool(let right)): isLess = !left && right
        default: return .null
        }
        return switch comparison {
        case .equal: .bool(left == right)
        case .notEqual: .bool(left != right)
        case .less: .bool(isLess)
        case .lessOrEqual: .bool(isLess || left == right)
        case .greater: .bool(!isLess && left != right)
        case .greaterOrEqual: .bool(!isLess)
        }
    }

    private func arithmetic(
        _ left: NaiveValue, _ operation: FilterOperator, _ right: NaiveValue
    ) -> NaiveValue {
        guard case .number(let left) = left, case .number(let right) = right else { return .null }
        switch operation {
        case .plus: return .number(left + right)
        case .minus: return .number(left - right)
        case .times: return .number(left * right)
        case .divided: return right == 0 ? .null : .number(left / right)
        case .modulo:
            let divisor = right.rounded(.towardZero)
            return divisor == 0
                ? .null
                : .number(left.rounded(.towardZero).truncatingRemainder(dividingBy: divisor))
        }
    }

    // MARK: Attributes

    private func attribute(_ path: [FilterPathStep], of row: NaiveRow) -> JSONValue? {
        guard language != .span else { return lookup(path, row.attributes) }
        let keys: [String] = path.compactMap { step in
            if case .key(let key) = step { key } else { nil }
        }
        let parts = keys.joined(separator: ".").split(
            separator: ".", omittingEmptySubsequences: false
        ).map(String.init)
        guard keys.count == path.count else { return lookup(path, row.attributes) }
        for count in (0..<parts.count).reversed() {
            let tail = parts[count...].joined(separator: ".")
            let candidate = parts[..<count].map { FilterPathStep.key($0) } + [.key(tail)]
            if let found = lookup(candidate, row.attributes) { return found }
        }
        return nil
    }

    private func lookup(_ path: [FilterPathStep], _ value: JSONValue) -> JSONValue? {
        path.reduce(value as JSONValue?) { value, step in
            switch step {
            case .key(let key): value?[key]
            case .index(let index): value?[index]
            }
        }
    }

    private func converted(_ json: JSONValue?, to type: FilterType) -> NaiveValue {
        guard let json, !json.isNull else { return .null }
        let text = json.stringValue ?? json.text
        switch type {
        case .number:
            if let text = json.stringValue { return number(text) }
            return json.doubleValue.map(NaiveValue.number) ?? .null
        case .condition:
            switch text.lowercased() {
            case "true", "1": return .bool(true)
            case "false", "0": return .bool(false)
            default: return .null
            }
        default: return .text(text)
        }
    }

    private func number(_ text: String) -> NaiveValue {
        let digits = text.drop { $0 == " " }
        guard let first = digits.first, first.isNumber || first == "-" || first == "+",
            let value = Double(digits), value.isFinite
        else { return .null }
        return .number(value)
    }

    // MARK: Reductions

    private func reduced(_ reduction: FilterReduction, _ scope: Scope) -> NaiveValue {
        var values: [NaiveValue] = []
        for row in scope.rows[reduction.owner]?.collections[reduction.collection] ?? [] {
            var inner = scope
            inner.rows[reduction.variable] = row
            if let filter = reduction.filter, value(filter, inner) != .bool(true) { continue }
            values.append(reduction.element.map { value($0, inner) } ?? .null)
        }
        let numbers: [Double] = values.compactMap { value in
            if case .number(let number) = value { number } else { nil }
        }
        switch reduction.function {
        case .len: return .number(Double(values.count))
        case .any: return .bool(values.contains(.bool(true)))
        case .all: return .bool(values.allSatisfy { $0 == .bool(true) })
        case .sum: return .number(numbers.reduce(0, +))
        case .max: return numbers.max().map(NaiveValue.number) ?? .null
        case .min: return numbers.min().map(NaiveValue.number) ?? .null
        }
    }
}
