import JSON

@testable import WebUI

/// Writes packs as the build of the web UI does.
enum TestPack {
    struct File {
        var path: String
        var mediaType = "text/javascript; charset=utf-8"
        var identity: String
        var brotli: String?
        var gzip: String?
    }

    static let index = """
        <!doctype html><head><base href="/">
        <script type="application/json" id="boot">{}</script></head>
        """

    static let files = [
        File(
            path: "assets/0123456789ab/main.js", identity: "let main", brotli: "br of main",
            gzip: "gzip of main"),
        File(path: "assets/0123456789ab/small.js", identity: "let small"),
        File(path: "favicon.svg", mediaType: "image/svg+xml", identity: "<svg/>"),
        File(path: "index.html", mediaType: "text/html; charset=utf-8", identity: index),
        File(
            path: "operations.json", mediaType: "application/json",
            identity: #"{"aa": "query A { __typename }"}"#),
    ]

    static func bytes(_ files: [File] = files) -> [UInt8] {
        var bodies: [UInt8] = []
        func add(_ text: String?) -> JSONValue? {
            guard let text else { return nil }
            while bodies.count % 16 != 0 { bodies.append(0) }
            defer { bodies += text.utf8 }
            return [
                "offset": .integer(Int64(bodies.count)), "length": .integer(Int64(text.utf8.count)),
            ]
        }
        let entries = files.map { file in
            var entry: JSONObject = [
                "path": .string(file.path), "mediaType": .string(file.mediaType),
                "sha256": .string("hash of \(file.path)"),
            ]
            entry["identity"] = add(file.identity)
            entry["br"] = add(file.brotli)
            entry["gzip"] = add(file.gzip)
            return JSONValue.object(entry)
        }
        let table: JSONValue = ["buildId": "0123456789ab", "entries": .array(entries)]
        return pack(table: table.serialized(), bodies: bodies)
    }

    static func pack(table: [UInt8], bodies: [UInt8]) -> [UInt8] {
        func integer(_ value: Int) -> [UInt8] {
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        let start = (16 + table.count + 15) / 16 * 16
        var bytes = Array("PHXUI".utf8) + [0, 0, 1] + integer(table.count) + integer(start) + table
        bytes += [UInt8](repeating: 0, count: start - bytes.count)
        return bytes + bodies
    }
}
