/// A FlatBuffers object, as far as Arrow's messages need them.
///
/// Written from front to back: a table comes before what it points to, so all offsets are positive
/// and nothing is moved. See the FlatBuffers internals document for the layout.
indirect enum FlatBuffer {
    /// Fields by their slot; nil for a field that has its default.
    case table([Field?])
    case string(String)
    case vector([FlatBuffer])
    /// Structs of 64-bit numbers, `width` of them each.
    case numbers([Int64], width: Int)

    enum Field {
        case byte(UInt8)
        case short(Int16)
        case int(Int32)
        case long(Int64)
        case offset(FlatBuffer)

        fileprivate var size: Int {
            switch self {
            case .byte: 1
            case .short: 2
            case .int, .offset: 4
            case .long: 8
            }
        }
    }

    /// The finished buffer, whose length is a multiple of 8.
    func serialized() -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 0, 0]
        let root = write(to: &bytes)
        bytes.put(UInt32(root), at: 0)
        bytes.pad(to: 8)
        return bytes
    }

    /// - Returns: Where the object is.
    private func write(to bytes: inout [UInt8]) -> Int {
        switch self {
        case .table(let fields): return Self.writeTable(fields, to: &bytes)
        case .string(let text):
            bytes.pad(to: 4)
            let start = bytes.count
            bytes.append(UInt32(text.utf8.count))
            bytes += text.utf8
            bytes.append(0)
            return start
        case .vector(let items):
            bytes.pad(to: 4)
            let start = bytes.count
            bytes.append(UInt32(items.count))
            for _ in items { bytes.append(UInt32(0)) }
            for (index, item) in items.enumerated() {
                let place = start + 4 + index * 4
                let target = item.write(to: &bytes)
                bytes.put(UInt32(target - place), at: place)
            }
            return start
        case .numbers(let numbers, let width):
            // The numbers, which follow the count, are aligned to 8.
            bytes.pad(to: 4)
            if bytes.count % 8 == 0 { bytes.append(UInt32(0)) }
            let start = bytes.count
            bytes.append(UInt32(numbers.count / width))
            for number in numbers { bytes.append(UInt64(bitPattern: number)) }
            return start
        }
    }

    private static func writeTable(_ fields: [Field?], to bytes: inout [UInt8]) -> Int {
        // Each field at a multiple of its size, behind the four bytes that lead to the vtable.
        var places: [Int] = []
        var size = 4
        for field in fields {
            guard let field else {
                places.append(0)
                continue
            }
            size = (size + field.size - 1) / field.size * field.size
            places.append(size)
            size += field.size
        }
        bytes.pad(to: 2)
        let vtable = bytes.count
        bytes.append(UInt16(4 + 2 * fields.count))
        bytes.append(UInt16(size))
        for place in places { bytes.append(UInt16(place)) }
        bytes.pad(to: 8)
        let start = bytes.count
        bytes += [UInt8](repeating: 0, count: size)
        bytes.put(UInt32(start - vtable), at: start)
        for (field, place) in zip(fields, places) {
            switch field {
            case nil: break
            case .byte(let value)?: bytes[start + place] = value
            case .short(let value)?: bytes.put(UInt16(bitPattern: value), at: start + place)
            case .int(let value)?: bytes.put(UInt32(bitPattern: value), at: start + place)
            case .long(let value)?: bytes.put(UInt64(bitPattern: value), at: start + place)
            case .offset(let object)?:
                let target = object.write(to: &bytes)
                bytes.put(UInt32(target - start - place), at: start + place)
            }
        }
        return start
    }
}

extension [UInt8] {
    /// Appends a number in little-endian order.
    mutating func append(_ value: some FixedWidthInteger & UnsignedInteger) {
        for shift in 0..<(type(of: value).bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> (shift * 8)))
        }
    }

    mutating func put(_ value: some FixedWidthInteger & UnsignedInteger, at place: Int) {
        for shift in 0..<(type(of: value).bitWidth / 8) {
            self[place + shift] = UInt8(truncatingIfNeeded: value >> (shift * 8))
        }
    }

    mutating func pad(to alignment: Int) {
        while count % alignment != 0 { append(0) }
    }
}
