import HTTPMessages
import JSON
import PhoenixModel

/// Checks values against their schemas and gathers everything that is wrong.
///
/// The rules are the lenient ones of the contract: numbers may be given as text, a whole number may
/// have a fraction of zero, a flag may be `yes`. Issues beyond ``issuesMax`` are dropped.
package struct Validator {
    static let issuesMax = 1000

    package private(set) var issues: [ValidationIssue] = []

    package init() {}

    /// Ends the checking.
    ///
    /// - Throws: ``ValidationError`` when anything was wrong.
    package func finish() throws(ValidationError) {
        if !issues.isEmpty { throw ValidationError(issues: issues) }
    }

    package mutating func report(_ issue: ValidationIssue) {
        if issues.count < Self.issuesMax { issues.append(issue) }
    }

    package mutating func reportMissing(at location: [JSONValue], in input: JSONValue) {
        report(
            ValidationIssue(
                type: "missing", location: location, message: "Field required", input: input))
    }

    /// The value as its schema wants it, or nil after reporting why it cannot be.
    package mutating func decode(
        _ value: JSONValue, as schema: Schema, at location: [JSONValue]
    ) -> DecodedValue? {
        if schema.isNullable, value.isNull { return .null }
        switch schema.kind {
        case .any, .either, .recursive: return .json(value)
        case .null: return .null
        case .named(_, let inner):
            if case .literal(let values) = inner.kind {
                return literal(value, values, location, fault: "enum")
            }
            return decode(value, as: inner, at: location)
        case .boolean: return boolean(value, location)
        case .integer(let bounds): return integer(value, bounds, location)
        case .number(let bounds): return number(value, bounds, location)
        case .string(let lengths): return string(value, lengths, location)
        case .timestamp: return timestamp(value, location)
        case .literal(let values): return literal(value, values, location)
        case .array(let element, let counts): return array(value, element, counts, location)
        case .dictionary: return dictionary(value, location)
        case .object(let object): return self.object(value, object, location)
        case .tagged(let member, let objects): return tagged(value, by: member, objects, location)
        case .alternatives(let shapes): return alternatives(value, shapes, location)
        }
    }

    // MARK: - Scalars

    private mutating func fail(
        _ type: String, _ message: String, _ value: JSONValue, _ location: [JSONValue],
        _ context: JSONObject? = nil
    ) -> DecodedValue? {
        report(
            ValidationIssue(
                type: type, location: location, message: message, input: value, context: context))
        return nil
    }

    private mutating func boolean(_ value: JSONValue, _ location: [JSONValue]) -> DecodedValue? {
        switch value {
        case .bool(let flag): return .bool(flag)
        case .integer(0), .double(0): return .bool(false)
        case .integer(1), .double(1): return .bool(true)
        case .string(let text):
            switch text.lowercased() {
            case "true", "t", "yes", "y", "on", "1": return .bool(true)
            case "false", "f", "no", "n", "off", "0": return .bool(false)
            default: break
            }
        case .integer: break
        default:
            return fail("bool_type", "Input should be a valid boolean", value, location)
        }
        return fail(
            "bool_parsing", "Input should be a valid boolean, unable to interpret input", value,
            location)
    }

    private mutating func integer(
        _ value: JSONValue, _ bounds: Schema.Bounds, _ location: [JSONValue]
    ) -> DecodedValue? {
        let number: Int
        switch value {
        case .integer(let literal): number = Int(literal)
        case .bool(let flag): number = flag ? 1 : 0
        case .double(let literal):
            guard let whole = Int(exactly: literal) else {
                return fail(
                    "int_from_float",
                    "Input should be a valid integer, got a number with a fractional part", value,
                    location)
            }
            number = whole
        case .number(let literal):
            number = literal.hasPrefix("-") ? .min : .max
        case .string(let text):
            guard let parsed = Self.parseInteger(text) else {
                return fail(
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer", value,
                    location)
            }
            number = parsed
        default:
            return fail("int_type", "Input should be a valid integer", value, location)
        }
        guard check(Double(number), bounds, isInteger: true, value, location) else { return nil }
        return .integer(number)
    }

    /// An integer as the contract reads it: blanks around it, a sign, single underscores between
    /// digits and a fraction of zeros are fine. Values beyond `Int` become the nearest one.
    static func parseInteger(_ text: String) -> Int? {
        var digits = text.utf8[...]
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        while let first = digits.first, isBlank(first) { digits.removeFirst() }
        while let last = digits.last, isBlank(last) { digits.removeLast() }
        var isNegative = false
        if let first = digits.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            isNegative = first == UInt8(ascii: "-")
            digits.removeFirst()
        }
        if let dot = digits.firstIndex(of: UInt8(ascii: ".")) {
            let fraction = digits[digits.index(after: dot)...]
            guard !fraction.isEmpty, fraction.allSatisfy({ $0 == UInt8(ascii: "0") }) else {
                return nil
            }
            digits = digits[..<dot]
        }
        let groups = digits.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty }) else { return nil }
        var value = 0
        var isBeyond = false
        for digit in groups.joined() {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let step = Int(digit - UInt8(ascii: "0"))
            let (product, productBeyond) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumBeyond) = product.addingReportingOverflow(isNegative ? -step : step)
            isBeyond = isBeyond || productBeyond || sumBeyond
            value = sum
        }
        return isBeyond ? (isNegative ? .min : .max) : value
    }

    private mutating func number(
        _ value: JSONValue, _ bounds: Schema.Bounds, _ location: [JSONValue]
    ) -> DecodedValue? {
        let number: Double
        switch value {
        case .integer, .double, .number: number = value.doubleValue ?? .nan
        case .bool(let flag): number = flag ? 1 : 0
        case .string(let text):
            // Swift also reads hexadecimal floating-point numbers, which the contract does not.
            guard !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }),
                let parsed = Double(trimmed(text))
            else {
                return fail(
                    "float_parsing",
                    "Input should be a valid number, unable to parse string as a number", value,
                    location)
            }
            number = parsed
        default:
            return fail("float_type", "Input should be a valid number", value, location)
        }
        guard check(number, bounds, isInteger: false, value, location) else { return nil }
        return .number(number)
    }

    private mutating func check(
        _ number: Double, _ bounds: Schema.Bounds, isInteger: Bool, _ value: JSONValue,
        _ location: [JSONValue]
    ) -> Bool {
        func literal(_ bound: Double) -> JSONValue {
            isInteger ? .integer(Int64(bound)) : .double(bound)
        }
        func shown(_ bound: Double) -> String {
            Int64(exactly: bound).map(String.init) ?? String(bound)
        }
        // Written so that a NaN passes no bound.
        if let bound = bounds.greaterThan, !(number > bound) {
            return fail(
                "greater_than", "Input should be greater than \(shown(bound))", value, location,
                ["gt": literal(bound)]) != nil
        }
        if let bound = bounds.atLeast, !(number >= bound) {
            return fail(
                "greater_than_equal", "Input should be greater than or equal to \(shown(bound))",
                value, location, ["ge": literal(bound)]) != nil
        }
        if let bound = bounds.atMost, !(number <= bound) {
            return fail(
                "less_than_equal", "Input should be less than or equal to \(shown(bound))", value,
                location, ["le": literal(bound)]) != nil
        }
        return true
    }

    private mutating func string(
        _ value: JSONValue, _ lengths: Schema.Lengths, _ location: [JSONValue]
    ) -> DecodedValue? {
        guard case .string(var text) = value else {
            return fail("string_type", "Input should be a valid string", value, location)
        }
        var value = value
        if lengths.ignoresWhiteSpace {
            let blanks: (Unicode.Scalar) -> Bool = { $0.properties.isWhitespace }
            var scalars = text.unicodeScalars[...]
            while let first = scalars.first, blanks(first) { scalars.removeFirst() }
            while let last = scalars.last, blanks(last) { scalars.removeLast() }
            text = String(scalars)
            value = .string(text)
        }
        func characters(_ count: Int) -> String { "\(count) character\(count == 1 ? "" : "s")" }
        if let minimum = lengths.atLeast, text.unicodeScalars.count < minimum {
            return fail(
                "string_too_short", "String should have at least \(characters(minimum))", value,
                location, ["min_length": .integer(Int64(minimum))])
        }
        if let maximum = lengths.atMost, text.unicodeScalars.count > maximum {
            return fail(
                "string_too_long", "String should have at most \(characters(maximum))", value,
                location, ["max_length": .integer(Int64(maximum))])
        }
        if let pattern = lengths.pattern, !pattern.matches(text) {
            return fail(
                "string_pattern_mismatch", "String should match pattern '\(pattern.text)'", value,
                location, ["pattern": .string(pattern.text)])
        }
        return .string(text)
    }

    private mutating func timestamp(_ value: JSONValue, _ location: [JSONValue]) -> DecodedValue? {
        do throws(Timestamp.ParsingError) {
            switch value {
            case .string(let text): return .timestamp(try Timestamp.parse(text))
            case .integer, .double, .number:
                return .timestamp(try Timestamp.parse(seconds: value.doubleValue ?? .nan))
            default:
                return fail("datetime_type", "Input should be a valid datetime", value, location)
            }
        } catch {
            let isFormat = error.kind == .format
            return fail(
                isFormat ? "datetime_from_date_parsing" : "datetime_parsing",
                "Input should be a valid datetime\(isFormat ? " or date" : ""), \(error.reason)",
                value, location, ["error": .string(error.reason)])
        }
    }

    private mutating func literal(
        _ value: JSONValue, _ values: [String], _ location: [JSONValue],
        fault: String = "literal_error"
    ) -> DecodedValue? {
        if case .string(let text) = value, values.contains(text) { return .string(text) }
        let quoted = values.map { "'\($0)'" }
        let expected =
            quoted.count < 2
            ? quoted.joined()
            : quoted.dropLast().joined(separator: ", ") + " or " + quoted[quoted.count - 1]
        return fail(
            fault, "Input should be \(expected)", value, location,
            ["expected": .string(expected)])
    }

    // MARK: - Containers

    private mutating func array(
        _ value: JSONValue, _ element: Schema, _ counts: Schema.Lengths, _ location: [JSONValue]
    ) -> DecodedValue? {
        guard case .array(let elements) = value else {
            return fail("list_type", "Input should be a valid list", value, location)
        }
        if let minimum = counts.atLeast, elements.count < minimum {
            return fail(
                "too_short",
                "List should have at least \(minimum) item\(minimum == 1 ? "" : "s") after "
                    + "validation, not \(elements.count)", value, location,
                [
                    "field_type": "List", "min_length": .integer(Int64(minimum)),
                    "actual_length": .integer(Int64(elements.count)),
                ])
        }
        var decoded: [DecodedValue] = []
        decoded.reserveCapacity(elements.count)
        for (index, item) in elements.enumerated() {
            if let item = decode(item, as: element, at: location + [.integer(Int64(index))]) {
                decoded.append(item)
            }
        }
        return decoded.count == elements.count ? .array(decoded) : nil
    }

    private mutating func dictionary(_ value: JSONValue, _ location: [JSONValue]) -> DecodedValue? {
        guard case .object = value else {
            return fail("dict_type", "Input should be a valid dictionary", value, location)
        }
        return .json(value)
    }

    private mutating func object(
        _ value: JSONValue, _ schema: ObjectSchema, _ location: [JSONValue]
    ) -> DecodedValue? {
        guard case .object(let members) = value else {
            guard location.count > 1 else {
                return fail(
                    "model_attributes_type",
                    "Input should be a valid dictionary or object to extract fields from", value,
                    location)
            }
            return fail(
                "model_type",
                "Input should be a valid dictionary or instance of \(schema.name)", value, location,
                ["class_name": .string(schema.name)])
        }
        let issuesBefore = issues.count
        var decoded = DecodedObject()
        for field in schema.fields {
            if let member = members[field.name] {
                if let accepted = decode(
                    member, as: field.schema, at: location + [.string(field.name)])
                {
                    decoded.set(field.name, to: accepted, isGiven: true)
                }
            } else if field.isRequired {
                reportMissing(at: location + [.string(field.name)], in: value)
            } else if let fallback = field.schema.defaultValue,
                let accepted = decode(fallback, as: field.schema, at: location)
            {
                decoded.set(field.name, to: accepted, isGiven: false)
            }
        }
        if schema.forbidsOthers { refuseOthers(members, schema, location) }
        guard issues.count == issuesBefore else { return nil }
        if let rule = schema.rule, let fault = rule(decoded) {
            return fail(
                "value_error", "Value error, \(fault)", value, location,
                ["error": .object(JSONObject())])
        }
        return .object(decoded)
    }

    private mutating func tagged(
        _ value: JSONValue, by member: String, _ objects: [ObjectSchema], _ location: [JSONValue]
    ) -> DecodedValue? {
        guard case .object(let members) = value else {
            return fail(
                "model_attributes_type",
                "Input should be a valid dictionary or object to extract fields from", value,
                location)
        }
        guard let given = members[member] else {
            return fail(
                "union_tag_not_found", "Unable to extract tag using discriminator '\(member)'",
                value, location, ["discriminator": .string("'\(member)'")])
        }
        if let chosen = objects.first(where: { .string($0.tag(in: member) ?? "") == given }) {
            return object(value, chosen, location + [given])
        }
        // Scalars are shown as Python does.
        let tag =
            switch given {
            case .string(let text): text
            case .null: "None"
            case .bool(let flag): flag ? "True" : "False"
            default: given.text
            }
        let expected = objects.compactMap { $0.tag(in: member).map { "'\($0)'" } }
            .joined(separator: ", ")
        return fail(
            "union_tag_invalid",
            "Input tag '\(tag)' found using '\(member)' does not match any of the expected tags: "
                + expected, value, location,
            [
                "discriminator": .string("'\(member)'"), "tag": .string(tag),
                "expected_tags": .string(expected),
            ])
    }

    private mutating func alternatives(
        _ value: JSONValue, _ shapes: [Schema.Alternative], _ location: [JSONValue]
    ) -> DecodedValue? {
        var faults: [ValidationIssue] = []
        for shape in shapes {
            var trial = Validator()
            let place = location + [.string(shape.label)]
            if let decoded = trial.decode(value, as: shape.schema, at: place) { return decoded }
            faults += trial.issues
        }
        for fault in faults { report(fault) }
        return nil
    }

    private mutating func refuseOthers(
        _ members: JSONObject, _ schema: ObjectSchema, _ location: [JSONValue]
    ) {
        let known = Set(schema.fields.map(\.name))
        for (name, value) in members where !known.contains(name) {
            report(
                ValidationIssue(
                    type: "extra_forbidden", location: location + [.string(name)],
                    message: "Extra inputs are not permitted", input: value))
        }
    }
}
