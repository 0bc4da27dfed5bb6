import JSON

/// A table in Arrow's streaming format, read into JSON values.
///
/// Columns of types that JSON has no word for, such as dates, are named but not read. Compressed
/// buffers, unions and views are refused. Nothing is trusted: a length that leads outside of the
/// bytes is an error.
package struct ArrowTable: Sendable {
    package struct Column: Sendable {
        package var name: String
        package var typeName: String
        /// Nil when the type is none of JSON.
        package var values: [JSONValue]?
    }

    package private(set) var columns: [Column] = []
    package private(set) var rowCount = 0

    /// - Throws: ``ArrowError`` when the bytes are no stream, or one with what is not read.
    package init(_ bytes: [UInt8]) throws(ArrowError) {
        var stream = MessageReader(bytes: bytes)
        guard let first = try stream.next(), first.kind == 1 else {
            throw ArrowError("it has no schema")
        }
        let fields = try first.reader.tables(1, of: first.header)
            .map { table throws(ArrowError) in try ArrowField(table, first.reader, depth: 0) }
        columns = fields.map {
            Column(name: $0.name, typeName: $0.type.name, values: $0.type.isReadable ? [] : nil)
        }
        var dictionaries: [Int64: [JSONValue]] = [:]
        let dictionaryFields = Dictionary(
            fields.flatMap(\.dictionaries), uniquingKeysWith: { first, _ in first })
        while let message = try stream.next() {
            switch message.kind {
            case 2:
                let id: Int64 = try message.reader.integer(0, of: message.header, default: 0)
                guard let field = dictionaryFields[id],
                    let batch = try message.reader.table(1, of: message.header)
                else { throw ArrowError("a dictionary belongs to no column") }
                var body = try ArrowBody(batch, message, dictionaries)
                let values = try body.values(of: field.withoutDictionary)
                let isDelta: UInt8 = try message.reader.integer(2, of: message.header, default: 0)
                dictionaries[id] = isDelta == 0 ? values : dictionaries[id, default: []] + values
            case 3:
                var body = try ArrowBody(message.header, message, dictionaries)
                for (index, field) in fields.enumerated() {
                    let values = try body.values(of: field)
                    guard values.count == body.rowCount else {
                        throw ArrowError("a column has too few values")
                    }
                    columns[index].values?.append(contentsOf: values)
                }
                rowCount += body.rowCount
            default: break
            }
        }
    }
}

/// One message of a stream: what it says and where its buffers are.
struct ArrowMessage {
    let kind: UInt8
    let reader: FlatBufferReader
    let header: FlatBufferReader.Table
    let body: Range<Int>
}

private struct MessageReader {
    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private func length(at place: Int) throws(ArrowError) -> UInt32 {
        guard place + 4 <= bytes.count else { throw ArrowError("it is cut short") }
        return (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }

    /// The next message, nil at the end.
    mutating func next() throws(ArrowError) -> ArrowMessage? {
        guard index < bytes.count else { return nil }
        guard try length(at: index) == .max else { throw ArrowError("it is no stream of messages") }
        let count = Int(try length(at: index + 4))
        guard count > 0 else { return nil }
        let start = index + 8
        guard count <= bytes.count - start else { throw ArrowError("it is cut short") }
        let reader = FlatBufferReader(bytes: bytes, bounds: start..<(start + count))
        let message = try reader.root()
        let kind: UInt8 = try reader.integer(1, of: message, default: 0)
        let length: Int64 = try reader.integer(3, of: message, default: 0)
        guard let header = try reader.table(2, of: message), length >= 0,
            length <= Int64(bytes.count - start - count)
        else { throw ArrowError("it is cut short") }
        let body = (start + count)..<(start + count + Int(length))
        index = body.upperBound
        return ArrowMessage(kind: kind, reader: reader, header: header, body: body)
    }
}

/// A column of the schema, or what is within one.
struct ArrowField {
    indirect enum Shape {
        case null, bool
        case integer(bits: Int, isSigned: Bool)
        case float(bits: Int)
        /// Text, or bytes when it is not text, with offsets of 4 or 8 bytes.
        case variable(isText: Bool, isLarge: Bool)
        case list(isLarge: Bool)
        case structure
        case fixedList(count: Int)
        /// Values of a fixed width that are no JSON.
        case opaque(String)
        case map

        var name: String {
            switch self {
            case .null: "null"
            case .bool: "bool"
            case .integer(let bits, let isSigned): "\(isSigned ? "int" : "uint")\(bits)"
            case .float(let bits): "float\(bits)"
            case .variable(let isText, _): isText ? "string" : "binary"
            case .list, .fixedList: "list"
            case .structure: "struct"
            case .opaque(let name): name
            case .map: "map"
            }
        }

        var isReadable: Bool {
            switch self {
            case .opaque, .map, .variable(isText: false, _), .float(bits: 16): false
            default: true
            }
        }
    }

