import HTTPMessages
import NIOCore
import Testing

@testable import HTTPServing

struct HTTP1DecoderTests {
    private static let stream = """
        POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-A:  1 \t\r\ntransfer-encoding: Chunked\r\n\r\n\
        5;ext=1\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nTrailer: 1\r\n\r\n\
        \r\nPUT http://h/p HTTP/1.1\r\nhost: y\r\ncontent-length: 3\r\n\r\nabc\
        GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n
        """

    /// The events of the bytes, with neighbouring body pieces joined.
    private func events(
        _ bytes: some Sequence<UInt8>, step: Int, limits: HTTPServerLimits = .init()
    ) throws(HTTP1Error) -> [HTTP1Decoder.Event] {
        var decoder = HTTP1Decoder(limits: limits)
        var events: [HTTP1Decoder.Event] = []
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            decoder.append(ByteBuffer(bytes: rest.prefix(step)))
            rest = rest.dropFirst(step)
            while let event = try decoder.next() {
                if case .body(let piece) = event, case .body(var whole)? = events.last {
                    var piece = piece
                    whole.writeBuffer(&piece)
                    events[events.count - 1] = .body(whole)
                } else {
                    events.append(event)
                }
            }
        }
        return events
    }

    @Test(arguments: [1, 2, 3, 7, 16, 64, 10_000])
    func `requests are the same however the bytes are cut`(step: Int) throws {
        let events = try events(Self.stream.utf8, step: step)
        try #require(events.count == 8)
        guard case .head(let first) = events[0], case .head(let second) = events[3],
            case .head(let third) = events[6]
        else {
            Issue.record("The heads are not where they should be.")
            return
        }
        #expect(first.method == .post)
        #expect(first.target == "/a?b=c")
        #expect(first.framing == .chunked)
        #expect(first.headers["x-a"] == "1")
        #expect(events[1] == .body(ByteBuffer(string: "hello0123456789abcdef")))
        #expect(events[2] == .end)
        #expect(second.framing == .length(3))
        #expect(second.target == "http://h/p")
        #expect(events[4] == .body(ByteBuffer(string: "abc")))
        #expect(third.version == .http10)
        #expect(third.keepsAlive)
        #expect(events[7] == .end)
    }

    @Test(arguments: [
        // Smuggling shapes.
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            400
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            400
        ),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", 501),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n",
            501
        ),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n Folded: y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\u{0B}c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: x\n\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", 400),
        // Heads.
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n", 417),
        ("GET / HTTP/2.0\r\n\r\n", 505),
        ("GET / HTTP/1.10\r\n\r\n", 505),
        ("GET / JUNK\r\n\r\n", 400),
        ("GET  / HTTP/1.1\r\n\r\n", 400),
        ("GET /\r\n\r\n", 400),
        ("GET /a b HTTP/1.1\r\n\r\n", 400),
        ("G(T / HTTP/1.1\r\n\r\n", 400),
        (" / HTTP/1.1\r\n\r\n", 400),
        ("\u{16}\u{03}\u{01}\r\n", 400),
        // Chunks.
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n 5\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", 400),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
            400
        ),
    ])
    func `what could be read in two ways is refused`(text: String, status: Int) {
        for step in [1, 1000] {
            let error = #expect(throws: HTTP1Error.self) {
                _ = try events(text.utf8, step: step)
            }
            #expect(error?.status.code == status)
        }
    }

    @Test func `lengths at their limits pass and one more does not`() throws {
        var limits = HTTPServerLimits()
        limits.targetBytes = 100
        limits.headerBytes = 200
        limits.headerCount = 3
        func status(target: Int = 1, header: Int = 1, count: Int = 0) -> Int? {
            var text = "GET /\(String(repeating: "a", count: target - 1)) HTTP/1.1\r\nHost: x\r\n"
            text += "A: \(String(repeating: "b", count: header))\r\n"
            for _ in 0..<count { text += "C: d\r\n" }
            do throws(HTTP1Error) {
                _ = try events((text + "\r\n").utf8, step: 50, limits: limits)
                return nil
            } catch {
                return error.status.code
            }
        }
        #expect(status(target: 100) == nil)
        #expect(status(target: 101) == 414)
        #expect(status(target: 10_000) == 414)
        #expect(status(header: 190) == nil)
        #expect(status(header: 191) == 431)
        #expect(status(header: 10_000) == 431)
        #expect(status(count: 1) == nil)
        #expect(status(count: 2) == 431)
    }

    @Test func `endless lines and trailers are bounded`() {
        let chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        for (text, status) in [
            ("GET /" + String(repeating: "a", count: 200_000), 414),
            (
                "GET / HTTP/1.1\r\nHost: x\r\nA: " + String(repeating: "b", count: 200_000), 431
            ),
            (chunked + "5;" + String(repeating: "x", count: 300), 400),
            (chunked + "0\r\n" + String(repeating: "T: u\r\n", count: 20_000), 431),
        ] {
            let error = #expect(throws: HTTP1Error.self) {
                _ = try events(text.utf8, step: 1000)
            }
            #expect(error?.status.code == status)
        }
    }

    @Test func `random bytes end in an error or in nothing`() throws {
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 1...200)).map { _ in
                Bool.random()
                    ? UInt8.random(in: .min ... .max)
                    : Array("GET /:\r\n 1".utf8)[
                        Int.random(in: 0..<10)]
            }
            do {
                _ = try events(bytes, step: 13)
            } catch {
                #expect([400, 414, 417, 431, 501, 505].contains(error.status.code))
            }
        }
    }
}
