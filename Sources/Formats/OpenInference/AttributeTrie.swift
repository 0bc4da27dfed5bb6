import JSON
import OTLP

/// Dotted attribute keys as a tree of segments, which gives the nested form of attributes.
///
/// The rules are those of the contract's data model, section 2.1: segments are trimmed and empty
/// ones dropped; a value wins its path, and what lies below it is written beside it under the dotted
/// key; numeric segments with something below them and no value of their own are list items, in the
/// order of their numbers and without gaps; the order in which keys come does not matter.
///
/// Copies share memory, so only one of them may hold keys at a time. Keys point into memory that must
/// outlive the next ``removeAll()``.
///
/// A key has at most ``maximumSegments`` segments, the last of which holds the rest of it, so that the
/// depth of the result is bounded; and once the tree is very large keys are no longer split.
struct AttributeTrie {
    static let maximumSegments = 128
    private static let maximumSplitNodes = 1 << 20
    private static let indexThreshold = 16
    private static let none: Int32 = -1

    private struct Node {
        var key: UnsafeRawBufferPointer
        /// Whether the key is a decimal number, in canonical form.
        var isNumber: Bool
        /// Whether the value is one of `trees`, not one of `wireValues`.
        var holdsTree = false
        var value: Int32 = none
        var firstChild: Int32 = none
        var lastChild: Int32 = none
        var nextSibling: Int32 = none
        var childCount: Int32 = 0
    }

    private struct ChildKey: Hashable {
        let parent: Int32
        let key: UnsafeRawBufferPointer

        static func == (left: ChildKey, right: ChildKey) -> Bool {
            left.parent == right.parent && left.key.equals(right.key)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(parent)
            hasher.combine(bytes: key)
        }
    }

    /// Node 0 is the root. The memory is the tree's own, since array access costs too much here.
    private var nodes: UnsafeMutablePointer<Node>
    private var nodeCount = 1
    private var memory: NodeMemory
    private var wireValues: [OTLPValue] = []
    private var trees: [JSONValue] = []
    /// The children of the nodes that have many.
    private var table: [ChildKey: Int32] = [:]
    private let numerals = KeyArena()

    private static let usualCapacity = 1 << 10

    private final class NodeMemory {
        let base: UnsafeMutablePointer<Node>
        let capacity: Int

        init(capacity: Int) {
            base = .allocate(capacity: capacity)
            self.capacity = capacity
        }

        deinit { base.deallocate() }
    }

    init() {
        memory = NodeMemory(capacity: Self.usualCapacity)
        nodes = memory.base
        nodes.initialize(to: Self.root)
    }

    private static var root: Node {
        Node(key: UnsafeRawBufferPointer(start: nil, count: 0), isNumber: false)
    }

    private mutating func resize(to capacity: Int) {
        let larger = NodeMemory(capacity: capacity)
        larger.base.initialize(from: nodes, count: min(nodeCount, capacity))
        memory = larger
        nodes = larger.base
    }

    /// Forgets all keys and keeps the memory of a usual span.
    mutating func removeAll() {
        nodeCount = 1
        if memory.capacity > 16 * Self.usualCapacity { resize(to: Self.usualCapacity) }
        nodes[0] = Self.root
        wireValues.removeAll(keepingCapacity: wireValues.capacity < 1 << 14)
        trees.removeAll(keepingCapacity: trees.capacity < 1 << 14)
        if !table.isEmpty { table = [:] }
        numerals.removeAll()
    }

    // MARK: Insertion

    /// Sets the value of a key. Of keys with the same segments the last value wins.
    mutating func insert(_ key: UnsafeRawBufferPointer, _ value: OTLPValue) {
        let node = node(key)
        nodes[node].value = Int32(wireValues.count)
        nodes[node].holdsTree = false
        wireValues.append(value)
    }

    /// Sets the value of a key. Of keys with the same segments the last value wins.
    mutating func insert(_ key: UnsafeRawBufferPointer, _ value: JSONValue) {
        let node = node(key)
        nodes[node].value = Int32(trees.count)
        nodes[node].holdsTree = true
        trees.append(value)
    }

