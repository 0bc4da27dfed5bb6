/// An HTTP/1 response cut out of received bytes.
package struct RawResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package subscript(name: String) -> String? {
        headers.first { $0.name == name }?.value
    }

    /// The first whole response and its length; nil while it is incomplete.
    package static func parse(
        _ bytes: [UInt8], isClosed: Bool, toHead: Bool = false
    ) -> (RawResponse, count: Int)? {
        let mark = Array("\r\n\r\n".utf8)
        guard bytes.count >= 4,
            let headEnd = (0...(bytes.count - 4)).first(where: { start in
                (0..<4).allSatisfy { bytes[start + $0] == mark[$0] }
            })
        else { return nil }
        let lines = String(decoding: bytes[..<headEnd], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let status = lines[0].split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        let headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (name: String(parts[0]), value: String(parts[1].drop { $0 == " " }))
        }
        var response = RawResponse(status: status, headers: headers, body: [])
        var index = headEnd + 4
        if toHead || status < 200 || status == 204 || status == 304 { return (response, index) }
        if let length = response["content-length"].flatMap({ Int($0) }) {
            guard bytes.count >= index + length else { return nil }
            response.body = Array(bytes[index..<(index + length)])
            return (response, index + length)
        }
        if response["transfer-encoding"] == "chunked" {
            while true {
                guard let lineEnd = bytes[index...].firstIndex(of: 0x0D),
                    let size = Int(
                        String(decoding: bytes[index..<lineEnd], as: UTF8.self), radix: 16),
                    bytes.count >= lineEnd + 2 + size + 2
                else { return nil }
                response.body += bytes[(lineEnd + 2)..<(lineEnd + 2 + size)]
                index = lineEnd + 2 + size + 2
                if size == 0 { return (response, index) }
            }
        }
        guard isClosed else { return nil }
        response.body = Array(bytes[index...])
        return (response, bytes.count)
    }
}

extension RawClient {
    /// The next whole response.
    package func response(
        toHead: Bool = false, within timeout: Duration = patience
    ) async throws -> RawResponse {
        var response: RawResponse?
        _ = try await receive(within: timeout) { bytes, isClosed in
            let parsed = RawResponse.parse(bytes, isClosed: isClosed, toHead: toHead)
            response = parsed?.0
            return parsed?.count
        }
        return response!
    }
}
