import JSON

/// Writes a table in Arrow's streaming format (version 1.0 of the columnar format, metadata version
/// 5): a schema, batches of rows, an end.
///
/// Everything is little-endian and uncompressed, and every column may have nulls.
package struct ArrowStream: Sendable {
    package struct Column: Sendable {
        package var name: String
        package var type: ArrowType

        package init(name: String, type: ArrowType) {
            self.name = name
            self.type = type
        }
    }

    private let columns: [Column]

    package init(_ columns: [Column]) { self.columns = columns }

    /// What comes after the last batch.
    package static let end: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]

    /// What comes before the first batch.
    ///
    /// - Parameter metadata: Pairs that readers may know, such as `pandas`.
    package func head(metadata: [(key: String, value: String)]) -> [UInt8] {
        let pairs = metadata.map { pair in
            FlatBuffer.table([.offset(.string(pair.key)), .offset(.string(pair.value))])
        }
        let schema = FlatBuffer.table([
            nil, .offset(.vector(columns.map { $0.type.field(named: $0.name) })),
            .offset(.vector(pairs)),
        ])
        return Self.message(1, schema, bodyLength: 0)
    }

    /// Rows, as the values of each column.
    ///
    /// - Parameter values: As many as there are columns, all of the same count. A value that is not
    ///   of its column's type counts as null.
    package func batch(_ values: [[JSONValue]]) -> [UInt8] {
        precondition(values.count == columns.count, "A batch has the values of every column.")
        var body = Body()
        for (column, values) in zip(columns, values) { body.append(values, as: column.type) }
        let batch = FlatBuffer.table([
            .long(Int64(values.first?.count ?? 0)), .offset(.numbers(body.nodes, width: 2)),
            .offset(.numbers(body.buffers, width: 2)),
        ])
        return Self.message(3, batch, bodyLength: body.bytes.count) + body.bytes
    }

    private static func message(
        _ kind: UInt8, _ header: FlatBuffer, bodyLength: Int
    ) -> [UInt8] {
        let version: Int16 = 4
        let metadata = FlatBuffer.table([
            .short(version), .byte(kind), .offset(header), .long(Int64(bodyLength)),
        ]).serialized()
        var bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
        bytes.append(UInt32(metadata.count))
        return bytes + metadata
    }

    /// The buffers of a batch, and what tells where they are.
    private struct Body {
        var bytes: [UInt8] = []
        /// Length and count of nulls of each array.
        var nodes: [Int64] = []
        /// Place and length of each buffer.
        var buffers: [Int64] = []

        mutating func append(_ values: [JSONValue], as type: ArrowType) {
            if type == .null {
                nodes += [Int64(values.count), Int64(values.count)]
                return
            }
            let isPresent = values.map { Self.isPresent($0, as: type) }
            let nullCount = isPresent.count { !$0 }
            nodes += [Int64(values.count), Int64(nullCount)]
            append(nullCount == 0 ? [] : Self.bits(isPresent))
            switch type {
            case .null: break
            case .bool: append(Self.bits(values.map { $0 == .bool(true) }))
            case .integer, .timestamp:
                var data: [UInt8] = []
                for value in values {
                    data.append(UInt64(bitPattern: value.integerValue ?? 0))
                }
                append(data)
            case .double:
                var data: [UInt8] = []
                for value in values { data.append((value.doubleValue ?? 0).bitPattern) }
                append(data)
            case .text:
                var (offsets, data) = ([UInt8](), [UInt8]())
                offsets.append(UInt32(0))
                for value in values {
                    switch value {
                    case .null: break
                    case .string(let text): data += text.utf8
                    case .number(let literal): data += literal.utf8
                    default: data += value.serialized()
                    }
                    offsets.append(UInt32(data.count))
                }
                append(offsets)
                append(data)
            case .list(let element):
                var (offsets, elements) = ([UInt8](), [JSONValue]())
                offsets.append(UInt32(0))
                for value in values {
                    elements += value.arrayValue ?? []
                    offsets.append(UInt32(elements.count))
                }
                append(offsets)
                append(elements, as: element)
            case .structure(let members):
                for member in members {
                    append(values.map { $0[member.name] ?? .null }, as: member.type)
                }
            }
        }

        private static func isPresent(_ value: JSONValue, as type: ArrowType) -> Bool {
            switch type {
            case .null: false
            case .bool: value.boolValue != nil
            case .integer, .timestamp: value.integerValue != nil
            case .double: value.doubleValue != nil
            case .text: !value.isNull
            case .list: value.arrayValue != nil
            case .structure: value.objectValue != nil
            }
        }

        private static func bits(_ flags: [Bool]) -> [UInt8] {
            var bits = [UInt8](repeating: 0, count: (flags.count + 7) / 8)
            for (index, flag) in flags.enumerated() where flag {
                bits[index / 8] |= 1 << (index % 8)
            }
            return bits
        }

        private mutating func append(_ buffer: [UInt8]) {
            buffers += [Int64(bytes.count), Int64(buffer.count)]
            bytes += buffer
            bytes.pad(to: 8)
        }
    }
}
