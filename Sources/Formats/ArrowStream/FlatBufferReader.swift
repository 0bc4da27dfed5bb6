/// Reads FlatBuffers objects in bytes that nobody vouches for: whatever lies outside is an error.
struct FlatBufferReader {
    let bytes: [UInt8]
    /// What belongs to the buffer.
    let bounds: Range<Int>

    struct Table {
        let position: Int
        fileprivate let vtable: Int
        fileprivate let vtableSize: Int
    }

    private func number<Number: FixedWidthInteger>(
        at place: Int, as type: Number.Type = Number.self
    ) throws(ArrowError) -> Number {
        let size = Number.bitWidth / 8
        guard place >= bounds.lowerBound, place <= bounds.upperBound - size else {
            throw ArrowError("an offset leads outside")
        }
        var value: Number = 0
        for index in 0..<size {
            value |= Number(truncatingIfNeeded: bytes[place + index]) << (8 * Number(index))
        }
        return value
    }

    func root() throws(ArrowError) -> Table {
        try table(at: bounds.lowerBound + Int(number(at: bounds.lowerBound, as: UInt32.self)))
    }

    private func table(at position: Int) throws(ArrowError) -> Table {
        let vtable = position - Int(try number(at: position, as: Int32.self))
        return Table(
            position: position, vtable: vtable,
            vtableSize: Int(try number(at: vtable, as: UInt16.self)))
    }

    /// Where a field is; nil when it has its default.
    private func place(_ slot: Int, of table: Table) throws(ArrowError) -> Int? {
        guard 4 + 2 * slot + 2 <= table.vtableSize else { return nil }
        let offset = Int(try number(at: table.vtable + 4 + 2 * slot, as: UInt16.self))
        return offset == 0 ? nil : table.position + offset
    }

    func integer<Number: FixedWidthInteger>(
        _ slot: Int, of table: Table, default fallback: Number
    ) throws(ArrowError) -> Number {
        guard let place = try place(slot, of: table) else { return fallback }
        return try number(at: place)
    }

    private func target(_ slot: Int, of table: Table) throws(ArrowError) -> Int? {
        guard let place = try place(slot, of: table) else { return nil }
        return place + Int(try number(at: place, as: UInt32.self))
    }

    func table(_ slot: Int, of table: Table) throws(ArrowError) -> Table? {
        guard let target = try target(slot, of: table) else { return nil }
        return try self.table(at: target)
    }

    func string(_ slot: Int, of table: Table) throws(ArrowError) -> String? {
        guard let target = try target(slot, of: table) else { return nil }
        let count = Int(try number(at: target, as: UInt32.self))
        guard count <= bounds.upperBound - target - 4 else {
            throw ArrowError("a text leads outside")
        }
        return String(decoding: bytes[(target + 4)..<(target + 4 + count)], as: UTF8.self)
    }

    func tables(_ slot: Int, of table: Table) throws(ArrowError) -> [Table] {
        guard let target = try target(slot, of: table) else { return [] }
        let count = Int(try number(at: target, as: UInt32.self))
        guard count <= (bounds.upperBound - target) / 4 else {
            throw ArrowError("a list leads outside")
        }
        var tables: [Table] = []
        for index in 0..<count {
            let place = target + 4 + 4 * index
            tables.append(
                try self.table(at: place + Int(number(at: place, as: UInt32.self))))
        }
        return tables
    }

    /// A list of structs of two 64-bit numbers.
    func pairs(_ slot: Int, of table: Table) throws(ArrowError) -> [(Int64, Int64)] {
        guard let target = try target(slot, of: table) else { return [] }
        let count = Int(try number(at: target, as: UInt32.self))
        guard count <= (bounds.upperBound - target) / 16 else {
            throw ArrowError("a list leads outside")
        }
        var pairs: [(Int64, Int64)] = []
        for index in 0..<count {
            let place = target + 4 + 16 * index
            pairs.append((try number(at: place), try number(at: place + 8)))
        }
        return pairs
    }
}

/// Bytes that are no Arrow stream which we can read. The message tells what is wrong and quotes
/// nothing.
package struct ArrowError: Error, Sendable, Hashable, CustomStringConvertible {
    package var message: String

    init(_ message: String) { self.message = message }

    package var description: String { message }
}
