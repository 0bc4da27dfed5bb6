import SQLCore

/// Writes a condition about runs as SQL.
///
/// Runs of experiment `k` are called `r<k>` in the statement, its examples `x<k>` and `v<k>`, and its
/// evaluations `a<k>_<n>`.
struct RunCompiler {
    let experiments: [Int64]
    /// The experiment that names without an index mean.
    let any: Int

    private func experiment(of field: RunField) -> Int { field.experiment ?? any }

    /// Whether there are runs for which the condition holds.
    func exists(_ condition: RunCondition) -> SQL {
        let fields = condition.fields
        var joins: [SQL] = []
        for index in Set(fields.filter(\.isOfRun).map(experiment)).sorted() {
            joins.append(
                """
                LEFT JOIN experiment_runs r\(unsafe: String(index))
                    ON r\(unsafe: String(index)).experiment_id = \(experiments[index])
                    AND r\(unsafe: String(index)).dataset_example_id = x.dataset_example_id
                """)
        }
        for index in Set(fields.filter { !$0.isOfRun }.map(experiment)).sorted() {
            let name = String(index)
            joins.append(
                """
                LEFT JOIN experiments_dataset_examples x\(unsafe: name)
                    ON x\(unsafe: name).experiment_id = \(experiments[index])
                    AND x\(unsafe: name).dataset_example_id = x.dataset_example_id
                LEFT JOIN dataset_example_revisions v\(unsafe: name)
                    ON v\(unsafe: name).id = x\(unsafe: name).dataset_example_revision_id
                """)
        }
        let evaluations = evaluations(of: fields)
        for (number, evaluation) in evaluations.enumerated() {
            let name = "a\(evaluation.experiment)_\(number)"
            joins.append(
                """
                LEFT JOIN experiment_run_annotations \(unsafe: name)
                    ON \(unsafe: name).experiment_run_id = r\(unsafe: String(evaluation.experiment)).id
                    AND \(unsafe: name).name = \(evaluation.name)
                """)
        }
        return """
            EXISTS (
                SELECT 1
                FROM (SELECT 1 AS one) AS o
                \(joins, separator: "\n")
                WHERE \(sql(condition, evaluations)))
            """
    }

    private struct Evaluation: Hashable {
        var experiment: Int
        var name: String
    }

    private func evaluations(of fields: [RunField]) -> [Evaluation] {
        var seen = Set<Evaluation>()
        return fields.compactMap { field in
            guard let name = field.evaluation else { return nil }
            let evaluation = Evaluation(experiment: experiment(of: field), name: name)
            return seen.insert(evaluation).inserted ? evaluation : nil
        }
    }

    // MARK: Conditions

    private func sql(_ condition: RunCondition, _ evaluations: [Evaluation]) -> SQL {
        switch condition {
        case .all(let parts):
            return "(\(parts.map { sql($0, evaluations) }, separator: " AND "))"
        case .any(let parts):
            return "(\(parts.map { sql($0, evaluations) }, separator: " OR "))"
        case .not(let part): return "NOT (\(sql(part, evaluations)))"
        case .isMissing(let operand): return "(\(text(operand, evaluations)) IS NULL)"
        case .contains(let needle, let text):
            let part = self.text(needle, evaluations)
            let whole = self.text(text, evaluations)
            return .dialect(
                sqlite: "(INSTR(\(whole), \(part)) > 0)",
                postgres: "(STRPOS(\(whole), \(part)) > 0)")
        case .compare(let left, let symbol, let right):
            let form = Self.form(left, symbol, right)
            let operation = symbol == "==" ? "=" : symbol == "!=" ? "<>" : symbol
            let first = value(left, as: form, evaluations)
            let second = value(right, as: form, evaluations)
            return "(\(first) \(unsafe: operation) \(second))"
        }
    }

    /// As what two values are compared.
    private static func form(
        _ left: RunOperand, _ symbol: String, _ right: RunOperand
    ) -> RunOperand.Form {
        if left.form == .json, right.form == .json {
            return ["==", "!="].contains(symbol) ? .string : .number
        }
        return left.form == .json ? right.form : left.form
    }

    private func value(
        _ operand: RunOperand, as form: RunOperand.Form, _ evaluations: [Evaluation]
    ) -> SQL {
        switch form {
        case .number: number(operand, evaluations)
        case .boolean: boolean(operand)
        default: text(operand, evaluations)
        }
    }

