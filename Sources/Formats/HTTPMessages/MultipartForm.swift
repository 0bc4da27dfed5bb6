/// The parts of a `multipart/form-data` body (RFC 7578, RFC 2046).
package struct MultipartForm: Sendable {
    package struct Part: Sendable {
        package var name: String
        /// Nil for a field that is no file.
        package var fileName: String?
        package var headers: HTTPHeaders
        /// Where in ``MultipartForm/bytes`` the content is.
        package var content: Range<Int>
    }

    package enum Fault: Error, Hashable {
        case missingBoundary
        case malformed
    }

    /// How many parts a body may have.
    package static let partsMax = 2000

    package let bytes: [UInt8]
    package private(set) var parts: [Part] = []

    /// - Parameter contentType: Of the request, with the boundary.
    package init(_ bytes: [UInt8], contentType: MediaType) throws(Fault) {
        guard let boundary = contentType.parameters["boundary"], !boundary.isEmpty else {
            throw .missingBoundary
        }
        self.bytes = bytes
        guard !bytes.isEmpty else { return }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        var index: Int
        if bytes.starts(with: delimiter[2...]) {
            index = delimiter.count - 2
        } else if let found = bytes.firstRange(of: delimiter, from: 0) {
            index = found + delimiter.count
        } else {
            throw .malformed
        }
        while !bytes[index...].starts(with: [0x2D, 0x2D]) {
            guard parts.count < Self.partsMax else { throw .malformed }
            // White space may follow the boundary.
            while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
            guard bytes[index...].starts(with: [0x0D, 0x0A]),
                let headersEnd = bytes.firstRange(of: [0x0D, 0x0A, 0x0D, 0x0A], from: index),
                let end = bytes.firstRange(of: delimiter, from: headersEnd + 2)
            else { throw .malformed }
            let start = min(headersEnd + 4, end)
            let lines = bytes[min(index + 2, headersEnd)..<headersEnd]
            parts.append(try Self.part(lines, start..<end))
            index = end + delimiter.count
        }
    }

    private static func part(
        _ lines: ArraySlice<UInt8>, _ content: Range<Int>
    ) throws(Fault) -> Part {
        var headers = HTTPHeaders()
        for line in lines.split(separator: 0x0A) {
            let text = String(decoding: line, as: UTF8.self)
            guard let colon = text.firstIndex(of: ":") else { continue }
            let name = text[..<colon].lowercased()
            headers.set(name, trimmed(text[text.index(after: colon)...].filter { $0 != "\r" }))
        }
        // The disposition has the form of a media type without the slash.
        guard let disposition = headers["content-disposition"],
            let parsed = MediaType("form/" + disposition), parsed.subtype == "form-data",
            let name = parsed.parameters["name"]
        else { throw .malformed }
        return Part(
            name: name, fileName: parsed.parameters["filename"], headers: headers, content: content)
    }

    /// The text of the last field of a name; bytes that are no UTF-8 become U+FFFD.
    package func text(_ name: String) -> String? { texts(name).last }

    package func texts(_ name: String) -> [String] {
        parts.filter { $0.name == name && $0.fileName == nil }
            .map { String(decoding: bytes[$0.content], as: UTF8.self) }
    }
}

extension [UInt8] {
    /// Where `pattern` begins, at or behind a place.
    fileprivate func firstRange(of pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, count >= pattern.count else { return nil }
        return withUnsafeBufferPointer { bytes in
            var index = start
            let last = bytes.count - pattern.count
            while index <= last {
                if bytes[index] == first {
                    var offset = 1
                    while offset < pattern.count, bytes[index + offset] == pattern[offset] {
                        offset += 1
                    }
                    if offset == pattern.count { return index }
                }
                index += 1
            }
            return nil
        }
    }
}
