import CPostgreSQL
import SQLCore

/// Values in PostgreSQL's binary form.
///
/// Source: PostgreSQL 15 documentation, sections 55.7 (messages) and COPY, "Binary Format".
enum PostgresValue {
    // Object ids of the built-in types, from the server's pg_type catalogue.
    private static let bool: Oid = 16
    private static let bytea: Oid = 17
    private static let int8: Oid = 20
    private static let int2: Oid = 21
    private static let int4: Oid = 23
    private static let text: Oid = 25
    private static let json: Oid = 114
    private static let float4: Oid = 700
    private static let float8: Oid = 701
    private static let jsonb: Oid = 3802

    // MARK: Parameters

    static func parameter(_ value: SQLValue) -> (type: Oid, bytes: [UInt8]?) {
        switch value {
        case .null: return (0, nil)
        case .integer(let integer): return (int8, bigEndian(integer))
        case .double(let double): return (float8, bigEndian(Int64(bitPattern: double.bitPattern)))
        case .text(var string):
            let bytes = string.withUTF8 { utf8 in
                NULEscaping.escaped(text: UnsafeRawBufferPointer(utf8)) ?? Array(utf8)
            }
            return (text, bytes)
        case .blob(let bytes): return (bytea, bytes)
        case .json(let bytes):
            let escaped = bytes.withUnsafeBytes { NULEscaping.escaped(json: $0) }
            return (jsonb, [1] + (escaped ?? bytes))
        }
    }

    private static func bigEndian<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// A column of rows as a one-dimensional array.
    ///
    /// Source: PostgreSQL 15, `array_send`: dimensions, whether there are NULLs, element type, length
    /// and lower bound, then each element with its length.
    static func array(
        ofColumn column: Int, in rows: BulkRows
    ) -> (type: Oid, bytes: [UInt8]?) {
        let type = rows.columns[column].type
        let (element, array) = oids(of: type)
        var output: [UInt8] = []
        append(Int32(1), to: &output)
        append(Int32(1), to: &output)
        append(Int32(element), to: &output)
        append(Int32(rows.count), to: &output)
        append(Int32(1), to: &output)
        rows.arena.withUnsafeBytes { arena in
            for row in 0..<rows.count {
                append(
                    rows.cells[row * rows.columns.count + column], as: type, from: arena,
                    to: &output)
            }
        }
        return (array, output)
    }

    /// The types of a column's values and of an array of them.
    private static func oids(of type: BulkRows.ColumnType) -> (element: Oid, array: Oid) {
        switch type {
        case .bigint: (int8, 1016)
        case .integer: (int4, 1007)
        case .double: (float8, 1022)
        case .text: (text, 1009)
        case .blob: (bytea, 1001)
        case .json: (jsonb, 3807)
        }
    }

    // MARK: Results

    static func decode(_ result: OpaquePointer, _ row: Int32, _ column: Int32) throws -> SQLValue {
        guard libpq.PQgetisnull(result, row, column) == 0 else { return .null }
        let bytes = UnsafeRawBufferPointer(
            start: libpq.PQgetvalue(result, row, column),
            count: Int(libpq.PQgetlength(result, row, column)))
        switch libpq.PQftype(result, column) {
        case bool: return .integer(bytes[0] == 0 ? 0 : 1)
        case int2: return .integer(Int64(bytes.loadUnaligned(as: Int16.self).bigEndian))
        case int4: return .integer(Int64(bytes.loadUnaligned(as: Int32.self).bigEndian))
        case int8: return .integer(bytes.loadUnaligned(as: Int64.self).bigEndian)
        case float4:
            return .double(
                Double(Float(bitPattern: bytes.loadUnaligned(as: UInt32.self).bigEndian)))
        case float8:
            return .double(Double(bitPattern: bytes.loadUnaligned(as: UInt64.self).bigEndian))
        case bytea: return .blob(Array(bytes))
        case jsonb:
            let body = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
            return .json(NULEscaping.unescaped(body, nul: NULEscaping.jsonNUL) ?? Array(body))
        case json:
            return .json(NULEscaping.unescaped(bytes, nul: NULEscaping.jsonNUL) ?? Array(bytes))
        case let type where isText(type):
            if let plain = NULEscaping.unescaped(bytes, nul: [0]) {
                return .text(String(decoding: plain, as: UTF8.self))
            }
            return .text(String(decoding: bytes, as: UTF8.self))
        case let type:
            throw DatabaseError(
                .other, "A query answered a column of type \(type), which is not decoded. Cast it.")
        }
    }

    /// text, varchar, name, unknown, regclass and void.
    private static func isText(_ type: Oid) -> Bool {
        [25, 1043, 19, 705, 2205, 2278].contains(type)
    }

    // MARK: COPY

    /// How the stream of a binary COPY begins: signature, no flags, no extension.
    static let copyHeader: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0] + [0, 0, 0, 0] + [0, 0, 0, 0]

    /// How it ends: a tuple of -1 fields.
    static let copyTrailer: [UInt8] = [0xFF, 0xFF]

    /// Rows for the stream of a binary COPY, a tuple each.
    static func copyData(_ rows: BulkRows) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(rows.arena.count + rows.cells.count * 12)
        let width = rows.columns.count
        rows.arena.withUnsafeBytes { arena in
            for (position, cell) in rows.cells.enumerated() {
                let column = position % width
                if column == 0 { append(Int16(width), to: &output) }
                append(cell, as: rows.columns[column].type, from: arena, to: &output)
            }
        }
        return output
    }

    // MARK: Cells

    private static func append(
        _ cell: BulkRows.Cell, as type: BulkRows.ColumnType, from arena: UnsafeRawBufferPointer,
        to output: inout [UInt8]
    ) {
        switch cell {
        case .null: append(Int32(-1), to: &output)
        case .integer(let value): append(value, as: type, to: &output)
        case .double(let value):
            append(Int64(bitPattern: value.bitPattern), as: .bigint, to: &output)
        case .bytes(let offset, let count):
            let bytes = UnsafeRawBufferPointer(rebasing: arena[offset..<offset + count])
            append(bytes, as: type, to: &output)
        }
    }

    private static func append(
        _ value: Int64, as type: BulkRows.ColumnType, to output: inout [UInt8]
    ) {
        switch type {
        case .integer:
            append(Int32(4), to: &output)
            append(Int32(value), to: &output)
        default:
            append(Int32(8), to: &output)
            append(value, to: &output)
        }
    }

    private static func append(
        _ bytes: UnsafeRawBufferPointer, as type: BulkRows.ColumnType, to output: inout [UInt8]
    ) {
        switch type {
        case .json:
            if let escaped = NULEscaping.escaped(json: bytes) {
                append(Int32(escaped.count + 1), to: &output)
                output.append(1)
                output += escaped
            } else {
                append(Int32(bytes.count + 1), to: &output)
                output.append(1)
                output.append(contentsOf: bytes)
            }
        case .text:
            if let escaped = NULEscaping.escaped(text: bytes) {
                append(Int32(escaped.count), to: &output)
                output += escaped
            } else {
                append(Int32(bytes.count), to: &output)
                output.append(contentsOf: bytes)
            }
        default:
            append(Int32(bytes.count), to: &output)
            output.append(contentsOf: bytes)
        }
    }

    private static func append<Integer: FixedWidthInteger>(
        _ value: Integer, to output: inout [UInt8]
    ) {
        withUnsafeBytes(of: value.bigEndian) { output.append(contentsOf: $0) }
    }
}
