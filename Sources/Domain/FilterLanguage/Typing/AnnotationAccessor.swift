/// `annotations["name"]`, `.score` and kin, as they are written.
struct AnnotationAccessor {
    var root: String
    var name: String
    /// Nil for the bare accessor, which asks whether there is such an annotation.
    var field: FilterField?

    private static let fields: [FilterField] = [.score, .label, .explanation, .identifier]

    /// - Parameter roots: The names that begin an accessor.
    /// - Returns: Nil when the expression is something else.
    static func read(
        _ expression: PythonExpression, roots: Set<String>
    ) throws(FilterError) -> AnnotationAccessor? {
        if let bare = try bare(expression, roots) { return bare }
        if case .attribute(let base, let field) = expression.kind,
            let accessor = try bare(base, roots)
        {
            return try accessor.reading(field, in: expression)
        }
        guard isDeeper(expression, roots) else { return nil }
        throw FilterError(
            "invalid expression: \(PythonText.of(expression)); an annotation exposes only one of "
                + "`.score`, `.label`, `.explanation`, or `.identifier`", at: expression.position)
    }

    private static func bare(
        _ expression: PythonExpression, _ roots: Set<String>
    ) throws(FilterError) -> AnnotationAccessor? {
        guard case .subscripted(let base, let key) = expression.kind,
            case .name(let root) = base.kind, roots.contains(root)
        else { return nil }
        guard case .string(let name, _) = key.kind else {
            throw FilterError(
                "invalid expression: \(PythonText.of(expression))", at: expression.position)
        }
        return AnnotationAccessor(root: root, name: name)
    }

    private func reading(
        _ field: String, in expression: PythonExpression
    ) throws(FilterError) -> AnnotationAccessor {
        let text = PythonText.short(expression)
        if name.isEmpty {
            throw FilterError(
                "missing eval name in `\(root)['']`", at: expression.position)
        }
        var accessor = self
        accessor.field = Self.fields.first { $0.rawValue == field }
        guard accessor.field == nil else { return accessor }
        if let meant = Phrase.nearest(field, among: Self.fields.map(\.rawValue)) {
            throw FilterError(
                "invalid attribute `.\(field)` in `\(text)`, did you mean `.\(meant)`?",
                at: expression.position)
        }
        throw FilterError(
            "invalid eval attribute `.\(field)` in `\(text)`, expected one of `.score`, `.label`, "
                + "`.explanation`, or `.identifier`", at: expression.position)
    }

    /// Whether an accessor is read further than it goes.
    private static func isDeeper(_ expression: PythonExpression, _ roots: Set<String>) -> Bool {
        var inner = expression
        var steps = 0
        while true {
            switch inner.kind {
            case .attribute(let base, _): inner = base
            case .subscripted(let base, let key):
                if case .name(let root) = base.kind, roots.contains(root), steps > 0,
                    case .string = key.kind
                {
                    return true
                }
                inner = base
            default: return false
            }
            steps += 1
        }
    }

    func term(_ subject: FilterAnnotationSubject) -> Typed {
        guard let field else {
            return Typed(.annotationExists(subject, name: name), .condition)
        }
        return Typed(.annotation(subject, name: name, field), field.type)
    }
}

/// A term and what it is.
struct Typed {
    var term: FilterTerm
    var type: FilterType

    init(_ term: FilterTerm, _ type: FilterType) {
        self.term = term
        self.type = type
    }

    /// The term as one of `type`; attributes are converted, everything else already is one.
    func converted(to type: FilterType) -> FilterTerm {
        if case .attribute(let path, _) = term { return .attribute(path, as: type) }
        return term
    }

    var isFoldedToUpperCase: Bool {
        switch term {
        case .field(let field, _), .parentField(let field, _):
            field == .spanKind || field == .statusCode
        default: false
        }
    }

    /// The term in upper case when it is a literal, for fields that are stored so.
    var upperCased: Typed {
        if case .text(let text) = term { return Typed(.text(text.uppercased()), type) }
        return self
    }
}

extension PythonExpression {
    /// The part of a path that is not understood: `x[0]` of `x[0].a`, unless `x[0]` is a path.
    var misread: PythonExpression {
        guard case .attribute(let base, _) = kind else { return self }
        switch base.kind {
        case .subscripted:
            let root = AttributePath.read(base)?.root
            return root == "attributes" || root == "metadata" ? self : base
        case .attribute: return base.misread
        default: return self
        }
    }
}

/// The keys of `attributes[…][…]`, or nil when one of them is no key.
enum AttributePath {
    static func read(_ expression: PythonExpression) -> (root: String, path: [FilterPathStep])? {
        var steps: [FilterPathStep] = []
        var inner = expression
        while case .subscripted(let base, let key) = inner.kind {
            guard let read = keys(key) else { return nil }
            steps.insert(contentsOf: read, at: 0)
            inner = base
        }
        guard case .name(let root) = inner.kind, case .key = steps.first else { return nil }
        return (root, steps)
    }

    /// An index beyond all lists is still an index.
    private static func index(_ digits: String) -> FilterPathStep {
        .index(Int(digits) ?? .max)
    }

    private static func keys(_ key: PythonExpression) -> [FilterPathStep]? {
        switch key.kind {
        case .string(let text, _): return [.key(text)]
        case .integer(let digits): return [index(digits)]
        case .list(let items):
            var steps: [FilterPathStep] = []
            for item in items {
                switch item.kind {
                case .string(let text, _): steps.append(.key(text))
                case .integer(let digits): steps.append(index(digits))
                default: return nil
                }
            }
            return steps.isEmpty ? nil : steps
        default: return nil
        }
    }
}
