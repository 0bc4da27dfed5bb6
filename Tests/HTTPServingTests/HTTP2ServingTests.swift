import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Testing

struct HTTP2ServingTests {
    @Test func `requests and bodies pass both ways`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            let get = try await client.get("/abc")
            #expect(get.status == 200)
            #expect(get.text == "/abc")
            #expect(get["content-length"] == "4")
            let stream = try await client.open("POST", "/size", ends: false)
            try await client.sendBody([UInt8](repeating: 1, count: 500_000), on: stream)
            #expect(try await client.response(on: stream).text == "500000")
            let head = try await client.open("HEAD", "/abc")
            let response = try await client.response(on: head)
            #expect(response["content-length"] == "4")
            #expect(response.body.isEmpty)
        }
    }

    @Test func `streams run side by side`() async throws {
        let gate = Outcome<Bool>()
        try await TestServer(handler: { request in
            if request.path == "/slow" { _ = await gate.value() }
            return .text(.ok, request.path)
        }).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            let slow = try await client.open("GET", "/slow")
            #expect(try await client.get("/fast").text == "/fast")
            gate.set(true)
            #expect(try await client.response(on: slow).text == "/slow")
        }
    }

    @Test func `an early answer stops the upload without blame`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            let stream = try await client.open("POST", "/ignore", ends: false)
            let response = try await client.response(on: stream)
            #expect(response.status == 415)
            let reset = try await client.frame()
            #expect(reset.kind == .reset)
            #expect(reset.errorCode == 0)
            #expect(try await client.get("/next").text == "/next")
        }
    }

    @Test func `continue is said when the handler wants the body`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            let stream = try await client.open(
                "POST", "/echo", [("expect", "100-continue")], ends: false)
            #expect(try await client.frame().kind == .headers)
            try await client.sendBody([65], on: stream)
            #expect(try await client.response(on: stream).text == "A")
        }
    }

    @Test func `a reset cancels the handler`() async throws {
        let outcome = Outcome<HTTPBodyError?>()
        try await TestServer(handler: { request in
            do {
                _ = try await request.body.collect(upTo: 1000)
                outcome.set(nil)
            } catch let error as HTTPBodyError {
                outcome.set(error)
            }
            return .text(.ok, "")
        }).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            let stream = try await client.open("POST", "/", ends: false)
            try await client.sendBody([1], on: stream, ends: false)
            try await client.send(
                HTTP2Frame(.reset, stream: stream, payload: HTTP2Frame.bytes(8, 4)))
            #expect(await outcome.value() == .clientGone)
        }
    }

    @Test func `a broken stream is reset`() async throws {
        struct Broken: Error {}
        try await TestServer(handler: { _ in
            HTTPResponse(
                .ok,
                body: .stream { writer in
                    try await writer.write([1])
                    throw Broken()
                })
        }).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            #expect(try await client.get("/").resetCode != nil)
        }
    }

    @Test func `a sender is held up by the window of its stream`() async throws {
        let gate = Outcome<Bool>()
        try await TestServer(handler: { request in
            _ = await gate.value()
            return .text(.ok, "\(try await request.body.collect(upTo: 9 << 20).count)")
        }).run { port, server in
            let upload = Task {
                try await run(
                    "curl",
                    [
                        "-s", "--http2-prior-knowledge", "--data-binary", "@-",
                        "http://127.0.0.1:\(port)/",
                    ], input: [UInt8](repeating: 1, count: 8 << 20))
            }
            try await wait { server.openBodyBytes >= 1 << 20 }
            try await Task.sleep(for: .milliseconds(100))
            #expect(server.openBodyBytes == 1 << 20)
            gate.set(true)
            #expect(String(decoding: try await upload.value.output, as: UTF8.self) == "8388608")
        }
    }

    @Test func `nghttp agrees`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let result = try await run(
                "nghttp", ["http://127.0.0.1:\(port)/a", "http://127.0.0.1:\(port)/stream"])
            #expect(result.status == 0)
            #expect(String(decoding: result.output, as: UTF8.self).contains("line 1000\n"))
        }
    }

    // MARK: Hostile clients

    @Test func `a broken preface ends the connection`() async throws {
        try await TestServer(handler: echoHandler).run { port, server in
            let client = try await RawClient.connect(port: port)
            try await client.send("PRI * HTTP/2.0\r\n\r\nGARBAGE GARBAGE GARBAGE")
            _ = try await client.receiveToEnd()
            #expect(client.isClosed)
            #expect(try await HTTP2TestClient.connect(port: port).get("/a").status == 200)
        }
    }

    @Test(arguments: [
        // DATA on stream 0, HEADERS on an even stream, SETTINGS of a wrong length, WINDOW_UPDATE of
        // zero, an oversized frame, CONTINUATION out of place, PING of a wrong length, broken HPACK.
        HTTP2Frame(.data, stream: 0, payload: [1]),
        HTTP2Frame(.headers, flags: 5, stream: 2, payload: [0x82]),
        HTTP2Frame(.settings, payload: [1, 2, 3]),
        HTTP2Frame(.windowUpdate, payload: [0, 0, 0, 0]),
        HTTP2Frame(.ping, payload: [UInt8](repeating: 0, count: 100_000)),
        HTTP2Frame(.continuation, flags: 4, stream: 1, payload: []),
        HTTP2Frame(.ping, payload: [1]),
        HTTP2Frame(.headers, flags: 5, stream: 1, payload: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        HTTP2Frame(.push, flags: 4, stream: 1, payload: [0, 0, 0, 2]),
    ])
    func `a malformed frame ends the connection and no other`(frame: HTTP2Frame) async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            #expect(try await client.get("/a").status == 200)
            try await client.send(frame)
            #expect(try await client.goAway() > 0)
            _ = try await client.raw.receiveToEnd()
            #expect(try await HTTP2TestClient.connect(port: port).get("/a").status == 200)
        }
    }

    @Test(arguments: [
        [(":method", "GET"), (":path", "/")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("Upper", "case")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("connection", "close")],
        [(":method", "GET"), (":scheme", "http"), (":path", "")],
        [(":method", "GET"), (":method", "GET"), (":scheme", "http"), (":path", "/")],
        [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("a", "b\r\nc")],
    ])
    func `a malformed head resets its stream alone`(fields: [(String, String)]) async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            try await client.send(
                HTTP2Frame(
                    .headers, flags: 5, stream: 1, payload: HTTP2TestClient.block(fields)))
            let response = try await client.response(on: 1)
            #expect(response.resetCode == 1 || response.status == 400)
        }
    }

    @Test func `random bytes after the preface never hurt the server`() async throws {
        try await TestServer(handler: echoHandler).run { port, server in
            for _ in 0..<50 {
                let client = try await RawClient.connect(port: port)
                let noise = (0..<3000).map { _ in UInt8.random(in: .min ... .max) }
                try? await client.send(HTTP2TestClient.preface + noise)
                await client.close()
            }
            #expect(try await HTTP2TestClient.connect(port: port).get("/a").status == 200)
        }
    }

    @Test func `rapid resets end in a call to calm`() async throws {
        try await TestServer(
            configure: { $0.limits.resetsForgivenPerSecond = 0 },
            handler: { _ in
                try await Task.sleep(for: .seconds(30))
                return .text(.ok, "")
            }
        ).run { port, server in
            let client = try await HTTP2TestClient.connect(port: port)
            for _ in 0..<30 {
                for _ in 0..<20 {
                    guard let stream = try? await client.open() else { break }
                    try? await client.send(
                        HTTP2Frame(.reset, stream: stream, payload: HTTP2Frame.bytes(8, 4)))
                }
            }
            #expect(try await client.goAway() == 11)
            _ = try await client.raw.receiveToEnd()
            // Every handler has been cancelled.
            try await wait { server.requestCount == 0 }
            #expect(server.requestCount == 0)
        }
    }

    @Test func `resets that a client provokes count too`() async throws {
        try await TestServer(
            configure: {
                $0.limits.resetBurst = 50
                // A slow machine must not be forgiven its resets while it makes them.
                $0.limits.resetsForgivenPerSecond = 0
            },
            handler: { _ in
                try await Task.sleep(for: .seconds(30))
                return .text(.ok, "")
            }
        ).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            for _ in 0..<200 {
                guard let stream = try? await client.open() else { break }
                try? await client.send(
                    // A window past 2^31 - 1 is an error of the stream alone.
                    HTTP2Frame(.windowUpdate, stream: stream, payload: [127, 255, 255, 255]))
            }
            #expect(try await client.goAway() == 11)
        }
    }

    @Test func `a flood of continuations ends the connection`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            try await client.send(
                HTTP2Frame(
                    .headers, stream: 1,
                    payload: HTTP2TestClient.block(HTTP2TestClient.request())))
            for index in 0..<2000 {
                let fields = [("x-\(index)", String(repeating: "y", count: 500))]
                guard
                    (try? await client.send(
                        HTTP2Frame(
                            .continuation, stream: 1, payload: HTTP2TestClient.block(fields))))
                        != nil
                else { break }
            }
            // The end of a connection that the client still writes to may overtake its reason.
            if let reason = try? await client.goAway() {
                #expect(reason > 0)
            } else {
                #expect(client.raw.isClosed)
            }
        }
    }

    @Test func `a header block that inflates without end ends the connection`() async throws {
        try await TestServer(handler: echoHandler).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            // One field of 3,900 bytes enters the table (0x40: with indexing); then a byte each
            // (0xBE: index 62) repeats it 12,000 times: 46 MB out of 16 KB.
            var block = HTTP2TestClient.block(HTTP2TestClient.request())
            var field = HTTP2TestClient.block([("x", String(repeating: "y", count: 3900))])
            field[0] = 0x40
            block += field + [UInt8](repeating: 0xBE, count: 12_000)
            try await client.send(HTTP2Frame(.headers, flags: 5, stream: 1, payload: block))
            #expect(try await client.goAway() == 11)
        }
    }

    @Test(arguments: [HTTP2Frame.Kind.ping, .settings])
    func `a flood of control frames ends the connection`(kind: HTTP2Frame.Kind) async throws {
        try await TestServer(configure: { $0.limits.idleFrameBurst = 1000 }, handler: echoHandler)
            .run {
                port, _ in
                let client = try await HTTP2TestClient.connect(port: port)
                let frame = HTTP2Frame(
                    kind, payload: kind == .ping ? [0, 1, 2, 3, 4, 5, 6, 7] : [])
                let many = (0..<1000).flatMap { _ in frame.encoded }
                for _ in 0..<20 { try? await client.raw.send(many) }
                #expect(try await client.goAway() == 11)
            }
    }

    @Test func `more streams than allowed are refused one by one`() async throws {
        let gate = Outcome<Bool>()
        try await TestServer(
            configure: { $0.limits.concurrentStreams = 4 },
            handler: { _ in
                _ = await gate.value()
                return .text(.ok, "done")
            }
        ).run { port, _ in
            defer { gate.set(true) }
            let client = try await HTTP2TestClient.connect(port: port, acknowledges: false)
            var streams: [Int] = []
            for _ in 0..<5 { streams.append(try await client.open()) }
            let refused = try await client.response(on: streams[4])
            #expect(refused.resetCode == 7)
            gate.set(true)
            #expect(try await client.response(on: streams[0]).text == "done")
        }
    }
}
