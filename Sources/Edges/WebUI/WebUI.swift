import APISupport
import HTTPMessages
import JSON

/// The web UI: its page, its files, and the GraphQL documents that it will ask with.
///
/// It answers what no route of an API does, so that every path of the application is the page.
package struct WebUI: Sendable {
    package enum Source: Sendable {
        /// The files that the build put into this binary.
        case pack(UIPack)
        /// Files on disk that may change while the server runs.
        case folder(UIFolder)
        /// None: a page tells why.
        case none(StartPage)
    }

    private enum Files: Sendable {
        case loaded([String: UIFile], index: IndexPage?)
        case folder(UIFolder)
        case none(StartPage)
    }

    private let files: Files
    private let documents: [String: String]
    private let rootPath: String
    private let boot: BootConfiguration
    private let security: SecurityHeaders

    /// - Parameters:
    ///   - rootPath: Where a proxy shows us, such as `/phoenix`; empty for the root.
    ///   - framingOrigins: Origins besides our own whose pages may show ours in a frame.
    package init(
        source: Source, rootPath: String = "", boot: BootConfiguration,
        framingOrigins: [String] = []
    ) {
        self.rootPath = rootPath
        self.boot = boot
        security = SecurityHeaders(framingOrigins: framingOrigins)
        switch source {
        case .pack(let pack):
            var loaded: [String: UIFile] = [:]
            for entry in pack.entries {
                loaded[entry.path] = UIFile(entry, of: pack)
            }
            let index = loaded.removeValue(forKey: Self.indexPath).map { file in
                IndexPage(
                    template: file.identity(), rootPath: rootPath,
                    boot: boot.script(rootPath: rootPath, isDevelopment: false))
            }
            documents = Self.documents(loaded.removeValue(forKey: Self.documentsPath)?.identity())
            files = .loaded(loaded, index: index)
        case .folder(let folder):
            documents = [:]
            files = .folder(folder)
        case .none(let page):
            documents = [:]
            files = .none(page)
        }
    }

    private static let indexPath = "index.html"
    private static let documentsPath = "operations.json"

    private static func documents(_ json: [UInt8]?) -> [String: String] {
        // Without the documents the page works all the same: it sends their text.
        guard let json, let object = try? JSON.parse(json).objectValue else { return [:] }
        return Dictionary(
            object.compactMap { hash, text in text.stringValue.map { (hash, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The GraphQL document of the UI that has this SHA-256, in lower-case hexadecimal.
    @Sendable package func document(hash: String) -> String? {
        if case .folder(let folder) = files {
            return Self.documents(folder.file(Self.documentsPath)?.identity())[hash]
        }
        return documents[hash]
    }

    // MARK: Answering

    /// Registers the UI as the answer to what has no route.
    package func register(on router: inout Router) {
        router.fallback = { request in respond(to: request) }
    }

    private func respond(to request: HTTPRequest) -> HTTPResponse {
        guard request.method == .get || request.method == .head else {
            return Router.methodNotAllowed([.get])
        }
        let segments = request.path.dropFirst()
            .split(separator: "/", omittingEmptySubsequences: false)
            .map { PercentCoding.decode($0) }
        if case .none(let page) = files {
            return segments == [""] ? page.response : Self.notFound
        }
        guard !Self.apis.contains(segments[0]), segments != [Self.documentsPath] else {
            return Self.notFound
        }
        let path = segments.joined(separator: "/")
        if path != Self.indexPath, let file = file(path, segments) { return file(request) }
        return Self.isPage(segments) ? index(request) : Self.notFound
    }

    /// First segments whose unknown paths are mistakes of a program, not pages.
    private static let apis: Set = [
        "v1", "graphql", "docs", "openapi.json", "healthz", "readyz", "arize_phoenix_version",
        "auth", "mcp", ".well-known",
    ]

    /// Pages with names of users in their paths, where a dot means nothing.
    private static let named: Set = ["projects", "redirects", "datasets", "prompts", "settings"]

    private static let notFound = HTTPResponse.text(.notFound, "Not Found")

    private static func isPage(_ segments: [String]) -> Bool {
        if segments[0] == "assets" { return false }
        if segments.count > 1, named.contains(segments[0]) { return true }
        return segments.last?.contains(".") != true || segments == [indexPath]
    }

    private func file(
        _ path: String, _ segments: [String]
    ) -> ((HTTPRequest) -> HTTPResponse)? {
        switch files {
        case .loaded(let loaded, _):
            guard let file = loaded[path] else { return nil }
            // The build id in the path changes with the content.
            let caching =
                segments[0] == "assets" ? "public, max-age=31536000, immutable" : "no-cache"
            return { file.response(to: $0, caching: caching) }
        case .folder(let folder):
            guard let file = folder.file(segments: segments) else { return nil }
            return { file.response(to: $0, caching: "no-cache") }
        case .none: return nil
        }
    }

    private func index(_ request: HTTPRequest) -> HTTPResponse {
        let page: IndexPage?
        switch files {
        case .loaded(_, let index): page = index
        case .folder(let folder):
            page = folder.file(Self.indexPath).map { file in
                IndexPage(
                    template: file.identity(), rootPath: rootPath,
                    boot: boot.script(rootPath: rootPath, isDevelopment: true))
            }
        case .none: page = nil
        }
        guard let page else {
            return .text(.notFound, "There is no index.html where the web UI is read from.")
        }
        let file = UIFile(
            mediaType: "text/html; charset=utf-8", tag: page.tag, identity: { page.html })
        var response = file.response(to: request, caching: "no-cache")
        security.add(to: &response)
        return response
    }
}
