import SQLCore

/// A condition about examples of an experiment and their runs in it and in others.
///
/// Names without an index mean the runs of any of the experiments: an example satisfies the condition
/// when there is an experiment, and a run for each that the condition is about, for which it holds.
/// Where an experiment has no run of the example, what is asked of it is missing.
package struct ExperimentRunFilter: Sendable {
    let condition: RunCondition
    let experimentCount: Int

    /// - Throws: ``FilterError``, also when the text is empty.
    package init(_ text: String, experimentCount: Int) throws(FilterError) {
        self.experimentCount = experimentCount
        guard let first = text.unicodeScalars.first else {
            throw FilterError("invalid syntax", at: 0)
        }
        guard first != " ", first != "\t" else {
            throw FilterError("unexpected indent at character 1", at: 0)
        }
        if let nul = text.unicodeScalars.firstIndex(of: "\0") {
            throw FilterError(
                "condition cannot contain a NUL character",
                at: text.unicodeScalars.distance(from: text.unicodeScalars.startIndex, to: nul))
        }
        let expression: PythonExpression
        do {
            expression = try Parser.expression(in: text)
        } catch {
            guard !error.isPlain, error.position < text.unicodeScalars.count else {
                throw FilterError(error.message, at: error.position)
            }
            // In which line a text stays open is said by the place.
            let message = error.message.split(separator: " (detected at line").first ?? ""
            throw FilterError(
                "\(message) at character \(error.position + 1)", at: error.position)
        }
        var checker = RunChecker(experimentCount: experimentCount)
        do {
            condition = try checker.condition(
                expression, otherwise: "Filter condition must be a boolean expression")
        } catch {
            throw FilterError(PythonText.shortened(error.message, to: 300), at: error.position)
        }
    }

    /// The condition about the example `x.dataset_example_id` of a row of
    /// `experiments_dataset_examples`.
    ///
    /// - Parameter experiments: The row ids of the experiments, the base first, as many as were
    ///   announced.
    package func sql(experiments: [Int64]) -> SQL {
        let usesAny = condition.fields.contains { $0.experiment == nil && $0.isOfRun }
        let ways = usesAny ? Array(experiments.indices) : [0]
        let alternatives = ways.map {
            RunCompiler(experiments: experiments, any: $0).exists(condition)
        }
        return "(\(alternatives, separator: " OR "))"
    }
}

/// What a name of the language stands for.
struct RunField: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case input, referenceOutput, metadata, output, error, latency
        case score(String)
        case label(String)
        case explanation(String)
    }

    enum Key: Hashable, Sendable {
        case name(String)
        case index(Int)
    }

    var kind: Kind
    /// The index of an experiment; nil for any.
    var experiment: Int?
    /// The way into a JSON document.
    var path: [Key] = []

    /// Whether it belongs to a run, and not to the example.
    var isOfRun: Bool {
        switch kind {
        case .input, .referenceOutput, .metadata: false
        default: true
        }
    }

    /// The name of the evaluation that it is about.
    var evaluation: String? {
        switch kind {
        case .score(let name), .label(let name), .explanation(let name): name
        default: nil
        }
    }
}

/// A value in a condition.
indirect enum RunOperand: Sendable {
    enum Form: String { case number, string, boolean, json, none }

    case field(RunField)
    case number(Double)
    case string(String)
    case boolean(Bool)
    case none
    case negated(RunOperand)

    var form: Form {
        switch self {
        case .number, .negated: .number
        case .string: .string
        case .boolean: .boolean
        case .none: .none
        case .field(let field):
            switch field.kind {
            case .input, .referenceOutput, .metadata, .output: .json
            case .latency, .score: .number
            case .error, .label, .explanation: .string
            }
        }
    }

    var fields: [RunField] {
        switch self {
        case .field(let field): [field]
        case .negated(let operand): operand.fields
        default: []
        }
    }
}

indirect enum RunCondition: Sendable {
    case all([RunCondition])
    case any([RunCondition])
    case not(RunCondition)
    /// One of `==`, `!=`, `<`, `<=`, `>` and `>=`.
    case compare(RunOperand, String, RunOperand)
    case isMissing(RunOperand)
    /// Whether the first occurs in the second.
    case contains(RunOperand, in: RunOperand)

    var fields: [RunField] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.fields)
        case .not(let part): part.fields
        case .compare(let left, _, let right): left.fields + right.fields
        case .isMissing(let operand): operand.fields
        case .contains(let needle, let text): needle.fields + text.fields
        }
    }
}
