import FilterLanguage
import JSON
import PhoenixModel

extension SpanTable {
    /// The columns of the table before any row was seen.
    var emptyColumns: SpanTableColumns {
        guard !isWholeSpans else {
            return SpanTableColumns(fixed: WholeSpanRow.fixed, indexCount: 1)
        }
        let position = explode.map { [$0.positionName] } ?? []
        // A column that is called like the index is the index.
        let names = [index.name] + position + shownColumns.map { Self.shown($0.name) }
        let lists = [concat, explode].compactMap { $0 }
        return SpanTableColumns(
            fixed: names, indexCount: 1 + position.count,
            namesWhenEmpty: lists.flatMap(\.columns).map(\.name).filter { !isIndex($0) })
    }

    /// Whether a name is that of the index or of a part of it.
    private func isIndex(_ name: String) -> Bool {
        name == index.name || name == explode?.positionName
    }

    /// The selected columns without that of the index, and without those that stand where `explode`
    /// has a column of the same name.
    private var shownColumns: [Column] {
        columns.filter { column in
            column.name != index.name && !isExploded(column.name)
        }
    }

    private func isExploded(_ name: String) -> Bool {
        explode?.columns.contains { $0.name == name } == true
    }

    /// The rows of one span: one, or with `explode` one for each element of the list that is an
    /// object, and one without an element when none is.
    ///
    /// - Throws: A `JSONError` when the payload is damaged, or was blanked by a deletion that is
    ///   just under way.
    func rows(_ stored: StoredSpan) throws -> [SpanTableRow] {
        guard !isWholeSpans else { return [try WholeSpanRow.row(stored)] }
        let span = try SpanValues(stored)
        let indexCell = span.cell(
            columns.first { $0.name == index.name }?.value ?? index.value)
        var cells: [SpanTableCell] = []
        for column in shownColumns { cells.append(span.cell(column.value)) }
        let texts = concat.map { joined($0, of: span) } ?? []
        guard let explode else {
            return [SpanTableRow(cells: [indexCell] + cells, groups: [texts])]
        }
        // Of equal names, the selected column's and the joined text's values are those that count.
        var known: [String: SpanTableCell] = [:]
        for text in texts where isExploded(text.name) { known[text.name] = text.cell }
        for column in columns where isExploded(column.name) {
            known[column.name] = span.cell(column.value)
        }
        let taken = Set(shownColumns.map(\.name)).union(texts.map(\.name))
        let group = texts.filter { !isExploded($0.name) }
        var rows: [SpanTableRow] = []
        let elements: [JSONValue]
        if case .array(let list)? = span.value(explode.value) {
            elements = list
        } else {
            elements = []
        }
        for (position, element) in elements.enumerated() {
            guard case .object(let object) = element else { continue }
            var named: [SpanTableRow.Named] = []
            for (name, value) in explode.values(of: object) where !isIndex(name) {
                if known[name] == nil, !taken.contains(name) {
                    named.append((name, .value(value)))
                }
            }
            named += known.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
            rows.append(
                SpanTableRow(
                    cells: [indexCell, .value(.integer(Int64(position)))] + cells,
                    groups: [group, named]))
        }
        guard rows.isEmpty else { return rows }
        let named = known.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
        return [SpanTableRow(cells: [indexCell, .null] + cells, groups: [group, named])]
    }

    /// The elements of a list as text, in one column or in those that it names.
    private func joined(_ list: List, of span: SpanValues) -> [SpanTableRow.Named] {
        guard case .array(let elements)? = span.value(list.value) else { return [] }
        guard !list.columns.isEmpty else {
            let text = elements.map(PythonValueText.of).joined(separator: separator)
            return [(list.key, .text(text))]
        }
        var texts: [(name: String, parts: [String])] = []
        for element in elements {
            guard case .object(let object) = element else { continue }
            for (name, value) in list.values(of: object) {
                let text = PythonValueText.of(value)
                if let place = texts.firstIndex(where: { $0.name == name }) {
                    texts[place].parts.append(text)
                } else {
                    texts.append((name, [text]))
                }
            }
        }
        return texts.map { ($0.name, .text($0.parts.joined(separator: separator))) }
    }
}

extension SpanTable.List {
    /// The columns of an element with their values, as far as it has them: those that were asked
    /// for, or else all leaves under dotted names.
    fileprivate func values(of element: JSONObject) -> [(name: String, value: JSONValue)] {
        guard !columns.isEmpty else {
            var leaves: [(name: String, value: JSONValue)] = []
            Self.gather(element, under: "", into: &leaves)
            return leaves
        }
        return columns.compactMap { column in
            var value = JSONValue.object(element)
            for key in column.path {
                guard let next = value[key] else { return nil }
                value = next
            }
            return value.isNull ? nil : (column.name, value.forTables)
        }
    }

    private static func gather(
        _ object: JSONObject, under prefix: String,
        into leaves: inout [(name: String, value: JSONValue)]
    ) {
        for (key, value) in object {
            let name = prefix.isEmpty ? key : "\(prefix).\(key)"
            switch value {
            case .null: break
            case .object(let inner): gather(inner, under: name, into: &leaves)
            default: leaves.append((name, value.forTables))
            }
        }
    }
}

extension JSONValue {
    /// The value as the clients can read it: they take no integer beyond 64 bits.
    fileprivate var forTables: JSONValue {
        switch self {
        case .number(let literal): .string(literal)
        case .array(let elements): .array(elements.map(\.forTables))
        case .object(let object): .object(JSONObject(object.map { ($0.key, $0.value.forTables) }))
        default: self
        }
    }
}

/// The values of a span by the names of projections.
private struct SpanValues {
    private let stored: StoredSpan
    private let attributes: JSONValue

    init(_ stored: StoredSpan) throws {
        self.stored = stored
        attributes =
            stored.payload.attributes.isEmpty
            ? .object([:]) : try SpanPayload.parsed(stored.payload.attributes)
    }

    /// The attribute that a projection names, nil when there is none.
    func value(_ projection: Projection) -> JSONValue? {
        guard case .attribute(let path) = projection.target else { return nil }
        var value = attributes
        for step in path {
            let next =
                switch step {
                case .key(let key): value[key]
                case .index(let index): value[index]
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    func cell(_ projection: Projection) -> SpanTableCell {
        guard case .field(let field) = projection.target else {
            return value(projection).map { .value($0.forTables) } ?? .null
        }
        let span = stored.span
        return switch field {
        case .spanID: .text(span.otelID.hex)
        case .traceID: .text(stored.traceID.hex)
        case .parentID: span.parentID.map { .text($0.hex) } ?? .null
        case .name: .text(span.name)
        case .spanKind: .text(span.kind)
        case .statusCode: .text(span.statusCode)
        case .statusMessage: .text(span.statusMessage)
        case .startTime: .time(span.startTime)
        case .endTime: .time(span.endTime)
        case .latencyMs: .value(.double(span.latencyMs))
        case .cumulativeTokenCountPrompt: .value(.integer(span.cumulativePromptTokens))
        case .cumulativeTokenCountCompletion: .value(.integer(span.cumulativeCompletionTokens))
        case .cumulativeTokenCountTotal:
            .value(.integer(span.cumulativePromptTokens + span.cumulativeCompletionTokens))
        default: .null
        }
    }
}
