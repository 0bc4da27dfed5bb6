import HTTPMessages

/// The segments of a path that matched the `{names}` of its pattern, percent-decoded.
package struct PathParameters: Sendable, Hashable {
    private var values: [String: String] = [:]

    package init() {}

    package subscript(name: String) -> String? { values[name] }

    mutating func set(_ name: String, to value: String) { values[name] = value }
}

/// Finds the handler of a request by its method and path.
///
/// A pattern is made of literal segments and `{names}`, each of which matches one segment that is
/// not empty. A literal segment goes before a name. The path is split before it is decoded, so a
/// `%2F` stays inside its segment. A slash at the end makes another path.
package struct Router: Sendable {
    package typealias Handler =
        @Sendable (HTTPRequest, PathParameters) async throws -> HTTPResponse

    private struct Node: Sendable {
        var literals: [String: Node] = [:]
        var names: [String: Node] = [:]
        var handlers: [HTTPMethod: Handler] = [:]
    }

    private var root = Node()
    /// Answers paths that no pattern matches.
    package var fallback: HTTPHandler?

    package init() {}

    /// Registers a handler. Two of the same method and pattern are a mistake and trap.
    package mutating func add(
        _ method: HTTPMethod, _ pattern: String, _ handler: @escaping Handler
    ) {
        let segments = Self.segments(of: pattern)
        Self.insert(method, segments[...], handler, pattern, into: &root)
    }

    private static func insert(
        _ method: HTTPMethod, _ segments: ArraySlice<Substring>, _ handler: @escaping Handler,
        _ pattern: String, into node: inout Node
    ) {
        guard let segment = segments.first else {
            precondition(
                node.handlers.updateValue(handler, forKey: method) == nil,
                "The route \(method) \(pattern) is registered twice.")
            return
        }
        if segment.hasPrefix("{"), segment.hasSuffix("}") {
            let name = String(segment.dropFirst().dropLast())
            insert(
                method, segments.dropFirst(), handler, pattern,
                into: &node.names[name, default: Node()])
        } else {
            insert(
                method, segments.dropFirst(), handler, pattern,
                into: &node.literals[String(segment), default: Node()])
        }
    }

    private static func segments(of path: String) -> [Substring] {
        path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// Answers with the handler of the best pattern. `HEAD` is answered as `GET`, whose body the
    /// server leaves out.
    ///
    /// Without a pattern for the path the fallback answers, or 404; without a handler for the
    /// method it is 405 with the methods that there are.
    package func respond(to request: HTTPRequest) async throws -> HTTPResponse {
        var search = Search(method: request.method)
        search.visit(root, Self.segments(of: request.path)[...], PathParameters())
        if let (handler, parameters) = search.found {
            return try await handler(request, parameters)
        }
        if !search.others.isEmpty { return Self.methodNotAllowed(search.others) }
        if let fallback { return try await fallback(request) }
        return .text(.notFound, "Not Found")
    }

    package var respond: HTTPHandler { { request in try await self.respond(to: request) } }

    /// 405 with the methods that the path has.
    package static func methodNotAllowed(_ methods: Set<HTTPMethod>) -> HTTPResponse {
        var names = Set(methods.map(\.rawValue))
        if names.contains("GET") { names.insert("HEAD") }
        return .text(
            .methodNotAllowed, "Method Not Allowed",
            headers: ["allow": names.sorted().joined(separator: ", ")])
    }

    private struct Search {
        let method: HTTPMethod
        var found: (Handler, PathParameters)?
        /// Methods of patterns that match the path.
        var others: Set<HTTPMethod> = []

        mutating func visit(
            _ node: Node, _ segments: ArraySlice<Substring>, _ parameters: PathParameters
        ) {
            guard found == nil else { return }
            guard let segment = segments.first else {
                let fitting = method == .head ? [.head, .get] : [method]
                if let handler = fitting.lazy.compactMap({ node.handlers[$0] }).first {
                    found = (handler, parameters)
                } else {
                    others.formUnion(node.handlers.keys)
                }
                return
            }
            let decoded = PercentCoding.decode(segment)
            if let next = node.literals[decoded] {
                visit(next, segments.dropFirst(), parameters)
            }
            guard !decoded.isEmpty else { return }
            for (name, next) in node.names {
                var extended = parameters
                extended.set(name, to: decoded)
                visit(next, segments.dropFirst(), extended)
            }
        }
    }
}
