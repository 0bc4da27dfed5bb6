/// A path of two or three names in the nested form of attributes.
struct NestedPath {
    private let names: (StaticString, StaticString, StaticString)
    let count: Int

    init(_ first: StaticString, _ second: StaticString) {
        names = (first, second, "")
        count = 2
    }

    init(_ first: StaticString, _ second: StaticString, _ third: StaticString) {
        names = (first, second, third)
        count = 3
    }

    subscript(depth: Int) -> StaticString {
        switch depth {
        case 0: names.0
        case 1: names.1
        default: names.2
        }
    }
}
