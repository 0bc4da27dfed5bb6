import JSON

/// Checks a document against a schema by all rules of section 5 of the specification, with the
/// messages of graphql-core.
///
/// Work is bounded: the number of errors, the depth of fragments within fragments and the number of
/// comparisons of overlapping fields.
package struct Validator {
    /// What a document may ask for at most. `nil` is no limit.
    package struct Limits: Sendable {
        package var maximumErrors = 100
        /// How many levels of fields an operation may have below its root fields.
        package var maximumDepth: Int?
        /// How many fields with an alias all operations may have together, each use of a fragment
        /// counted.
        package var maximumAliases: Int?
        /// How many fields all operations may have together, each use of a fragment counted.
        package var maximumFields: Int?

        package init(
            maximumErrors: Int = 100, maximumDepth: Int? = nil, maximumAliases: Int? = nil,
            maximumFields: Int? = nil
        ) {
            self.maximumErrors = maximumErrors
            self.maximumDepth = maximumDepth
            self.maximumAliases = maximumAliases
            self.maximumFields = maximumFields
        }
    }

    /// A pass was given up; the last error says why.
    struct Aborted: Error {}

    /// Where a variable is used, and what is expected there.
    struct VariableUsage {
        var name: String
        var start: Int
        var type: TypeReference?
        var hasDefault: Bool
        /// The input object whose field the variable is the value of.
        var parent: NamedType?
    }

    /// How deep fragments may spread fragments.
    static let maximumFragmentDepth = 500

    let schema: Schema
    let document: Document
    let literals: LiteralValidation
    let limits: Limits
    let fragments: [String: FragmentDefinition]
    private(set) var errors: [GraphQLError] = []
    var usages: [ObjectIdentifier: [VariableUsage]] = [:]
    var currentUsages: [VariableUsage] = []
    var fragmentSpreads: [ObjectIdentifier: [FragmentSpread]] = [:]
    var seenOperationNames: [String: Name] = [:]
    var seenFragmentNames: [String: Name] = [:]
    var visitedFragments: Set<String> = []
    var operationCount = 0
    var overlap = OverlapState()

    private init(
        _ schema: Schema, _ document: Document, scalars: [String: Scalar], limits: Limits
    ) {
        self.schema = schema
        self.document = document
        self.limits = limits
        literals = LiteralValidation(schema: schema, scalars: scalars)
        var fragments: [String: FragmentDefinition] = [:]
        for case .fragment(let fragment) in document.definitions {
            fragments[fragment.name.value] = fragment
        }
        self.fragments = fragments
    }

    /// Everything that is wrong with a document; empty when it may be executed.
    package static func validate(
        _ document: Document, against schema: Schema, scalars: [String: Scalar] = [:],
        limits: Limits = .init()
    ) -> [GraphQLError] {
        var validator = Validator(schema, document, scalars: scalars, limits: limits)
        do {
            try validator.checkFragmentDepth()
            try validator.checkLimits()
            try validator.checkDocument()
        } catch {
            // The reason is among the errors.
        }
        return validator.errors
    }

    mutating func report(_ message: String, at starts: [Int]) throws(Aborted) {
        if errors.count >= limits.maximumErrors {
            try abort("Too many validation errors, error limit reached. Validation aborted.")
        }
        errors.append(GraphQLError(message, at: starts, in: document.source))
    }

    mutating func report(_ message: String, at start: Int) throws(Aborted) {
        try report(message, at: [start])
    }

    mutating func abort(_ message: String) throws(Aborted) {
        errors.append(GraphQLError(message))
        throw Aborted()
    }

    func composite(_ name: String) -> NamedType? {
        schema.types[name].flatMap { $0.isComposite ? $0 : nil }
    }

    // MARK: The walk

    private mutating func checkDocument() throws(Aborted) {
        for definition in document.definitions {
            guard case .typeSystem(let definition) = definition else { continue }
            let name = definition.kind == .schema ? "schema" : "'\(definition.name.value)'"
            try report("The \(name) definition is not executable.", at: definition.start)
        }
        operationCount = document.definitions.count { definition in
            if case .operation = definition { true } else { false }
        }
        for definition in document.definitions {
            switch definition {
            case .operation(let operation): try check(operation)
            case .fragment(let fragment): try check(fragment)
            case .typeSystem: break
            }
        }
        for case .operation(let operation) in document.definitions {
            try checkVariables(of: operation)
        }
        try checkUnusedFragments()
    }

    private mutating func check(_ operation: OperationDefinition) throws(Aborted) {
        try checkOperation(operation)
        currentUsages = []
        for variable in operation.variables {
            let type = TypeReference(variable.type)
            try checkTypeName(variable.type.name)
            if let named = schema.type(type) {
                if !named.isInput {
                    try report(
                        "Variable '$\(variable.name.value)' cannot be non-input type '\(type)'.",
                        at: variable.type.start)
                } else if let value = variable.defaultValue {
                    try check(value, type: type, hasDefault: false, parent: nil)
                }
            }
            try check(variable.directives, at: .variableDefinition)
        }
        let location: DirectiveLocation =
            switch operation.kind {
            case .query: .query
            case .mutation: .mutation
            case .subscription: .subscription
            }
        try check(operation.directives, at: location)
        let root = schema.rootType(operation.kind).flatMap { schema.types[$0] }
        try check(operation.selectionSet, of: root)
        usages[ObjectIdentifier(operation)] = currentUsages
    }

    private mutating func check(_ fragment: FragmentDefinition) throws(Aborted) {
        let name = fragment.name.value
        let type = schema.types[fragment.typeCondition.value]
        if let type, !type.isComposite {
            try report(
                "Fragment '\(name)' cannot condition on non composite type '\(type.name)'.",
                at: fragment.typeCondition.start)
        }
        if let first = seenFragmentNames[name] {
            try report(
                "There can be only one fragment named '\(name)'.",
                at: [first.start, fragment.name.start])
        } else {
            seenFragmentNames[name] = fragment.name
        }
        var path: [FragmentSpread] = []
        var positions: [String: Int] = [:]
        try findCycles(from: fragment, &path, &positions)
        currentUsages = []
        try checkTypeName(fragment.typeCondition)
        try check(fragment.directives, at: .fragmentDefinition)
        try check(fragment.selectionSet, of: type.flatMap { $0.isComposite ? $0 : nil })
        if fragments[name] === fragment { usages[ObjectIdentifier(fragment)] = currentUsages }
    }

    private mutating func check(
        _ set: SelectionSet, of type: NamedType?, isInline: Bool = false
    ) throws(Aborted) {
        if !isInline { try checkOverlap(in: set, of: type) }
        for selection in set.selections {
            switch selection {
            case .field(let field): try check(field, in: type)
            case .spread(let spread): try check(spread, in: type)
            case .inline(let inline): try check(inline, in: type)
            }
        }
    }

    private mutating func check(_ field: FieldNode, in parent: NamedType?) throws(Aborted) {
        let definition = parent.flatMap { schema.field(field.name.value, of: $0) }
        let type = definition.flatMap { schema.type($0.type) }
        if let definition, let type {
            try checkSelection(field, definition, type)
        } else if let parent, definition == nil {
            try reportUnknown(field, in: parent)
        }
        try checkUniqueness(of: field.arguments)
        if field.name.value == "__schema" || field.name.value == "__type",
            isTooDeepIntrospection(field)
        {
            try report("Maximum introspection depth exceeded", at: field.start)
        }
        for argument in field.arguments {
            let input = definition?.arguments[argument.name.value]
            if let definition, let parent, input == nil {
                let similar = Suggestions.similar(
                    to: argument.name.value, in: definition.arguments.names)
                try report(
                    "Unknown argument '\(argument.name.value)' on field"
                        + " '\(parent.name).\(definition.name)'." + Suggestions.sentence(similar),
                    at: argument.name.start)
            }
            try check(
                argument.value, type: input?.type, hasDefault: input?.defaultValue != nil,
                parent: nil)
        }
        try check(field.directives, at: .field)
        if let set = field.selectionSet {
            try check(set, of: type.flatMap { $0.isComposite ? $0 : nil })
        }
        guard let definition else { return }
        for input in definition.arguments where input.isRequired {
            if field.arguments.contains(where: { $0.name.value == input.name }) { continue }
            let owner = type?.name.hasPrefix("__") == true ? "<meta>" : parent?.name ?? ""
            try report(
                "Argument '\(owner).\(field.name.value)(\(input.name):)' of type '\(input.type)'"
                    + " is required, but it was not provided.", at: field.start)
        }
    }

    private mutating func check(_ spread: FragmentSpread, in parent: NamedType?) throws(Aborted) {
        let name = spread.name.value
        if let fragment = fragments[name] {
            if let type = composite(fragment.typeCondition.value), let parent,
                !schema.overlap(type.name, parent.name)
            {
                try report(
                    "Fragment '\(name)' cannot be spread here as objects of type"
                        + " '\(parent.name)' can never be of type '\(type.name)'.",
                    at: spread.start)
            }
        } else {
            try report("Unknown fragment '\(name)'.", at: spread.name.start)
        }
        try check(spread.directives, at: .fragmentSpread)
    }

    private mutating func check(_ inline: InlineFragment, in parent: NamedType?) throws(Aborted) {
        var type = parent
        if let condition = inline.typeCondition {
            type = schema.types[condition.value]
            if let type, !type.isComposite {
                try report(
                    "Fragment cannot condition on non composite type '\(type.name)'.",
                    at: condition.start)
            }
            if let found = type, found.isComposite, let parent,
                !schema.overlap(found.name, parent.name)
            {
                try report(
                    "Fragment cannot be spread here as objects of type '\(parent.name)' can never"
                        + " be of type '\(found.name)'.", at: inline.start)
            }
            try checkTypeName(condition)
        }
        try check(inline.directives, at: .inlineFragment)
        try check(
            inline.selectionSet, of: type.flatMap { $0.isComposite ? $0 : nil }, isInline: true)
    }

    // MARK: Directives and values

    private mutating func check(
        _ directives: [DirectiveNode], at location: DirectiveLocation
    ) throws(Aborted) {
        var seen: [String: Int] = [:]
        for directive in directives {
            let name = directive.name.value
            guard let definition = schema.directives[name], !definition.isRepeatable else {
                continue
            }
            if let first = seen[name] {
                try report(
                    "The directive '@\(name)' can only be used once at this location.",
                    at: [first, directive.start])
            } else {
                seen[name] = directive.start
            }
        }
        for directive in directives { try check(directive, at: location) }
    }

    private mutating func check(
        _ directive: DirectiveNode, at location: DirectiveLocation
    ) throws(Aborted) {
        let name = directive.name.value
        let definition = schema.directives[name]
        if let definition {
            if !definition.locations.contains(location) {
                try report(
                    "Directive '@\(name)' may not be used on \(location.words).",
                    at: directive.start)
            }
        } else {
            try report("Unknown directive '@\(name)'.", at: directive.start)
        }
        for argument in directive.arguments {
            guard let definition, definition.arguments[argument.name.value] == nil else { continue }
            let similar = Suggestions.similar(
                to: argument.name.value, in: definition.arguments.names)
            try report(
                "Unknown argument '\(argument.name.value)' on directive '@\(name)'."
                    + Suggestions.sentence(similar), at: argument.name.start)
        }
        try checkUniqueness(of: directive.arguments)
        for argument in directive.arguments {
            let input = definition?.arguments[argument.name.value]
            try check(
                argument.value, type: input?.type, hasDefault: input?.defaultValue != nil,
                parent: nil)
        }
        for input in definition?.arguments.elements ?? [] where input.isRequired {
            if directive.arguments.contains(where: { $0.name.value == input.name }) { continue }
            try report(
                "Argument '@\(name)(\(input.name):)' of type '\(input.type)' is required, but it"
                    + " was not provided.", at: directive.start)
        }
    }

    private mutating func check(
        _ value: ValueNode, type: TypeReference?, hasDefault: Bool, parent: NamedType?
    ) throws(Aborted) {
        if let type {
            var faults: [LiteralFault] = []
            literals.check(value, type, &faults)
            for fault in faults { try report(fault.message, at: fault.starts) }
        }
        try walk(value, type: type, hasDefault: hasDefault, parent: parent)
    }

    /// Notes the variables of a value and reports fields that are written twice.
    private mutating func walk(
        _ value: ValueNode, type: TypeReference?, hasDefault: Bool, parent: NamedType?
    ) throws(Aborted) {
        switch value.kind {
        case .variable(let name):
            currentUsages.append(
                VariableUsage(
                    name: name, start: value.start, type: type, hasDefault: hasDefault,
                    parent: parent))
        case .list(let values):
            for value in values {
                try walk(value, type: type?.element, hasDefault: false, parent: nil)
            }
        case .object(let fields):
            let object = type.flatMap { schema.types[$0.name] }
            // graphql-core, whose answers these are, looks at the parent type as it is written.
            let isDirect = if case .named? = type { true } else { false }
            var seen: [String: Int] = [:]
            for field in fields {
                if let first = seen[field.name.value] {
                    try report(
                        "There can be only one input field named '\(field.name.value)'.",
                        at: [first, field.name.start])
                } else {
                    seen[field.name.value] = field.name.start
                }
                let input = object?.inputFields[field.name.value]
                try walk(
                    field.value, type: input?.type, hasDefault: input?.defaultValue != nil,
                    parent: isDirect ? object : nil)
            }
        default: break
        }
    }
}
