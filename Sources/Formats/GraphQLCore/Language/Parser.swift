/// Reads documents of operations and of the type system (GraphQL, October 2021, section 2 and 3),
/// and what later editions added: `@oneOf`, descriptions of operations, and selections that are
/// empty, which are an error of validation.
///
/// Nesting is bounded, so that no text can exhaust the stack, and so is the number of tokens.
package struct Parser {
    package struct Options: Sendable {
        /// How deep selections, values and types may be nested together.
        package var maximumNesting = 200
        package var maximumTokens: Int?

        package init(maximumNesting: Int = 200, maximumTokens: Int? = nil) {
            self.maximumNesting = maximumNesting
            self.maximumTokens = maximumTokens
        }
    }

    private var lexer: Lexer
    private var token = Token(kind: .startOfFile, start: 0, end: 0)
    private var lookaheadToken: Token?
    private var tokenCount = 0
    private var nesting = 0
    private let options: Options

    private init(_ source: Source, options: Options) throws(GraphQLError) {
        lexer = Lexer(source)
        self.options = options
        try advance()
    }

    /// Reads a whole document.
    ///
    /// - Throws: ``GraphQLError`` with one location.
    package static func parse(
        _ text: String, options: Options = .init()
    ) throws(GraphQLError) -> Document {
        let source = Source(text)
        var parser = try Parser(source, options: options)
        var definitions: [Definition] = []
        repeat {
            definitions.append(try parser.definition())
        } while try !parser.skip(.endOfFile)
        return Document(source: source, definitions: definitions)
    }

    /// Reads a single value without variables, as a default value is written.
    package static func parseValue(_ text: String) throws(GraphQLError) -> ValueNode {
        var parser = try Parser(Source(text), options: .init())
        let value = try parser.value(isConstant: true)
        _ = try parser.expect(.endOfFile)
        return value
    }

    // MARK: Tokens

    private mutating func advance() throws(GraphQLError) {
        if let next = lookaheadToken {
            token = next
            lookaheadToken = nil
        } else {
            token = try lexer.next()
        }
        guard token.kind != .endOfFile else { return }
        tokenCount += 1
        if let maximum = options.maximumTokens, tokenCount > maximum {
            throw lexer.syntaxError(
                at: token.start, "Document contains more than \(maximum) tokens. Parsing aborted.")
        }
    }

    private mutating func lookahead() throws(GraphQLError) -> Token {
        if let lookaheadToken { return lookaheadToken }
        let next = try lexer.next()
        lookaheadToken = next
        return next
    }

    private func unexpected(_ token: Token? = nil) -> GraphQLError {
        let token = token ?? self.token
        return lexer.syntaxError(at: token.start, "Unexpected \(token.description).")
    }

    private mutating func expect(_ kind: Token.Kind) throws(GraphQLError) -> Token {
        let token = token
        guard token.kind == kind else {
            throw lexer.syntaxError(
                at: token.start, "Expected \(kind.description), found \(token.description).")
        }
        if kind != .endOfFile { try advance() }
        return token
    }

    private mutating func skip(_ kind: Token.Kind) throws(GraphQLError) -> Bool {
        guard token.kind == kind else { return false }
        if kind != .endOfFile { try advance() }
        return true
    }

    private func isKeyword(_ word: String) -> Bool { token.kind == .name && token.value == word }

    private mutating func expectKeyword(_ word: String) throws(GraphQLError) {
        guard isKeyword(word) else {
            throw lexer.syntaxError(
                at: token.start, "Expected '\(word)', found \(token.description).")
        }
        try advance()
    }

    private mutating func skipKeyword(_ word: String) throws(GraphQLError) -> Bool {
        guard isKeyword(word) else { return false }
        try advance()
        return true
    }

    private mutating func many<Element>(
        _ open: Token.Kind, _ close: Token.Kind,
        _ element: (inout Parser) throws(GraphQLError) -> Element
    ) throws(GraphQLError) -> [Element] {
        _ = try expect(open)
        var elements: [Element] = []
        repeat { elements.append(try element(&self)) } while try !skip(close)
        return elements
    }

    private mutating func optionalMany<Element>(
        _ open: Token.Kind, _ close: Token.Kind,
        _ element: (inout Parser) throws(GraphQLError) -> Element
    ) throws(GraphQLError) -> [Element] {
        token.kind == open ? try many(open, close, element) : []
    }

    private mutating func delimited(
        _ delimiter: Token.Kind
    ) throws(GraphQLError) -> [Name] {
        _ = try skip(delimiter)
        var names: [Name] = []
        repeat { names.append(try name()) } while try skip(delimiter)
        return names
    }

    private mutating func nested<Result>(
        _ body: (inout Parser) throws(GraphQLError) -> Result
    ) throws(GraphQLError) -> Result {
        nesting += 1
        guard nesting <= options.maximumNesting else {
            throw lexer.syntaxError(
                at: token.start, "Document is nested too deeply. Parsing aborted.")
        }
        let result = try body(&self)
        nesting -= 1
        return result
    }

    private mutating func name() throws(GraphQLError) -> Name {
        let token = try expect(.name)
        return Name(value: token.value, start: token.start)
    }

    // MARK: Executable definitions

    private mutating func definition() throws(GraphQLError) -> Definition {
        if token.kind == .leftBrace { return .operation(try operation()) }
        let hasDescription = token.kind == .string || token.kind == .blockString
        let keyword = hasDescription ? try lookahead() : token
        if hasDescription, keyword.kind == .leftBrace {
            throw lexer.syntaxError(
                at: token.start,
                "Unexpected description, descriptions are not supported on shorthand queries.")
        }
        if keyword.kind == .name {
            if let definition = try typeSystemDefinition(keyword.value) {
                return .typeSystem(definition)
            }
            switch keyword.value {
            case "query", "mutation", "subscription": return .operation(try operation())
            case "fragment": return .fragment(try fragment())
            case _ where hasDescription:
                throw lexer.syntaxError(
                    at: token.start,
                    "Unexpected description, only GraphQL definitions support descriptions.")
            case "extend": return .typeSystem(try typeSystemExtension())
            default: break
            }
        }
        throw unexpected(keyword)
    }

    private mutating func operation() throws(GraphQLError) -> OperationDefinition {
        let start = token.start
        if token.kind == .leftBrace {
            return OperationDefinition(
                description: nil, kind: .query, name: nil, variables: [], directives: [],
                selectionSet: try selectionSet(), start: start, isShorthand: true)
        }
        let description = try description()
        guard let kind = OperationKind(rawValue: token.value) else { throw unexpected() }
        try advance()
        let name = token.kind == .name ? try name() : nil
        let variables = try optionalMany(.leftParenthesis, .rightParenthesis) {
            (parser) throws(GraphQLError) in try parser.variableDefinition()
        }
        let directives = try directives(isConstant: false)
        return OperationDefinition(
            description: description, kind: kind, name: name, variables: variables,
            directives: directives,
            selectionSet: try selectionSet(), start: start, isShorthand: false)
    }

    private mutating func variableDefinition() throws(GraphQLError) -> VariableDefinition {
        let start = token.start
        let description = try description()
        _ = try expect(.dollar)
        let name = try name()
        _ = try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return VariableDefinition(
            description: description, name: name, type: type, defaultValue: defaultValue,
            directives: try directives(isConstant: true), start: start)
    }

    private mutating func selectionSet() throws(GraphQLError) -> SelectionSet {
        let start = token.start
        let selections = try nested { (parser) throws(GraphQLError) in
            _ = try parser.expect(.leftBrace)
            var selections: [Selection] = []
            while try !parser.skip(.rightBrace) { selections.append(try parser.selection()) }
            return selections
        }
        return SelectionSet(selections: selections, start: start)
    }

    private mutating func selection() throws(GraphQLError) -> Selection {
        token.kind == .spread ? try fragmentSelection() : .field(try field())
    }

    private mutating func field() throws(GraphQLError) -> FieldNode {
        let first = try name()
        let second = try skip(.colon) ? try name() : nil
        let arguments = try arguments(isConstant: false)
        let directives = try directives(isConstant: false)
        return FieldNode(
            alias: second == nil ? nil : first, name: second ?? first, arguments: arguments,
            directives: directives,
            selectionSet: token.kind == .leftBrace ? try selectionSet() : nil)
    }

    private mutating func fragmentSelection() throws(GraphQLError) -> Selection {
        let start = token.start
        _ = try expect(.spread)
        let hasCondition = try skipKeyword("on")
        if !hasCondition, token.kind == .name {
            let name = try name()
            return .spread(
                FragmentSpread(
                    name: name, directives: try directives(isConstant: false), start: start))
        }
        let condition = hasCondition ? try name() : nil
        let directives = try directives(isConstant: false)
        return .inline(
            InlineFragment(
                typeCondition: condition, directives: directives,
                selectionSet: try selectionSet(), start: start))
    }

    private mutating func fragment() throws(GraphQLError) -> FragmentDefinition {
        let start = token.start
        let description = try description()
        try expectKeyword("fragment")
        if isKeyword("on") { throw unexpected() }
        let name = try name()
        try expectKeyword("on")
        let condition = try self.name()
        let directives = try directives(isConstant: false)
        return FragmentDefinition(
            description: description, name: name, typeCondition: condition, directives: directives,
            selectionSet: try selectionSet(), start: start)
    }

    private mutating func arguments(isConstant: Bool) throws(GraphQLError) -> [ArgumentNode] {
        try optionalMany(.leftParenthesis, .rightParenthesis) { (parser) throws(GraphQLError) in
            try parser.argument(isConstant: isConstant)
        }
    }

    private mutating func argument(isConstant: Bool) throws(GraphQLError) -> ArgumentNode {
        let name = try name()
        _ = try expect(.colon)
        return ArgumentNode(name: name, value: try value(isConstant: isConstant))
    }

    private mutating func directives(isConstant: Bool) throws(GraphQLError) -> [DirectiveNode] {
        var directives: [DirectiveNode] = []
        while token.kind == .at {
            let start = token.start
            try advance()
            directives.append(
                DirectiveNode(
                    name: try name(), arguments: try arguments(isConstant: isConstant),
                    start: start))
        }
        return directives
    }

    // MARK: Values and types

    private mutating func value(isConstant: Bool) throws(GraphQLError) -> ValueNode {
        let token = token
        let kind: ValueNode.Kind
        switch token.kind {
        case .leftBracket: return try list(isConstant: isConstant)
        case .leftBrace: return try object(isConstant: isConstant)
        case .integer: kind = .integer(token.value)
        case .float: kind = .float(token.value)
        case .string: kind = .string(token.value, isBlock: false)
        case .blockString: kind = .string(token.value, isBlock: true)
        case .name:
            switch token.value {
            case "true": kind = .boolean(true)
            case "false": kind = .boolean(false)
            case "null": kind = .null
            default: kind = .enumeration(token.value)
            }
        case .dollar:
            if isConstant {
                try advance()
                if self.token.kind == .name {
                    throw lexer.syntaxError(
                        at: token.start,
                        "Unexpected variable '$\(self.token.value)' in constant value.")
                }
                throw unexpected(token)
            }
            try advance()
            return ValueNode(kind: .variable(try name().value), start: token.start)
        default: throw unexpected()
        }
        try advance()
        return ValueNode(kind: kind, start: token.start)
    }

    private mutating func list(isConstant: Bool) throws(GraphQLError) -> ValueNode {
        let start = token.start
        return try nested { (parser) throws(GraphQLError) in
            try parser.advance()
            var values: [ValueNode] = []
            while try !parser.skip(.rightBracket) {
                values.append(try parser.value(isConstant: isConstant))
            }
            return ValueNode(kind: .list(values), start: start)
        }
    }

    private mutating func object(isConstant: Bool) throws(GraphQLError) -> ValueNode {
        let start = token.start
        return try nested { (parser) throws(GraphQLError) in
            try parser.advance()
            var fields: [ArgumentNode] = []
            while try !parser.skip(.rightBrace) {
                fields.append(try parser.argument(isConstant: isConstant))
            }
            return ValueNode(kind: .object(fields), start: start)
        }
    }

    private mutating func type() throws(GraphQLError) -> TypeNode {
        let start = token.start
        let type: TypeNode
        if token.kind == .leftBracket {
            let element = try nested { (parser) throws(GraphQLError) in
                try parser.advance()
                return try parser.type()
            }
            _ = try expect(.rightBracket)
            type = .list(element, start: start)
        } else {
            type = .named(try name())
        }
        return try skip(.bang) ? .nonNull(type) : type
    }

    // MARK: Type system

    private mutating func description() throws(GraphQLError) -> DescriptionNode? {
        guard token.kind == .string || token.kind == .blockString else { return nil }
        let node = DescriptionNode(value: token.value, isBlock: token.kind == .blockString)
        try advance()
        return node
    }

    private static let keywords: [String: TypeSystemDefinition.Kind] = [
        "schema": .schema, "scalar": .scalar, "type": .object, "interface": .interface,
        "union": .union, "enum": .enumeration, "input": .inputObject, "directive": .directive,
    ]

    private mutating func typeSystemDefinition(
        _ keyword: String
    ) throws(GraphQLError) -> TypeSystemDefinition? {
        guard let kind = Self.keywords[keyword] else { return nil }
        var definition = TypeSystemDefinition(kind: kind, start: token.start)
        definition.description = try description()
        try advance()
        switch kind {
        case .schema:
            definition.directives = try directives(isConstant: true)
            definition.operations = try operationTypes(isOptional: false)
        case .directive: try directiveDefinition(&definition)
        default: try typeBody(&definition)
        }
        return definition
    }

    private mutating func typeSystemExtension() throws(GraphQLError) -> TypeSystemDefinition {
        let start = token.start
        let keyword = try lookahead()
        guard keyword.kind == .name, let kind = Self.keywords[keyword.value], kind != .directive
        else { throw unexpected(keyword) }
        try advance()
        try advance()
        var definition = TypeSystemDefinition(kind: kind, isExtension: true, start: start)
        if kind == .schema {
            definition.directives = try directives(isConstant: true)
            definition.operations = try operationTypes(isOptional: true)
            if definition.directives.isEmpty, definition.operations.isEmpty { throw unexpected() }
            return definition
        }
        try typeBody(&definition)
        let isEmpty =
            definition.directives.isEmpty && definition.interfaces.isEmpty
            && definition.fields.isEmpty && definition.members.isEmpty
            && definition.values.isEmpty && definition.inputs.isEmpty
        if isEmpty { throw unexpected() }
        return definition
    }

    private mutating func typeBody(_ definition: inout TypeSystemDefinition) throws(GraphQLError) {
        definition.name = try name()
        if definition.kind == .object || definition.kind == .interface,
            try skipKeyword("implements")
        {
            definition.interfaces = try delimited(.ampersand)
        }
        definition.directives = try directives(isConstant: true)
        switch definition.kind {
        case .object, .interface:
            definition.fields = try optionalMany(.leftBrace, .rightBrace) {
                (parser) throws(GraphQLError) in try parser.fieldDefinition()
            }
        case .union:
            if try skip(.equals) { definition.members = try delimited(.pipe) }
        case .enumeration:
            definition.values = try optionalMany(.leftBrace, .rightBrace) {
                (parser) throws(GraphQLError) in try parser.enumValue()
            }
        case .inputObject:
            definition.inputs = try optionalMany(.leftBrace, .rightBrace) {
                (parser) throws(GraphQLError) in try parser.inputValue()
            }
        case .scalar, .schema, .directive: break
        }
    }

    private mutating func operationTypes(
        isOptional: Bool
    ) throws(GraphQLError) -> [(kind: OperationKind, type: Name, start: Int)] {
        if isOptional, token.kind != .leftBrace { return [] }
        return try many(.leftBrace, .rightBrace) { (parser) throws(GraphQLError) in
            let start = parser.token.start
            let word = try parser.expect(.name)
            guard let kind = OperationKind(rawValue: word.value) else {
                throw parser.unexpected(word)
            }
            _ = try parser.expect(.colon)
            return (kind, try parser.name(), start)
        }
    }

    private mutating func fieldDefinition() throws(GraphQLError) -> FieldDefinitionNode {
        let start = token.start
        let description = try description()
        let name = try name()
        let arguments = try optionalMany(.leftParenthesis, .rightParenthesis) {
            (parser) throws(GraphQLError) in try parser.inputValue()
        }
        _ = try expect(.colon)
        let type = try type()
        return FieldDefinitionNode(
            description: description, name: name, arguments: arguments, type: type,
            directives: try directives(isConstant: true), start: start)
    }

    private mutating func inputValue() throws(GraphQLError) -> InputValueNode {
        let start = token.start
        let description = try description()
        let name = try name()
        _ = try expect(.colon)
        let type = try type()
        let defaultValue = try skip(.equals) ? try value(isConstant: true) : nil
        return InputValueNode(
            description: description, name: name, type: type, defaultValue: defaultValue,
            directives: try directives(isConstant: true), start: start)
    }

    private mutating func enumValue() throws(GraphQLError) -> EnumValueNode {
        let start = token.start
        let description = try description()
        if token.kind == .name, ["true", "false", "null"].contains(token.value) {
            throw lexer.syntaxError(
                at: token.start,
                "\(token.description) is reserved and cannot be used for an enum value.")
        }
        return EnumValueNode(
            description: description, name: try name(),
            directives: try directives(isConstant: true), start: start)
    }

    private mutating func directiveDefinition(
        _ definition: inout TypeSystemDefinition
    ) throws(GraphQLError) {
        _ = try expect(.at)
        definition.name = try name()
        definition.inputs = try optionalMany(.leftParenthesis, .rightParenthesis) {
            (parser) throws(GraphQLError) in try parser.inputValue()
        }
        definition.isRepeatable = try skipKeyword("repeatable")
        try expectKeyword("on")
        definition.locations = try delimited(.pipe)
        for location in definition.locations where !DirectiveLocation.isKnown(location.value) {
            throw lexer.syntaxError(
                at: location.start, "Unexpected Name '\(location.value)'.")
        }
    }
}

