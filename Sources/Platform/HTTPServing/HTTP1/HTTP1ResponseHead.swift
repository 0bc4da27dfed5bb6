import HTTPMessages
import NIOCore

/// How the body of an HTTP/1 response is delimited.
enum HTTP1ResponseFraming: Equatable {
    /// No body and no length: 1xx, 204, 304.
    case none
    case length(Int)
    case chunked
    /// HTTP/1.0 knows no chunks: the connection's end is the body's.
    case untilClose
}

extension ByteBuffer {
    /// Writes status line and headers of an HTTP/1.1 response.
    ///
    /// Framing headers and `connection` are ours, so those of the response are left out; except
    /// that without a body its own length may stand, which describes what GET would answer.
    mutating func writeHead(
        _ response: HTTPResponse, framing: HTTP1ResponseFraming, keepsAlive: Bool,
        isHTTP10: Bool, date: String
    ) {
        writeString("HTTP/1.1 ")
        writeString(String(response.status.code))
        writeString(" ")
        writeString(response.status.reason)
        writeString("\r\n")
        for (name, value) in response.headers {
            switch name {
            case "connection", "transfer-encoding", "keep-alive", "upgrade": continue
            case "content-length" where framing != .none: continue
            default: writeField(name, value)
            }
        }
        switch framing {
        case .none: break
        case .length(let length): writeField("content-length", String(length))
        case .chunked: writeField("transfer-encoding", "chunked")
        case .untilClose: break
        }
        writeField("date", date)
        if !keepsAlive {
            writeField("connection", "close")
        } else if isHTTP10 {
            writeField("connection", "keep-alive")
        }
        writeString("\r\n")
    }

    private mutating func writeField(_ name: String, _ value: String) {
        writeString(name)
        writeString(": ")
        // A line end inside a value would start a header, or a response, of somebody's choice.
        if value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
            writeBytes(value.utf8.map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 })
        } else {
            writeString(value)
        }
        writeString("\r\n")
    }

    /// Writes bytes as one chunk of the chunked coding. Empty ones would end the body.
    mutating func writeChunk(_ bytes: [UInt8]) {
        precondition(!bytes.isEmpty, "An empty chunk ends the body.")
        writeString(String(bytes.count, radix: 16))
        writeString("\r\n")
        writeBytes(bytes)
        writeString("\r\n")
    }
}