    struct FieldType {
        var shape: Shape
        var children: [ArrowField]
        var name: String { shape.name }
        var isReadable: Bool {
            shape.isReadable && children.allSatisfy(\.type.isReadable)
        }
    }

    var name: String
    var type: FieldType
    /// The dictionary that the values are indices of, and the indices' type.
    var dictionary: (id: Int64, index: Shape)?

    private static let depthMax = 32

    init(
        _ table: FlatBufferReader.Table, _ reader: FlatBufferReader, depth: Int
    ) throws(ArrowError) {
        guard depth < Self.depthMax else { throw ArrowError("its types are nested too deep") }
        name = try reader.string(0, of: table) ?? ""
        let kind: UInt8 = try reader.integer(2, of: table, default: 0)
        let description = try reader.table(3, of: table)
        let children = try reader.tables(5, of: table)
            .map { child throws(ArrowError) in try ArrowField(child, reader, depth: depth + 1) }
        type = FieldType(
            shape: try Self.shape(kind, description, reader), children: children)
        if let encoding = try reader.table(4, of: table) {
            let id: Int64 = try reader.integer(0, of: encoding, default: 0)
            let index = try reader.table(1, of: encoding)
            dictionary = (
                id,
                try index.map { index throws(ArrowError) in try Self.shape(2, index, reader) }
                    ?? .integer(bits: 32, isSigned: true)
            )
        }
    }

    private static func shape(
        _ kind: UInt8, _ table: FlatBufferReader.Table?, _ reader: FlatBufferReader
    ) throws(ArrowError) -> Shape {
        func field<Number: FixedWidthInteger>(
            _ slot: Int, _ fallback: Number
        ) throws(ArrowError) -> Number {
            guard let table else { return fallback }
            return try reader.integer(slot, of: table, default: fallback)
        }
        switch kind {
        case 1: return .null
        case 2:
            let bits: Int32 = try field(0, 0)
            let isSigned: UInt8 = try field(1, 0)
            guard [8, 16, 32, 64].contains(bits) else { throw ArrowError("an integer is odd") }
            return .integer(bits: Int(bits), isSigned: isSigned != 0)
        case 3:
            let precision: Int16 = try field(0, 0)
            return .float(bits: 16 << Int(min(max(precision, 0), 2)))
        case 4: return .variable(isText: false, isLarge: false)
        case 5: return .variable(isText: true, isLarge: false)
        case 6: return .bool
        case 7: return .opaque("decimal")
        case 8: return .opaque("date")
        case 9: return .opaque("time")
        case 10: return .opaque("timestamp")
        case 11: return .opaque("interval")
        case 12: return .list(isLarge: false)
        case 13: return .structure
        case 15: return .opaque("fixed_size_binary")
        case 16:
            let count: Int32 = try field(0, 0)
            return .fixedList(count: Int(max(count, 0)))
        case 17: return .map
        case 18: return .opaque("duration")
        case 19: return .variable(isText: false, isLarge: true)
        case 20: return .variable(isText: true, isLarge: true)
        case 21: return .list(isLarge: true)
        default: throw ArrowError("it has columns of a type that is not read (\(kind))")
        }
    }

