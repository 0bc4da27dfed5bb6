import JSON

/// The type of a column, or of what is within one.
package indirect enum ArrowType: Sendable, Hashable {
    case null, bool, integer, double
    /// Text; what is no text is written as JSON.
    case text
    /// Microseconds since 1970 in UTC, given as integers.
    case timestamp
    case list(ArrowType)
    case structure([Member])

    package struct Member: Sendable, Hashable {
        package var name: String
        package var type: ArrowType

        package init(name: String, type: ArrowType) {
            self.name = name
            self.type = type
        }
    }

    /// Readers follow types only so deep, and a column for each of very many members helps nobody:
    /// what is deeper or wider than this is text.
    private static let depthMax = 24
    private static let membersMax = 256

    /// The type of one value.
    package init(of value: JSONValue) { self.init(of: value, depth: 0) }

    private init(of value: JSONValue, depth: Int) {
        switch value {
        case .null: self = .null
        case .bool: self = .bool
        case .integer: self = .integer
        case .double: self = .double
        // There is no type for numbers of any size.
        case .number, .string: self = .text
        case .array where depth == Self.depthMax, .object where depth == Self.depthMax:
            self = .text
        case .array(let elements):
            self = .list(
                elements.reduce(.null) { $0.merged(with: ArrowType(of: $1, depth: depth + 1)) })
        case .object(let object):
            guard object.count <= Self.membersMax else {
                self = .text
                return
            }
            self = .structure(
                object.map {
                    Member(name: $0.key, type: ArrowType(of: $0.value, depth: depth + 1))
                })
        }
    }

    /// The narrowest type that holds the values of both: of what does not go together, text.
    package func merged(with other: ArrowType) -> ArrowType {
        switch (self, other) {
        case (let one, let two) where one == two: return one
        case (.null, let type), (let type, .null): return type
        case (.integer, .double), (.double, .integer): return .double
        case (.list(let one), .list(let two)): return .list(one.merged(with: two))
        case (.structure(var members), .structure(let others)):
            for member in others {
                if let index = members.firstIndex(where: { $0.name == member.name }) {
                    members[index].type = members[index].type.merged(with: member.type)
                } else {
                    members.append(member)
                }
            }
            return members.count > Self.membersMax ? .text : .structure(members)
        default: return .text
        }
    }

    /// The type's number in the union of Arrow's schema, its table, and the fields within it.
    private var description: (id: UInt8, table: [FlatBuffer.Field?], children: [FlatBuffer]) {
        switch self {
        case .null: (1, [], [])
        case .integer: (2, [.int(64), .byte(1)], [])
        case .double: (3, [.short(2)], [])
        case .text: (5, [], [])
        case .bool: (6, [], [])
        case .timestamp: (10, [.short(2), .offset(.string("UTC"))], [])
        case .list(let element): (12, [], [element.field(named: "item")])
        case .structure(let members): (13, [], members.map { $0.type.field(named: $0.name) })
        }
    }

    func field(named name: String) -> FlatBuffer {
        let (id, table, children) = description
        return .table([
            .offset(.string(name)), .byte(1), .byte(id), .offset(.table(table)), nil,
            .offset(.vector(children)),
        ])
    }
}
