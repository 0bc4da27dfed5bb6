/// Comprehensions: what may be iterated, and what can be read of an element.
extension StrictChecker {
    private typealias Function = FilterReduction.Function

    mutating func reduction(
        _ function: FilterReduction.Function, _ arguments: [PythonExpression],
        _ keywords: [PythonExpression.Keyword], _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        guard arguments.count == 1, keywords.isEmpty,
            case .comprehension(let comprehension) = arguments[0].kind,
            comprehension.form == .generator || comprehension.form == .list
        else {
            if arguments.count == 1, case .name(let name) = arguments[0].kind, scopes.isEmpty,
                let field = vocabulary.fields[name]
            {
                try refuseSearched(field, arguments[0])
            }
            throw FilterError(
                "`\(function.rawValue)(...)` takes a comprehension over "
                    + Phrase.oneOf(vocabulary.collections.map(\.rawValue))
                    + ", e.g. `\(example(function))`", at: expression.position)
        }
        guard comprehension.clauses.count == 1 else {
            throw FilterError(
                "a comprehension may have only one `for` clause", at: expression.position)
        }
        let clause = comprehension.clauses[0]
        guard !clause.isAsync else {
            throw FilterError("`async for` is not supported", at: expression.position)
        }
        guard case .name(let name) = clause.target.kind else {
            throw FilterError(
                "`for \(PythonText.of(clause.target)) in ...` is not supported: the loop variable "
                    + "must be a simple name", at: clause.target.position)
        }
        if function == .len, comprehension.form == .generator {
            throw FilterError(
                "`len(...)` takes a list comprehension: write `len([\(name) for ...])`, not "
                    + "`len(... for ...)`", at: expression.position)
        }
        if scopes.contains(where: { $0.name == name }) {
            throw FilterError(
                "`\(name)` is already in use as a loop variable", at: clause.target.position)
        }
        let (collection, owner) = try iterated(clause.iterable)
        return try reduction(function, comprehension, name, collection, owner)
    }

    private mutating func reduction(
        _ function: Function, _ comprehension: PythonExpression.Comprehension, _ name: String,
        _ collection: FilterCollection, _ owner: Int
    ) throws(FilterError) -> Typed {
        variableCount += 1
        let scope = Scope(name: name, collection: collection, variable: variableCount)
        scopes.append(scope)
        defer { scopes.removeLast() }
        let element: Typed?
        switch function {
        case .len:
            guard case .name(name) = comprehension.element.kind else {
                throw FilterError(
                    "`len(...)` counts elements: write `len([\(name) for \(name) in "
                        + "\(collection.rawValue) if ...])`", at: comprehension.element.position)
            }
            element = nil
        case .any, .all: element = try predicate(comprehension.element, function, scope)
        case .sum, .max, .min: element = try summand(comprehension.element, function, scope)
        }
        var filters: [FilterTerm] = []
        for condition in comprehension.clauses[0].conditions {
            filters.append(try self.condition(condition))
        }
        let reduction = FilterReduction(
            function: function, collection: collection, owner: owner, variable: scope.variable,
            element: element?.term,
            filter: filters.isEmpty ? nil : filters.count == 1 ? filters[0] : .all(filters))
        let type: FilterType =
            switch function {
            case .any, .all: .condition
            case .len: .number
            case .sum, .max, .min: element?.type ?? .number
            }
        return Typed(.reduction(reduction), type)
    }

    private func example(_ function: Function) -> String {
        let collections = vocabulary.collections
        let name = collections.count == 1 ? collections[0].rawValue : "<collection>"
        return switch function {
        case .any, .all: "\(function.rawValue)(x.<field> == \"...\" for x in \(name))"
        case .len: "len([x for x in \(name)])"
        case .sum, .max, .min: "\(function.rawValue)(x.<field> for x in \(name))"
        }
    }

    private mutating func predicate(
        _ element: PythonExpression, _ function: Function, _ scope: Scope
    ) throws(FilterError) -> Typed {
        var isCondition: Bool
        switch element.kind {
        case .compare, .logic, .unary("not", _): isCondition = true
        case .call(let callee, _, _):
            isCondition = false
            if case .name(let name) = callee.kind { isCondition = name == "any" || name == "all" }
        case .attribute(let base, let field):
            isCondition = false
            if case .name(scope.name) = base.kind {
                isCondition = vocabulary.fields(of: scope.collection).contains {
                    $0.rawValue == field && $0.type == .condition
                }
            }
        default: isCondition = false
        }
        guard isCondition else {
            throw FilterError(
                "`\(function.rawValue)(...)` takes a condition over `\(scope.name)`",
                at: element.position)
        }
        return try value(element)
    }