    /// The fields with a dictionary, here and within.
    var dictionaries: [(Int64, ArrowField)] {
        (dictionary.map { [($0.id, self)] } ?? []) + type.children.flatMap(\.dictionaries)
    }

    var withoutDictionary: ArrowField {
        var copy = self
        copy.dictionary = nil
        return copy
    }
}

/// The buffers of a batch, taken in the order of the schema.
struct ArrowBody {
    let rowCount: Int
    private let bytes: [UInt8]
    private let body: Range<Int>
    private var nodes: ArraySlice<(Int64, Int64)>
    private var buffers: ArraySlice<(Int64, Int64)>
    private let dictionaries: [Int64: [JSONValue]]

    init(
        _ batch: FlatBufferReader.Table, _ message: ArrowMessage,
        _ dictionaries: [Int64: [JSONValue]]
    ) throws(ArrowError) {
        let reader = message.reader
        let length: Int64 = try reader.integer(0, of: batch, default: 0)
        guard try reader.table(3, of: batch) == nil else {
            throw ArrowError("its buffers are compressed")
        }
        // A row without a column has no bytes that would bound their number.
        guard length >= 0, length <= Int64(max(message.body.count, 1)) * 8 else {
            throw ArrowError("a batch has too many rows")
        }
        rowCount = Int(length)
        bytes = reader.bytes
        body = message.body
        nodes = try reader.pairs(1, of: batch)[...]
        buffers = try reader.pairs(2, of: batch)[...]
        self.dictionaries = dictionaries
    }

    private mutating func buffer() throws(ArrowError) -> Range<Int> {
        guard let (offset, count) = buffers.popFirst(), offset >= 0, count >= 0,
            offset <= Int64(body.count), count <= Int64(body.count) - offset
        else { throw ArrowError("a buffer leads outside") }
        let start = body.lowerBound + Int(offset)
        return start..<(start + Int(count))
    }

    private func bit(_ index: Int, _ buffer: Range<Int>) -> Bool {
        bytes[buffer.lowerBound + index >> 3] >> UInt8(index & 7) & 1 == 1
    }

    private func number(_ index: Int, _ size: Int, _ buffer: Range<Int>) -> UInt64 {
        let start = buffer.lowerBound + index * size
        var value: UInt64 = 0
        for place in 0..<size { value |= UInt64(bytes[start + place]) << UInt64(8 * place) }
        return value
    }

    /// The values of a field; nulls for a type that is not read.
    mutating func values(of field: ArrowField) throws(ArrowError) -> [JSONValue] {
        guard let (length, nullCount) = nodes.popFirst(), length >= 0,
            length <= Int64(max(body.count, rowCount, 1)) * 8
        else { throw ArrowError("a column has no length") }
        let count = Int(length)
        if case .null = field.type.shape, field.dictionary == nil {
            return Array(repeating: .null, count: count)
        }
        let validity = try buffer()
        guard nullCount == 0 || validity.count * 8 >= count else {
            throw ArrowError("a column has too few values")
        }
        var values: [JSONValue]
        if let dictionary = field.dictionary {
            let indices = try integers(of: dictionary.index, count)
            let entries = dictionaries[dictionary.id, default: []]
            values = indices.map { index in
                guard case .integer(let place) = index, entries.indices.contains(Int(place)) else {
                    return .null
                }
                return entries[Int(place)]
            }
        } else {
            values = try plainValues(of: field, count)
        }
        if nullCount > 0 {
            for index in 0..<count where !bit(index, validity) { values[index] = .null }
        }
        return values
    }

    private mutating func integers(
        of shape: ArrowField.Shape, _ count: Int
    ) throws(ArrowError) -> [JSONValue] {
        guard case .integer(let bits, let isSigned) = shape else {
            throw ArrowError("an index is no integer")
        }
        let data = try required(count * bits / 8)
        return (0..<count).map { index in
            let raw = number(index, bits / 8, data)
            if isSigned {
                let shift = UInt64(64 - bits)
                return .integer(Int64(bitPattern: raw << shift) >> Int64(shift))
            }
            return Int64(exactly: raw).map(JSONValue.integer) ?? .number(String(raw))
        }
    }