/// Where a directive may be written, by the names of the specification.
package enum DirectiveLocation: String, Sendable, Hashable, CaseIterable {
    case query = "QUERY"
    case mutation = "MUTATION"
    case subscription = "SUBSCRIPTION"
    case field = "FIELD"
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    case fragmentSpread = "FRAGMENT_SPREAD"
    case inlineFragment = "INLINE_FRAGMENT"
    case variableDefinition = "VARIABLE_DEFINITION"
    case fragmentVariableDefinition = "FRAGMENT_VARIABLE_DEFINITION"
    case schema = "SCHEMA"
    case scalar = "SCALAR"
    case object = "OBJECT"
    case fieldDefinition = "FIELD_DEFINITION"
    case argumentDefinition = "ARGUMENT_DEFINITION"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case enumValue = "ENUM_VALUE"
    case inputObject = "INPUT_OBJECT"
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
    case directiveDefinition = "DIRECTIVE_DEFINITION"

    /// The name as messages have it: `fragment spread`.
    var words: String {
        rawValue.lowercased().split(separator: "_").joined(separator: " ")
    }

    static func isKnown(_ name: String) -> Bool { Self(rawValue: name) != nil }

    /// Whether it is a place in a document of operations.
    var isExecutable: Bool {
        switch self {
        case .query, .mutation, .subscription, .field, .fragmentDefinition, .fragmentSpread,
            .inlineFragment, .variableDefinition, .fragmentVariableDefinition:
            true
        default: false
        }
    }
}