    private mutating func node(_ key: UnsafeRawBufferPointer) -> Int {
        guard let base = key.baseAddress else { return 0 }
        let count = key.count
        var node: Int32 = 0
        var start = 0
        var segments = 0
        while start < count {
            var end = start
            segments += 1
            if segments < Self.maximumSegments, nodeCount < Self.maximumSplitNodes {
                while end < count, base.load(fromByteOffset: end, as: UInt8.self) != 0x2E {
                    end += 1
                }
            } else {
                end = count
            }
            let segment = Self.trimmed(
                UnsafeRawBufferPointer(start: base + start, count: end - start))
            if segment.count > 0 { node = child(of: node, at: segment) }
            start = end + 1
        }
        return Int(node)
    }

    /// The child with this segment, created where there is none.
    private mutating func child(
        of parent: Int32, at segment: UnsafeRawBufferPointer
    ) -> Int32 {
        // Digits and everything outside ASCII may be a number, letters cannot.
        let first = segment[0]
        let mayBeNumber = first &- UInt8(ascii: "0") <= 9 || first >= 0x80
        let numeral = mayBeNumber ? numeral(segment) : nil
        let key = numeral ?? segment
        let found = findChild(of: parent, key)
        if found >= 0 { return found }
        let created = Int32(nodeCount)
        if nodeCount == memory.capacity { resize(to: 2 * memory.capacity) }
        (nodes + nodeCount).initialize(to: Node(key: key, isNumber: numeral != nil))
        nodeCount += 1
        let last = nodes[Int(parent)].lastChild
        if last >= 0 {
            nodes[Int(last)].nextSibling = created
        } else {
            nodes[Int(parent)].firstChild = created
        }
        nodes[Int(parent)].lastChild = created
        nodes[Int(parent)].childCount += 1
        let count = Int(nodes[Int(parent)].childCount)
        if count == Self.indexThreshold + 1 {
            var child = nodes[Int(parent)].firstChild
            while child >= 0 {
                table[ChildKey(parent: parent, key: nodes[Int(child)].key)] = child
                child = nodes[Int(child)].nextSibling
            }
        } else if count > Self.indexThreshold {
            table[ChildKey(parent: parent, key: key)] = created
        }
        return created
    }

    private func findChild(of parent: Int32, _ key: UnsafeRawBufferPointer) -> Int32 {
        let last = nodes[Int(parent)].lastChild
        guard last >= 0 else { return Self.none }
        // Keys mostly come in groups, so the last child is the likely one.
        if nodes[Int(last)].key.equals(key) { return last }
        if nodes[Int(parent)].childCount > Self.indexThreshold {
            return table[ChildKey(parent: parent, key: key)] ?? Self.none
        }
        var child = nodes[Int(parent)].firstChild
        while child >= 0 {
            if nodes[Int(child)].key.equals(key) { return child }
            child = nodes[Int(child)].nextSibling
        }
        return Self.none
    }

    private static func trimmed(_ segment: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let first = segment.first, let last = segment.last else { return segment }
        // Almost every segment begins and ends with a letter or a digit.
        if first > 0x20, last > 0x20 { return segment }
        func isBlank(_ byte: UInt8) -> Bool {
            byte == 0x20 || (0x09...0x0D).contains(byte) || (0x1C...0x1F).contains(byte)
        }
        var start = 0
        var end = segment.count
        while start < end, isBlank(segment[start]) { start += 1 }
        while end > start, isBlank(segment[end - 1]) { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: segment[start..<end])
    }