    private mutating func required(_ size: Int) throws(ArrowError) -> Range<Int> {
        let buffer = try buffer()
        guard buffer.count >= size else { throw ArrowError("a column has too few values") }
        return buffer
    }

    private mutating func plainValues(
        of field: ArrowField, _ count: Int
    ) throws(ArrowError) -> [JSONValue] {
        switch field.type.shape {
        case .null: return Array(repeating: .null, count: count)
        case .bool:
            let data = try required((count + 7) / 8)
            return (0..<count).map { .bool(bit($0, data)) }
        case .integer: return try integers(of: field.type.shape, count)
        case .float(let bits):
            let data = try required(count * bits / 8)
            guard bits > 16 else { return Array(repeating: .null, count: count) }
            return (0..<count).map { index in
                let raw = number(index, bits / 8, data)
                let value =
                    bits == 64
                    ? Double(bitPattern: raw)
                    : Double(Float(bitPattern: UInt32(truncatingIfNeeded: raw)))
                // A missing number often is a NaN, for which JSON has no word.
                return value.isFinite ? .double(value) : .null
            }
        case .opaque:
            _ = try buffer()
            return Array(repeating: .null, count: count)
        case .variable(let isText, let isLarge):
            let ends = try offsets(count, isLarge)
            let data = try buffer()
            guard isText else { return Array(repeating: .null, count: count) }
            guard ends[count] <= data.count else { throw ArrowError("a text leads outside") }
            return (0..<count).map { index in
                let start = data.lowerBound + ends[index]
                return .string(
                    String(
                        decoding: bytes[start..<(data.lowerBound + ends[index + 1])],
                        as: UTF8.self))
            }
        case .list(let isLarge):
            let ends = try offsets(count, isLarge)
            return try lists(field) {
                (ends[$0], ends[$0 + 1])
            } count: {
                count
            }
        case .map:
            let ends = try offsets(count, false)
            return try lists(field) {
                (ends[$0], ends[$0 + 1])
            } count: {
                count
            }
        case .fixedList(let size):
            return try lists(field) {
                ($0 * size, ($0 + 1) * size)
            } count: {
                count
            }
        case .structure:
            var objects = [JSONObject](repeating: JSONObject(), count: count)
            for child in field.type.children {
                let values = try values(of: child)
                guard values.count >= count else { throw ArrowError("a struct has too few values") }
                for index in 0..<count { objects[index][child.name] = values[index] }
            }
            return objects.map(JSONValue.object)
        }
    }

    private mutating func lists(
        _ field: ArrowField, _ range: (Int) -> (Int, Int), count: () -> Int
    ) throws(ArrowError) -> [JSONValue] {
        guard let child = field.type.children.first else { throw ArrowError("a list has no type") }
        let elements = try values(of: child)
        let count = count()
        guard count == 0 || range(count - 1).1 <= elements.count else {
            throw ArrowError("a list has too few values")
        }
        return (0..<count).map { index in
            let (start, end) = range(index)
            return .array(Array(elements[start..<end]))
        }
    }

    /// The offsets of values of variable length, one more than there are values, ascending.
    private mutating func offsets(_ count: Int, _ isLarge: Bool) throws(ArrowError) -> [Int] {
        let data = try buffer()
        // A column without rows may leave its offsets out.
        if count == 0 { return [0] }
        let size = isLarge ? 8 : 4
        guard data.count >= (count + 1) * size else { throw ArrowError("offsets are missing") }
        var offsets: [Int] = []
        offsets.reserveCapacity(count + 1)
        for index in 0...count {
            guard let offset = Int(exactly: number(index, size, data)),
                offset >= offsets.last ?? 0
            else { throw ArrowError("offsets go backwards") }
            offsets.append(offset)
        }
        return offsets
    }
}