    private mutating func summand(
        _ element: PythonExpression, _ function: Function, _ scope: Scope
    ) throws(FilterError) -> Typed {
        switch element.kind {
        case .compare, .logic, .unary("not", _):
            throw FilterError(
                "`\(function.rawValue)(...)` takes a value over `\(scope.name)`",
                at: element.position)
        default: break
        }
        let value = try value(element)
        if value.type == .number { return value }
        if value.type == .timestamp, function != .sum, language == .trace { return value }
        let advice: String
        if function == .sum {
            advice =
                "count matching elements with `len([\(scope.name) for \(scope.name) in "
                + "\(scope.collection.rawValue) if ...])`"
        } else if language == .session {
            advice = "text and timestamp ordering have no cross-dialect definition here"
        } else {
            advice = "text ordering has no cross-dialect definition here"
        }
        throw FilterError(
            "`\(function.rawValue)(...)` reduces numbers, and `\(PythonText.of(element))` is "
                + "\(Self.phrase(value.type)); \(advice)", at: element.position)
    }

    /// What is iterated, and whose it is.
    private func iterated(
        _ iterable: PythonExpression
    ) throws(FilterError) -> (FilterCollection, owner: Int) {
        switch iterable.kind {
        case .name(let name): return try iterated(name: name, at: iterable.position)
        case .attribute(let base, let field):
            if case .name(let variable) = base.kind,
                let scope = scopes.last(where: { $0.name == variable })
            {
                return try iterated(field, of: scope, iterable)
            }
        default: break
        }
        throw FilterError("cannot iterate `\(PythonText.of(iterable))`", at: iterable.position)
    }

    private func iterated(
        name: String, at position: Int
    ) throws(FilterError) -> (FilterCollection, owner: Int) {
        let collections = vocabulary.collections
        if let outer = scopes.last {
            // A trace's spans may be compared with each other.
            if language == .trace, scopes.count == 1, outer.collection.rawValue == name {
                return (outer.collection, 0)
            }
            if collections.contains(where: { $0.rawValue == name }) {
                throw notNested(name, in: outer, at: position)
            }
        } else if let collection = collections.first(where: { $0.rawValue == name }) {
            return (collection, 0)
        } else if let field = vocabulary.fields[name], field == .anyInput || field == .anyOutput {
            throw FilterError(
                "`\(name)` can only be used as the right-hand side of `in` or `not in`",
                at: position)
        }
        let names = collections.map(\.rawValue)
        if let meant = Phrase.nearest(name, among: names) {
            throw FilterError(
                "invalid iterable `\(name)`, did you mean \"\(meant)\"?", at: position)
        }
        throw FilterError(
            "invalid iterable `\(name)`, expected \(Phrase.oneOf(names))", at: position)
    }

    private func iterated(
        _ field: String, of scope: Scope, _ iterable: PythonExpression
    ) throws(FilterError) -> (FilterCollection, owner: Int) {
        let nested = vocabulary.collections(of: scope.collection)
        let text = PythonText.of(iterable)
        guard let collection = nested.first(where: { $0.rawValue == field }) else {
            var message = "`\(text)` is not iterable"
            if !nested.isEmpty {
                message +=
                    "; a \(vocabulary.noun(scope.collection)) element iterates "
                    + Phrase.oneOf(nested.map(\.rawValue))
            }
            throw FilterError(message, at: iterable.position)
        }
        guard scopes.count == 1 else { throw notNested(text, in: scope, at: iterable.position) }
        return (collection, scope.variable)
    }

    private func notNested(_ text: String, in scope: Scope, at position: Int) -> FilterError {
        var message = "`\(text)` cannot be iterated inside a comprehension"
        let nested = vocabulary.collections(of: scope.collection)
        if !nested.isEmpty {
            message +=
                "; a \(vocabulary.noun(scope.collection)) element iterates "
                + Phrase.oneOf(nested.map { "`\(scope.name).\($0.rawValue)`" })
        }
        return FilterError(message, at: position)
    }

    // MARK: Elements

    private func exposed(_ scope: Scope, withParent: Bool = false) -> String {
        var names = vocabulary.fields(of: scope.collection).map(\.rawValue)
        if withParent, vocabulary.hasParent(scope.collection) {
            names = (names + ["parent_span.<field>"]).sorted()
        }
        return "a \(vocabulary.noun(scope.collection)) element exposes one of "
            + Phrase.either(names)
    }

