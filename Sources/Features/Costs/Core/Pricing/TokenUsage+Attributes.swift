#if canImport(Glibc)
    import Glibc
#endif

extension TokenUsage {
    /// Reads what there is in nested attributes.
    ///
    /// Only the object `llm` is looked into, and of that only what is needed; everything else is
    /// passed over without being decoded, since most of a span are its messages.
    ///
    /// - Parameter attributes: A JSON object. What cannot be read counts as absent.
    /// - Returns: Nil when there is no model name, or a blank one.
    package init?(attributes: [UInt8]) {
        let usage = attributes.withUnsafeBytes { text -> TokenUsage? in
            var scanner = AttributeScanner(text)
            var usage = TokenUsage(modelName: "")
            scanner.forEachMember { scanner, key in
                guard scanner.is(key, "llm") else { return }
                scanner.forEachMember { scanner, key in
                    if scanner.is(key, "model_name") {
                        usage.modelName = scanner.string() ?? ""
                    } else if scanner.is(key, "provider") {
                        usage.provider = scanner.string()
                    } else if scanner.is(key, "token_count") {
                        usage.readCounts(from: &scanner)
                    }
                }
            }
            return usage
        }
        guard let usage, !usage.modelName.allSatisfy(\.isWhitespace) else { return nil }
        self = usage
    }

    private mutating func readCounts(from scanner: inout AttributeScanner) {
        scanner.forEachMember { scanner, key in
            if scanner.is(key, "prompt") {
                prompt = scanner.number()
            } else if scanner.is(key, "completion") {
                completion = scanner.number()
            } else if scanner.is(key, "total") {
                total = scanner.number()
            } else if scanner.is(key, "prompt_details") {
                promptDetails = Self.details(from: &scanner)
            } else if scanner.is(key, "completion_details") {
                completionDetails = Self.details(from: &scanner)
            }
        }
    }

    private static func details(from scanner: inout AttributeScanner) -> [Detail] {
        var details: [Detail] = []
        scanner.forEachMember { scanner, key in
            guard let tokens = scanner.number() else { return }
            details.append(Detail(scanner.text(key), tokens))
        }
        return details
    }
}
