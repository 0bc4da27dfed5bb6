import JSON
import PhoenixModel

/// A skeleton as bytes: a JSON table that says where each column lies, and the columns, little-endian.
///
/// | offset | holds |
/// |---|---|
/// | 0 | the 8 bytes `PHXTRC\0\1`; the last one is the version of this format |
/// | 8 | length of the table in bytes, unsigned, 32 bits |
/// | 12 | offset of the columns from the start, a multiple of 8 |
/// | 16 | the table, then zero bytes up to the columns |
struct TraceSkeletonBody {
    private static let magic = Array("PHXTRC".utf8) + [0, 1]

    /// What comes before the columns.
    let head: [UInt8]
    /// Makes the columns, in their order, each filled up to a multiple of 8 bytes.
    let columns: [@Sendable () -> [UInt8]]

    init(_ skeleton: TraceSkeleton, of trace: Trace) {
        var columns: [@Sendable () -> [UInt8]] = []
        var described = JSONObject()
        var offset = 0
        func add(
            _ name: String, _ type: String, count: Int, width: Int,
            _ bytes: @escaping @Sendable () -> [UInt8]
        ) {
            described[name] = [
                "type": .string(type), "offset": .integer(Int64(offset)),
                "length": .integer(Int64(count)),
            ]
            offset += (count * width + 7) / 8 * 8
            columns.append { Self.padded(bytes()) }
        }
        let count = skeleton.count
        let start = skeleton.start.microseconds
        add("start", "f64", count: count, width: 8) {
            Self.bytes(skeleton.starts.lazy.map { Double($0 - start).bitPattern })
        }
        add("duration", "f64", count: count, width: 8) {
            Self.bytes(skeleton.durations.lazy.map { Double($0).bitPattern })
        }
        add("cost", "f64", count: count, width: 8) {
            Self.bytes(skeleton.costs.lazy.map(\.bitPattern))
        }
        add("rowId", "f64", count: count, width: 8) {
            Self.bytes(skeleton.rowIDs.lazy.map { Double($0).bitPattern })
        }
        let numbers: [(String, KeyPath<TraceSkeleton, [Int32]> & Sendable)] = [
            ("parent", \.parents), ("promptTokens", \.promptTokens),
            ("completionTokens", \.completionTokens), ("name", \.names), ("model", \.models),
        ]
        for (name, column) in numbers {
            add(name, "i32", count: count, width: 4) {
                Self.bytes(skeleton[keyPath: column].lazy.map { UInt32(bitPattern: $0) })
            }
        }
        add("idEnd", "u32", count: count, width: 4) {
            var end: UInt32 = 0
            return Self.bytes(
                skeleton.otelIDs.map { id -> UInt32 in
                    end += UInt32(id.count)
                    return end
                })
        }
        if let contents = skeleton.contents {
            let hashes: [(String, KeyPath<ContentHashes, UInt32> & Sendable)] = [
                ("inputHash", \.input), ("outputHash", \.output), ("callHash", \.call),
            ]
            for (name, hash) in hashes {
                add(name, "u32", count: count, width: 4) {
                    Self.bytes(contents.lazy.map { $0[keyPath: hash] })
                }
            }
        }
        add("depth", "u16", count: count, width: 2) { Self.bytes(skeleton.depths) }
        add("kind", "u8", count: count, width: 1) { skeleton.kindNumbers }
        add("status", "u8", count: count, width: 1) { skeleton.statusNumbers }
        add("flags", "u8", count: count, width: 1) { skeleton.flags }
        add("id", "u8", count: skeleton.otelIDs.reduce(0) { $0 + $1.count }, width: 1) {
            skeleton.otelIDs.flatMap(\.bytes)
        }
        let table: JSONValue = [
            "traceId": .string(trace.otelID.hex), "spanCount": .integer(trace.spanCount),
            "isComplete": .bool(skeleton.isComplete),
            "startTime": .string(skeleton.start.description),
            "startMicroseconds": .integer(start),
            "endMicroseconds": .integer(skeleton.end.microseconds),
            "kinds": .array(TraceSkeleton.kinds.map { .string($0.lowercased()) }),
            "statuses": .array(TraceSkeleton.statusCodes.map(JSONValue.string)),
            "strings": .array(skeleton.strings.map(JSONValue.string)),
            "columns": .object(described),
        ]
        let json = table.serialized()
        let length = (16 + json.count + 7) / 8 * 8
        var head = Self.magic + Self.bytes([UInt32(json.count), UInt32(length)]) + json
        head += [UInt8](repeating: 0, count: length - head.count)
        self.head = head
        self.columns = columns
    }

    private static func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (8 - bytes.count % 8) % 8)
    }

    private static func bytes<Number: FixedWidthInteger>(
        _ numbers: some Collection<Number>
    ) -> [UInt8] {
        let width = MemoryLayout<Number>.size
        return [UInt8](unsafeUninitializedCapacity: numbers.count * width) { buffer, filled in
            let target = UnsafeMutableRawBufferPointer(buffer)
            for number in numbers {
                target.storeBytes(of: number.littleEndian, toByteOffset: filled, as: Number.self)
                filled += width
            }
        }
    }
}
