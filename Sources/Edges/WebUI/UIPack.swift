import JSON

/// The files of the built web UI, as `web/README.md` lays out `ui.pack`.
package struct UIPack: Sendable {
    /// Where a body lies, counted from the start of the pack.
    package struct Body: Sendable, Hashable {
        package var range: Range<Int>
    }

    package struct Entry: Sendable {
        package var path: String
        package var mediaType: String
        package var sha256: String
        package var identity: Body
        package var brotli: Body?
        package var gzip: Body?
    }

    package let buildID: String
    package let entries: [Entry]
    private let bytes: PackBytes

    /// Reads the table and checks that every body lies within the pack.
    ///
    /// - Throws: ``UIPackError``.
    package init(_ bytes: PackBytes) throws(UIPackError) {
        guard bytes.count >= 16, bytes[0..<8] == Self.magic else {
            throw UIPackError("It does not begin as a pack of version 1 does.")
        }
        let tableLength = Self.integer(bytes[8..<12])
        let bodies = Self.integer(bytes[12..<16])
        guard 16 + tableLength <= bodies, bodies <= bytes.count else {
            throw UIPackError("Its table does not end before its bodies.")
        }
        let table: JSONValue
        do throws(JSONError) {
            table = try JSON.parse(bytes[16..<16 + tableLength])
        } catch {
            throw UIPackError("Its table is not JSON. \(error)")
        }
        guard let buildID = table["buildId"]?.stringValue,
            let rows = table["entries"]?.arrayValue
        else { throw UIPackError("Its table has no build id or no entries.") }
        func body(_ value: JSONValue?) throws(UIPackError) -> Body? {
            guard let value, !value.isNull else { return nil }
            guard let offset = value["offset"]?.integerValue,
                let length = value["length"]?.integerValue, offset >= 0, length >= 0,
                offset <= bytes.count, length <= bytes.count - bodies - Int(offset)
            else { throw UIPackError("A body lies outside of it.") }
            let start = bodies + Int(offset)
            return Body(range: start..<start + Int(length))
        }
        var entries: [Entry] = []
        for row in rows {
            guard let path = row["path"]?.stringValue,
                let mediaType = row["mediaType"]?.stringValue,
                let sha256 = row["sha256"]?.stringValue,
                let identity = try body(row["identity"])
            else { throw UIPackError("An entry lacks its path, media type, hash or body.") }
            entries.append(
                Entry(
                    path: path, mediaType: mediaType, sha256: sha256, identity: identity,
                    brotli: try body(row["br"]), gzip: try body(row["gzip"])))
        }
        self.buildID = buildID
        self.entries = entries
        self.bytes = bytes
    }

    package func bytes(of body: Body) -> [UInt8] { bytes[body.range] }

    private static let magic = Array("PHXUI".utf8) + [0, 0, 1]

    /// A little-endian integer.
    private static func integer(_ bytes: [UInt8]) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

/// Why a pack cannot be read, as a sentence.
package struct UIPackError: Error, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "The pack of the web UI cannot be read. \(reason)" }
}
