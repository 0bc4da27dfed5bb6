import BinaryText
import Cryptography

/// The one page of the web UI, with what only the server knows put in.
struct IndexPage {
    private static let base = #"<base href="/">"#
    private static let boot = #"<script type="application/json" id="boot">{}</script>"#

    let html: [UInt8]
    /// Tells one page from another.
    var tag: String { Hexadecimal.encode(SHA256.digest(html)) }

    /// - Parameters:
    ///   - template: The page as the build wrote it.
    ///   - rootPath: Where a proxy shows us, such as `/phoenix`; empty for the root.
    ///   - boot: JSON without `<`.
    init(template: [UInt8], rootPath: String, boot: String) {
        let text = String(decoding: template, as: UTF8.self)
        let page = Self.replacing(
            Self.base, by: "<base href=\"\(Self.escaped(rootPath))/\">", in: text)
        html = Array(
            Self.replacing(
                Self.boot, by: #"<script type="application/json" id="boot">\#(boot)</script>"#,
                in: page
            ).utf8)
    }

    private static func replacing(_ mark: String, by text: String, in page: String) -> String {
        guard let range = page.ranges(of: mark).first else { return page }
        return page[..<range.lowerBound] + text + page[range.upperBound...]
    }

    private static func escaped(_ path: String) -> String {
        var result = ""
        for character in path {
            switch character {
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "<": result += "&lt;"
            default: result.append(character)
            }
        }
        return result
    }
}
