import HTTPMessages

/// What `Accept-Encoding` says of the codings that files are stored in (RFC 9110, section 12.5.3).
struct AcceptedCodings {
    /// In the order of our preference.
    enum Coding: String, CaseIterable {
        case brotli = "br"
        case gzip
        case identity
    }

    private var weights: [Substring: Double] = [:]

    init(_ headers: HTTPHeaders) {
        for element in headers.list("accept-encoding") {
            let parts = element.lowercased().split(separator: ";")
            guard let name = parts.first else { continue }
            var weight = 1.0
            for part in parts.dropFirst() {
                let parameter = trimmed(part)
                guard parameter.hasPrefix("q=") else { continue }
                // A weight that cannot be read is that of a client which means something by it.
                weight = Double(parameter.dropFirst(2)) ?? 1
            }
            weights[Substring(trimmed(name))] = weight
        }
    }

    /// The smallest of `available` that is accepted. The client's weights decide only whether, not
    /// which: it gets fewer bytes than it asked for. Identity when nothing else fits, even where it
    /// is refused, as the standard advises.
    func best(of available: Set<Coding>) -> Coding {
        Coding.allCases.first { coding in
            guard coding != .identity, available.contains(coding) else { return false }
            return (weights[Substring(coding.rawValue)] ?? weights["*"] ?? 0) > 0
        } ?? .identity
    }
}