    private func field(
        named name: String, of scope: Scope, _ expression: PythonExpression
    ) throws(FilterError) -> FilterField {
        let fields = vocabulary.fields(of: scope.collection)
        if let field = fields.first(where: { $0.rawValue == name }) { return field }
        let text = PythonText.of(expression)
        if let meant = Phrase.nearest(name, among: fields.map(\.rawValue)) {
            throw FilterError(
                "invalid field `\(text)`, did you mean \"\(meant)\"?", at: expression.position)
        }
        throw FilterError(
            "invalid field `\(text)`, expected one of " + Phrase.either(fields.map(\.rawValue)),
            at: expression.position)
    }

    /// A name or path inside a comprehension, where only loop variables can be read.
    mutating func element(
        _ expression: PythonExpression
    ) throws(FilterError) -> Typed {
        guard let inner = scopes.last else { throw invalid(expression) }
        var base = expression
        var steps = 0
        var isPlain = true
        while true {
            switch base.kind {
            case .attribute(let next, _): base = next
            case .subscripted(let next, _):
                base = next
                isPlain = false
            default:
                guard case .name(let root) = base.kind else { throw invalid(expression) }
                guard let scope = scopes.last(where: { $0.name == root }) else {
                    return try outside(root, expression, inner, isPath: steps > 0)
                }
                return try element(expression, of: scope, steps: steps, isPlain: isPlain)
            }
            steps += 1
        }
    }

    private func element(
        _ expression: PythonExpression, of scope: Scope, steps: Int, isPlain: Bool
    ) throws(FilterError) -> Typed {
        if language != .trace, scope.variable != scopes.last?.variable {
            throw FilterError(
                "`\(scope.name)` is outside the current comprehension", at: expression.position)
        }
        let noun = vocabulary.noun(scope.collection)
        guard steps > 0 else {
            throw FilterError(
                "`\(scope.name)` is a whole \(noun) element; compare one of its fields",
                at: expression.position)
        }
        if isPlain, let names = expression.dottedName {
            if names.count == 2 {
                if names[1] == "parent_span", vocabulary.hasParent(scope.collection) {
                    return Typed(.field(.parentSpan, of: scope.variable), .relation)
                }
                let field = try field(named: names[1], of: scope, expression)
                return Typed(.field(field, of: scope.variable), field.type)
            }
            if names.count == 3, names[1] == "parent_span", vocabulary.hasParent(scope.collection) {
                let field = try field(named: names[2], of: scope, expression)
                return Typed(.parentField(field, of: scope.variable), field.type)
            }
        }
        throw FilterError(
            "`\(PythonText.of(expression))` is not a \(noun) field; "
                + exposed(scope, withParent: true), at: expression.position)
    }

    private func outside(
        _ root: String, _ expression: PythonExpression, _ scope: Scope, isPath: Bool
    ) throws(FilterError) -> Typed {
        let text = PythonText.of(expression)
        let accessors: Set<String> =
            language == .span ? ["annotations", "evals", "trace_annotations"] : [ownAnnotations]
        if isPath, accessors.contains(root),
            let accessor = try AnnotationAccessor.read(expression, roots: accessors)
        {
            var canonical = "\(ownAnnotations)[\(PythonText.quoted(accessor.name))]"
            if let field = accessor.field { canonical += ".\(field.rawValue)" }
            var message =
                "`\(canonical)` is joined at top-level scope and cannot be read inside a "
                + "comprehension"
            if language != .span {
                message += "; use `\(ownAnnotations)` to read annotations element-wise"
            }
            throw FilterError(message, at: expression.position)
        }
        try refuseForeignAnnotations(expression)
        try refuseCollection(expression)
        if isPath {
            throw FilterError(
                "`\(text)` is not reachable inside a comprehension over "
                    + "`\(vocabulary.noun(scope.collection))`; \(exposed(scope))",
                at: expression.position)
        }
        if vocabulary.fields[root] != nil {
            throw FilterError(
                "`\(root)` is a top-level term, not a \(vocabulary.noun(scope.collection)) element "
                    + "field; \(exposed(scope))", at: expression.position)
        }
        let fields = vocabulary.fields(of: scope.collection).map(\.rawValue)
        let meant = Phrase.nearest(root, among: fields)
        throw FilterError(
            "invalid name `\(root)`" + (meant.map { ", did you mean \"\($0)\"?" } ?? ""),
            at: expression.position)
    }
}
