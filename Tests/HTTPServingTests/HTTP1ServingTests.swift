import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Locking
import Testing

struct HTTP1ServingTests {
    @Test func `a request is answered and the connection goes on`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            for path in ["/one", "/two"] {
                try await client.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                let response = try await client.response()
                #expect(response.status == 200)
                #expect(response.text == path)
                #expect(response["date"] != nil)
                #expect(response["server"] == nil)
            }
            #expect(!client.isClosed)
        }
    }

    @Test func `pipelined requests are answered in order`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            var text = ""
            for index in 0..<50 {
                text += "GET /\(index) HTTP/1.1\r\nHost: x\r\n\r\n"
                text += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
            }
            try await client.send(text)
            for index in 0..<50 {
                #expect(try await client.response().text == "/\(index)")
                #expect(try await client.response().text == "abc")
            }
        }
    }

    @Test func `bodies arrive whole, announced or in chunks`() async throws {
        let body = [UInt8](repeating: 65, count: 3_000_000)
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            for path in ["/size", "/count"] {
                try await client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n")
                try await client.send(body)
                #expect(try await client.response().text == "\(body.count)")
                try await client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
                for start in stride(from: 0, to: body.count, by: 100_000) {
                    try await client.send("186A0\r\n")
                    try await client.send(Array(body[start..<(start + 100_000)]))
                    try await client.send("\r\n")
                }
                try await client.send("0\r\n\r\n")
                #expect(try await client.response().text == "\(body.count)")
            }
        }
    }

    @Test func `HEAD gets the head of GET and no body`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try await client.response(toHead: true)
            #expect(response["content-length"] == "4")
            try await client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response(toHead: true).status == 200)
            try await client.send("GET /abc HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().text == "/abc")
        }
    }

    @Test func `HTTP 1.0 closes unless asked not to`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let first = try await client.response()
            #expect(first["connection"] == "keep-alive")
            try await client.send("GET /stream HTTP/1.0\r\n\r\n")
            let response = try await client.response()
            #expect(response["transfer-encoding"] == nil)
            #expect(response["connection"] == "close")
            #expect(response.text.hasSuffix("line 1000\n"))
            #expect(client.isClosed)
        }
    }

    @Test func `connection close is kept`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(try await client.response()["connection"] == "close")
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test func `continue is said when the handler wants the body, and not before`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            let head = "HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
            try await client.send("POST /echo \(head)")
            #expect(try await client.response().status == 100)
            try await client.send("abc")
            #expect(try await client.response().text == "abc")
            try await client.send("POST /ignore \(head)")
            let refused = try await client.response()
            #expect(refused.status == 415)
            // Whether the body follows all the same is anybody's guess, so the connection ends.
            #expect(refused["connection"] == "close")
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test func `an unread small body is read past and a large one ends the connection`()
        async throws
    {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
            #expect(try await client.response().status == 415)
            try await client.send("defghiGET /next HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await client.response().text == "/next")
            try await client.send(
                "POST /ignore HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\nabc")
            let response = try await client.response()
            #expect(response.status == 415)
            #expect(response["connection"] == "close")
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\n\r\n", 400),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            400
        ),
        ("GET nowhere HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("CONNECT a:1 HTTP/1.1\r\nHost: x\r\n\r\n", 501),
        ("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 0),
        ("PRI * HTTP/3.0\r\n\r\n", 505),
    ])
    func `a malformed request is answered and the connection closed`(
        text: String, status: Int
    ) async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send(text)
            if status > 0 {
                let response = try await client.response()
                #expect(response.status == status)
                #expect(response["connection"] == "close")
            }
            _ = try await client.receiveToEnd()
            #expect(client.isClosed)
        }
    }

    @Test func `bad chunking in the middle of a body is a bad request`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "3\r\nabc\r\nzz\r\n")
            #expect(try await client.response().status == 400)
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test func `a thrown error is answered`() async throws {
        struct Unknown: Error {}
        try await TestServer(handler: { request in
            if request.path == "/known" { throw HTTPError(.conflict, "Taken.") }
            throw Unknown()
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET /known HTTP/1.1\r\nHost: x\r\n\r\n")
            let known = try await client.response()
            #expect(known.status == 409)
            #expect(known.text == "Taken.")
            try await client.send("GET /unknown HTTP/1.1\r\nHost: x\r\n\r\n")
            let unknown = try await client.response()
            #expect(unknown.status == 500)
            #expect(unknown.text == "Internal Server Error")
        }
    }

    @Test func `a stream that fails midway never looks complete`() async throws {
        struct Broken: Error {}
        try await TestServer(handler: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write(Array("part".utf8))
                    throw Broken()
                })
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let bytes = try await client.receiveToEnd()
            #expect(!String(decoding: bytes, as: UTF8.self).hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `header values cannot start new headers`() async throws {
        try await TestServer(handler: { _ in
            .text(.ok, "a", headers: ["location": "/x\r\nset-cookie: evil"])
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            let response = try await client.response()
            #expect(response["set-cookie"] == nil)
            #expect(response["location"] == "/x  set-cookie: evil")
        }
    }

    @Test func `a client that vanishes midway cancels the handler`() async throws {
        let outcome = Outcome<HTTPBodyError>()
        try await TestServer(handler: { request in
            do {
                return .bytes(.ok, try await request.body.collect(upTo: 1000), contentType: "a/b")
            } catch let error as HTTPBodyError {
                // Cancellation follows the body's end at once, if it did not precede it.
                for _ in 0..<1000 where !Task.isCancelled { await Task.yield() }
                outcome.set(error)
                throw error
            }
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nabc")
            try await Task.sleep(for: .milliseconds(50))
            await client.close()
            #expect(await outcome.value() == .clientGone)
        }
    }

    @Test func `a client that vanishes while waiting cancels the handler`() async throws {
        let outcome = Outcome<Bool>()
        try await TestServer(handler: { _ in
            try? await Task.sleep(for: .seconds(20))
            outcome.set(Task.isCancelled)
            return .text(.ok, "late")
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            try await Task.sleep(for: .milliseconds(50))
            await client.close()
            #expect(await outcome.value())
        }
    }

    @Test func `a slow reader holds up the writer`() async throws {
        let written = Mutex(0)
        try await TestServer(handler: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    for _ in 0..<1000 {
                        try await writer.write([UInt8](repeating: 1, count: 64 << 10))
                        written.withLock { $0 += 64 << 10 }
                    }
                })
        }).run { port, _ in
            let client = try await RawClient.connect(port: port, reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            try await Task.sleep(for: .milliseconds(300))
            // What the two kernels' socket buffers take is not ours to bound.
            #expect(written.withLock { $0 } < 32 << 20)
            try await client.startReading()
            let bytes = try await client.receiveToEnd(within: patience)
            #expect(bytes.count > 1000 * 64 << 10)
            #expect(bytes.suffix(5) == Array("0\r\n\r\n".utf8)[...])
        }
    }

    @Test func `a slow handler holds up the sender`() async throws {
        let gate = Outcome<Bool>()
        try await TestServer(handler: { request in
            _ = await gate.value()
            var count = 0
            for try await chunk in request.body { count += chunk.count }
            return .text(.ok, "\(count)")
        }).run { port, server in
            let client = try await RawClient.connect(port: port)
            let size = 60 << 20
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            async let sent: Void = client.send([UInt8](repeating: 1, count: size))
            try await Task.sleep(for: .milliseconds(300))
            #expect(server.openBodyBytes < 1 << 20)
            gate.set(true)
            try await sent
            #expect(try await client.response(within: patience).text == "\(size)")
            #expect(server.openBodyBytes == 0)
        }
    }

    @Test func `curl agrees`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let body = (0..<2_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
            for options in [[], ["-H", "Transfer-Encoding: chunked"], ["--http2-prior-knowledge"]] {
                let result = try await run(
                    "curl",
                    ["-s", "--data-binary", "@-", "http://127.0.0.1:\(port)/echo"] + options,
                    input: body)
                #expect(result.status == 0)
                #expect(result.output == body)
            }
        }
    }
}

/// A value that somebody sets once and somebody else waits for.
final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<(value: Value?, waiters: [CheckedContinuation<Value, Never>])>(
        (nil, []))

    func set(_ value: Value) {
        let waiters = state.withLock { state in
            defer { state = (value, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume(returning: value) }
    }

    func value() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiters.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
