/// A Python expression as a tree, as far as the filter languages and their messages need it.
struct PythonExpression: Sendable {
    indirect enum Kind: Sendable {
        case name(String)
        case string(String, isUnicode: Bool)
        /// Decimal digits.
        case integer(String)
        case float(Double)
        case bool(Bool)
        case none
        /// Bytes, imaginary numbers and the ellipsis, as Python prints them.
        case unsupported(String)
        case attribute(PythonExpression, String)
        case subscripted(PythonExpression, PythonExpression)
        case slice(PythonExpression?, PythonExpression?, PythonExpression?)
        case call(PythonExpression, [PythonExpression], keywords: [Keyword])
        /// `not`, `-`, `+` or `~`.
        case unary(String, PythonExpression)
        case binary(PythonExpression, String, PythonExpression)
        /// `and` or `or` of at least two.
        case logic(String, [PythonExpression])
        case compare(PythonExpression, [Comparison])
        case list([PythonExpression])
        case tuple([PythonExpression])
        case set([PythonExpression])
        case dictionary([(key: PythonExpression?, value: PythonExpression)])
        case comprehension(Comprehension)
        case conditional(PythonExpression, test: PythonExpression, otherwise: PythonExpression)
        case named(PythonExpression, PythonExpression)
        case starred(PythonExpression)
        case await(PythonExpression)
        case yield(PythonExpression?)
        /// A lambda or an f-string, as it is written.
        case opaque(String)
    }

    struct Keyword: Sendable {
        var name: String?
        var value: PythonExpression
    }

    struct Comparison: Sendable {
        /// One of the ten comparison operators, `is not` and `not in` with one space.
        var symbol: String
        var right: PythonExpression
    }

    struct Comprehension: Sendable {
        enum Form: Sendable { case generator, list, set, dictionary }

        struct Clause: Sendable {
            var target: PythonExpression
            var iterable: PythonExpression
            var conditions: [PythonExpression]
            var isAsync: Bool
        }

        var form: Form
        var element: PythonExpression
        /// The value of a dictionary comprehension.
        var value: PythonExpression?
        var clauses: [Clause]
    }

    var kind: Kind
    /// In scalars from 0.
    var position: Int

    /// The names of `a.b.c`, or nil when this is not a chain of names.
    var dottedName: [String]? {
        var names: [String] = []
        var expression = self
        while case .attribute(let base, let name) = expression.kind {
            names.append(name)
            expression = base
        }
        guard case .name(let first) = expression.kind else { return nil }
        names.append(first)
        return names.reversed()
    }

    var isNone: Bool { if case .none = kind { true } else { false } }

    var isLiteral: Bool {
        switch kind {
        case .string, .integer, .float, .bool, .none, .unsupported: true
        default: false
        }
    }
}
