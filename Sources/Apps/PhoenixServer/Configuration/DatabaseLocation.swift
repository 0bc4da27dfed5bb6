/// Where the data lives.
package enum DatabaseLocation: Hashable, Sendable {
    /// A SQLite file; nil for one in memory that ends with the process.
    case sqlite(path: String?)
    /// A PostgreSQL connection string, as libpq takes it.
    case postgres(conninfo: String)

    /// Reads a database URL: `sqlite:///file`, `sqlite:///:memory:` or `postgresql://…`.
    ///
    /// As in SQLAlchemy, `sqlite:///x` is relative to the current folder and `sqlite:////x` absolute;
    /// a driver after `+` is accepted and ignored.
    package init(url: String) throws {
        guard let separator = url.range(of: "://") else {
            throw ConfigurationError(
                "The database URL must start with sqlite:// or postgresql://; see the documentation "
                    + "of PHOENIX_SQL_DATABASE_URL.")
        }
        let scheme = url[..<separator.lowerBound].prefix { $0 != "+" }
        let rest = String(url[separator.upperBound...])
        switch scheme {
        case "sqlite":
            let path = rest.hasPrefix("/") ? String(rest.dropFirst()) : rest
            self = .sqlite(path: path.isEmpty || path == ":memory:" ? nil : path)
        case "postgresql", "postgres":
            self = .postgres(conninfo: "postgresql://" + rest)
        default:
            throw ConfigurationError(
                "The database URL has the scheme '\(scheme)'; use sqlite or postgresql.")
        }
    }

    /// Reads `PHOENIX_POSTGRES_HOST` and its kin; nil when they are not set.
    init?(_ environment: Environment) throws {
        guard let hostText = environment.string("PHOENIX_POSTGRES_HOST"),
            let user = environment.string("PHOENIX_POSTGRES_USER")
        else { return nil }
        guard let password = environment.string("PHOENIX_POSTGRES_PASSWORD") else {
            throw ConfigurationError(
                "PHOENIX_POSTGRES_HOST and PHOENIX_POSTGRES_USER are set, so "
                    + "PHOENIX_POSTGRES_PASSWORD must be set too.")
        }
        var host = hostText
        var port = try environment.integer("PHOENIX_POSTGRES_PORT", in: 1...65_535)
        // The colons of an IPv6 address lead to no port, unless it stands in brackets.
        if let colon = host.lastIndex(of: ":"),
            host.firstIndex(of: ":") == colon || host[..<colon].hasSuffix("]"),
            let embedded = Int(host[host.index(after: colon)...]), (1...65_535).contains(embedded)
        {
            port = port ?? embedded
            host = String(host[..<colon])
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        var words = [("host", host), ("user", user), ("password", password)]
        if let port { words.append(("port", String(port))) }
        if let name = environment.string("PHOENIX_POSTGRES_DB") { words.append(("dbname", name)) }
        let conninfo = words.map { "\($0.0)='\(Self.quoted($0.1))'" }.joined(separator: " ")
        self = .postgres(conninfo: conninfo)
    }

    private static func quoted(_ value: String) -> String {
        var text = ""
        for character in value {
            if character == "'" || character == "\\" { text.append("\\") }
            text.append(character)
        }
        return text
    }
}

extension String {
    /// The first place of `other`.
    fileprivate func range(of other: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) {
                return start..<index(start, offsetBy: other.count)
            }
            start = index(after: start)
        }
        return nil
    }
}