    /// The canonical form of a decimal number, in ASCII and without zeros in front; `nil` for any
    /// other segment. Digits of every script count, superscripts do not.
    private mutating func numeral(_ segment: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        var digits = segment
        if !segment.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            guard let text = String(validating: segment, as: UTF8.self) else { return nil }
            var ascii: [UInt8] = []
            for scalar in text.unicodeScalars {
                guard scalar.properties.numericType == .decimal,
                    let value = scalar.properties.numericValue
                else { return nil }
                ascii.append(UInt8(ascii: "0") + UInt8(value))
            }
            digits = numerals.keep(ascii)
        }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        return UnsafeRawBufferPointer(rebasing: digits.dropFirst(min(zeros, digits.count - 1)))
    }

    // MARK: Lookup

    /// The value at a path of the nested form; `nil` where there is none or something nested.
    ///
    /// As the nested form is what counts, the path also leads into values that are maps, and what is
    /// written beside a value is out of its reach.
    func value(at path: NestedPath) -> AttributeValue? {
        var node: Int32 = 0
        for depth in 0..<path.count {
            let name = path[depth]
            node = findChild(
                of: node,
                UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
            guard node >= 0 else { return nil }
            if var value = value(of: node) {
                for depth in depth + 1..<path.count {
                    guard let member = value.member(path[depth]) else { return nil }
                    value = member
                }
                return value
            }
            if depth + 1 == path.count || isList(node) { return nil }
        }
        return nil
    }

    private func value(of node: Int32) -> AttributeValue? {
        let position = Int(nodes[Int(node)].value)
        guard position >= 0 else { return nil }
        return nodes[Int(node)].holdsTree ? .tree(trees[position]) : .wire(wireValues[position])
    }

    private func isItem(_ node: Int32) -> Bool {
        nodes[Int(node)].isNumber && nodes[Int(node)].value < 0
    }

    private func isList(_ node: Int32) -> Bool {
        var child = nodes[Int(node)].firstChild
        while child >= 0 {
            if isItem(child) { return true }
            child = nodes[Int(child)].nextSibling
        }
        return false
    }

    // MARK: Writing

    /// Writes the nested form as one JSON object.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let value = value(of: 0) {
            writer.key("")
            writer.attribute(value)
        }
        writeChildren(of: 0, to: &writer)
        writer.endObject()
    }

    private func writeChildren(of parent: Int32, to writer: inout JSONWriter) {
        var child = nodes[Int(parent)].firstChild
        while child >= 0 {
            write(child, beside: nil, to: &writer)
            child = nodes[Int(child)].nextSibling
        }
    }

    /// - Parameter prefix: What precedes the key of a node that is written beside its parent.
    private func write(_ index: Int32, beside prefix: [UInt8]?, to writer: inout JSONWriter) {
        let node = nodes[Int(index)]
        if let prefix {
            (prefix + node.key).withUnsafeBytes { writer.key(utf8: $0) }
        } else {
            writer.key(utf8: node.key)
        }
        if node.value >= 0 {
            if node.holdsTree {
                writer.stored(trees[Int(node.value)])
            } else {
                writer.otlp(wireValues[Int(node.value)])
            }
            if node.firstChild >= 0 {
                writeChildren(of: index, beside: prefix, exceptItems: false, to: &writer)
            }
        } else if isList(index) {
            if writeItems(of: index, to: &writer) < node.childCount {
                writeChildren(of: index, beside: prefix, exceptItems: true, to: &writer)
            }
        } else {
            writer.beginObject()
            writeChildren(of: index, to: &writer)
            writer.endObject()
        }
    }

    /// Writes children beside their parent, whose own prefix is given.
    private func writeChildren(
        of parent: Int32, beside prefix: [UInt8]?, exceptItems: Bool, to writer: inout JSONWriter
    ) {
        let childPrefix = (prefix ?? []) + nodes[Int(parent)].key + [UInt8(ascii: ".")]
        var child = nodes[Int(parent)].firstChild
        while child >= 0 {
            if !(exceptItems && isItem(child)) { write(child, beside: childPrefix, to: &writer) }
            child = nodes[Int(child)].nextSibling
        }
    }

    /// Writes the list items below a node in the order of their numbers.
    ///
    /// - Returns: How many there are.
    private func writeItems(of parent: Int32, to writer: inout JSONWriter) -> Int {
        var count = 0
        writer.beginArray()
        if areItemsSorted(of: parent) {
            var child = nodes[Int(parent)].firstChild
            while child >= 0 {
                if isItem(child) {
                    writeItem(child, to: &writer)
                    count += 1
                }
                child = nodes[Int(child)].nextSibling
            }
        } else {
            var items: [Int32] = []
            var child = nodes[Int(parent)].firstChild
            while child >= 0 {
                if isItem(child) { items.append(child) }
                child = nodes[Int(child)].nextSibling
            }
            items.sort(by: precedes)
            for item in items { writeItem(item, to: &writer) }
            count = items.count
        }
        writer.endArray()
        return count
    }

    private func writeItem(_ item: Int32, to writer: inout JSONWriter) {
        writer.beginObject()
        writeChildren(of: item, to: &writer)
        writer.endObject()
    }

    private func areItemsSorted(of parent: Int32) -> Bool {
        var last = Self.none
        var child = nodes[Int(parent)].firstChild
        while child >= 0 {
            if isItem(child) {
                if last >= 0, precedes(child, last) { return false }
                last = child
            }
            child = nodes[Int(child)].nextSibling
        }
        return true
    }

    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let left = nodes[Int(left)].key
        let right = nodes[Int(right)].key
        if left.count != right.count { return left.count < right.count }
        return left.lexicographicallyPrecedes(right)
    }
}