    // MARK: Values

    private func number(_ operand: RunOperand, _ evaluations: [Evaluation]) -> SQL {
        switch operand {
        case .number(let number): return "CAST(\(number) AS DOUBLE PRECISION)"
        case .negated(let inner): return "(- \(number(inner, evaluations)))"
        case .field(let field):
            if operand.form == .json { return json(field, .number) }
            return column(field, evaluations)
        case .string, .boolean, .none: return "CAST(NULL AS DOUBLE PRECISION)"
        }
    }

    private func boolean(_ operand: RunOperand) -> SQL {
        switch operand {
        case .boolean(let flag): flag ? "TRUE" : "FALSE"
        case .field(let field) where operand.form == .json: json(field, .boolean)
        default: "NULL"
        }
    }

    private func text(_ operand: RunOperand, _ evaluations: [Evaluation]) -> SQL {
        switch operand {
        case .string(let text): return "CAST(\(text) AS TEXT)"
        case .number(let number): return "CAST(\(number) AS TEXT)"
        case .boolean(let flag): return flag ? "'true'" : "'false'"
        case .none: return "CAST(NULL AS TEXT)"
        case .negated: return number(operand, evaluations)
        case .field(let field):
            if operand.form == .json { return json(field, .string) }
            return column(field, evaluations)
        }
    }

    private func column(_ field: RunField, _ evaluations: [Evaluation]) -> SQL {
        let index = experiment(of: field)
        func evaluated(_ name: String, _ column: String) -> SQL {
            let number = evaluations.firstIndex(of: Evaluation(experiment: index, name: name)) ?? 0
            return "a\(unsafe: "\(index)_\(number)").\(unsafe: column)"
        }
        let run = "r\(index)"
        switch field.kind {
        case .error: return "\(unsafe: run).error"
        case .latency:
            return """
                (CAST(\(unsafe: run).end_time - \(unsafe: run).start_time AS DOUBLE PRECISION)
                    / 1000)
                """
        case .score(let name): return evaluated(name, "score")
        case .label(let name): return evaluated(name, "label")
        case .explanation(let name): return evaluated(name, "explanation")
        case .input, .referenceOutput, .metadata, .output: return "NULL"
        }
    }

    // MARK: JSON

    /// A value inside of a JSON document; NULL where there is none that can be read so.
    private func json(_ field: RunField, _ form: RunOperand.Form) -> SQL {
        let index = experiment(of: field)
        let document: SQL =
            switch field.kind {
            case .input: "v\(unsafe: String(index)).input"
            case .referenceOutput: "v\(unsafe: String(index)).output"
            case .metadata: "v\(unsafe: String(index)).metadata"
            default: "r\(unsafe: String(index)).output"
            }
        let value: SQL = .dialect(
            sqlite: Self.sqlite(document, field.path),
            postgres: Self.postgres(document, field.path))
        return switch form {
        case .number: .number(ofJSON: value)
        // The number 1 is a truth here, the text is none.
        case .boolean:
            """
            (CASE WHEN CAST(\(value) AS TEXT) NOT IN ('"1"', '"0"') \
            THEN \(SQL.condition(ofJSON: value)) END)
            """
        default: .text(ofJSON: value)
        }
    }

    private static func sqlite(_ document: SQL, _ path: [RunField.Key]) -> SQL {
        var text = "$"
        for key in path {
            switch key {
            // SQLite knows no way to write a quotation mark inside of a key.
            case .name(let name): text += ".\"\(name)\""
            case .index(let index): text += "[\(index)]"
            }
        }
        return "(\(document) -> \(text))"
    }

    private static func postgres(_ document: SQL, _ path: [RunField.Key]) -> SQL {
        // A NUL cannot be extracted as text; documents with one have no values.
        var value: SQL = """
            (CASE WHEN STRPOS(CAST(\(document) AS TEXT), '\\u0000') = 0 THEN \(document) END)
            """
        for key in path {
            switch key {
            case .name(let name): value = "(\(value) -> CAST(\(name) AS TEXT))"
            case .index(let index): value = "(\(value) -> CAST(\(index) AS INTEGER))"
            }
        }
        return value
    }
}
