import Compression
import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Testing

/// One after the other, for they measure time.
@Suite(.serialized) struct ServerLimitTests {
    private static func short(_ configuration: inout HTTPServerConfiguration) {
        configuration.limits.headerTimeout = .seconds(1)
        configuration.limits.bodyIdleTimeout = .seconds(1)
        configuration.limits.writeIdleTimeout = .seconds(1)
        configuration.limits.lingerTimeout = .milliseconds(500)
    }

    @Test func `slow headers end in a timeout`() async throws {
        try await TestServer(configure: Self.short, handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\nHo")
            let response = try await client.response()
            #expect(response.status == 408)
            #expect(try await client.receiveToEnd() == [])
        }
    }

    @Test func `headers that drip do not extend their time`() async throws {
        try await TestServer(configure: Self.short, handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("GET / HTTP/1.1\r\n")
            for _ in 0..<1000 where !client.isClosed {
                try? await client.send("A: b\r\n")
                try await Task.sleep(for: .milliseconds(25))
            }
            #expect(try await client.response().status == 408)
        }
    }

    @Test func `a slow body ends in a timeout`() async throws {
        try await TestServer(configure: Self.short, handler: echoHandler).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
            #expect(try await client.response().status == 408)
            #expect(try await client.receiveToEnd() == [])
            let second = try await HTTP2TestClient.connect(port: port)
            let stream = try await second.open("POST", "/echo", ends: false)
            #expect(try await second.response(on: stream).status == 408)
            #expect(try await second.get("/next").status == 200)
        }
    }

    @Test func `a body that goes on arriving is not timed out`() async throws {
        try await TestServer(
            configure: { $0.limits.bodyIdleTimeout = .seconds(5) }, handler: echoHandler
        ).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\n")
            for _ in 0..<12 {
                try await Task.sleep(for: .milliseconds(450))
                try await client.send("a")
            }
            #expect(try await client.response().text == "aaaaaaaaaaaa")
        }
    }

    @Test func `a handler that takes its time is no timeout`() async throws {
        try await TestServer(
            configure: Self.short,
            handler: { request in
                try await Task.sleep(for: .milliseconds(1500))
                return .text(.ok, "\(try await request.body.collect(upTo: 10).count)")
            }
        ).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            #expect(try await client.response().text == "3")
            #expect(try await HTTP2TestClient.connect(port: port).get("/").text == "0")
        }
    }

    @Test func `an idle connection is closed`() async throws {
        try await TestServer(
            configure: { $0.limits.keepAliveTimeout = .seconds(1) }, handler: echoHandler
        ).run { port, server in
            let silent = try await RawClient.connect(port: port)
            let used = try await RawClient.connect(port: port)
            try await used.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await used.response().status == 200)
            let second = try await HTTP2TestClient.connect(port: port)
            #expect(try await second.get("/").status == 200)
            #expect(try await silent.receiveToEnd() == [])
            #expect(try await used.receiveToEnd() == [])
            #expect(try await second.goAway() == 0)
            _ = try await second.raw.receiveToEnd()
            try await wait { server.connectionCount == 0 }
            #expect(server.connectionCount == 0)
        }
    }

    @Test func `half a preface and half a header block end in a timeout`() async throws {
        try await TestServer(configure: Self.short, handler: echoHandler).run { port, _ in
            let sniffed = try await RawClient.connect(port: port)
            try await sniffed.send("PRI * HT")
            let halfway = try await RawClient.connect(port: port)
            try? await halfway.send("PRI * HTTP/2.0\r\n\r\nSM")
            let block = try await HTTP2TestClient.connect(port: port)
            try? await block.send(HTTP2Frame(.headers, stream: 1, payload: [0x82]))
            _ = try await sniffed.receiveToEnd()
            _ = try await halfway.receiveToEnd()
            _ = try await block.raw.receiveToEnd()
        }
    }

    @Test func `a client that stops reading is given up`() async throws {
        let outcome = Outcome<Bool>()
        try await TestServer(
            configure: Self.short,
            handler: { _ in
                HTTPResponse(
                    .ok,
                    body: .stream { writer in
                        do {
                            while true {
                                try await writer.write([UInt8](repeating: 1, count: 65_536))
                            }
                        } catch {
                            outcome.set(true)
                            throw error
                        }
                    })
            }
        ).run { port, _ in
            let client = try await RawClient.connect(port: port, reads: false)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await outcome.value())
            await client.close()
        }
    }

    @Test func `an HTTP 2 window that stays shut is given up`() async throws {
        try await TestServer(
            configure: Self.short,
            handler: { _ in .bytes(.ok, [UInt8](repeating: 1, count: 1 << 20), contentType: "a/b") }
        ).run { port, _ in
            let client = try await HTTP2TestClient.connect(port: port)
            #expect(try await client.get("/").resetCode == 8)
        }
    }

    @Test func `heads beyond the limits are refused on both protocols`() async throws {
        try await TestServer(
            configure: {
                $0.limits.headerBytes = 1000
                $0.limits.targetBytes = 500
                $0.limits.headerCount = 10
            }, handler: echoHandler
        ).run { port, _ in
            let long = String(repeating: "a", count: 2000)
            let many = (0..<20).map { ("x-\($0)", "y") }
            for (path, headers, status) in [
                ("/" + long, [], 414), ("/", [("x", long)], 431), ("/", many, 431),
            ] as [(String, [(String, String)], Int)] {
                let first = try await RawClient.connect(port: port)
                let lines = headers.map { "\($0): \($1)\r\n" }.joined()
                try await first.send("GET \(path) HTTP/1.1\r\nHost: x\r\n\(lines)\r\n")
                #expect(try await first.response().status == status)
                let second = try await HTTP2TestClient.connect(port: port)
                let stream = try await second.open("GET", path, headers)
                #expect(try await second.response(on: stream).status == status)
                #expect(try await second.get("/next").status == 200)
            }
        }
    }

    @Test func `bodies beyond the limit are refused on both protocols`() async throws {
        try await TestServer(
            configure: { $0.limits.bodyBytes = 1000 }, handler: echoHandler
        ).run { port, _ in
            let body = [UInt8](repeating: 65, count: 1001)
            let announced = try await RawClient.connect(port: port)
            try await announced.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
            #expect(try await announced.response().status == 413)
            let chunked = try await RawClient.connect(port: port)
            try await chunked.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n")
            try await chunked.send(body)
            #expect(try await chunked.response().status == 413)
            let second = try await HTTP2TestClient.connect(port: port)
            let told = try await second.open(
                "POST", "/echo", [("content-length", "1001")], ends: false)
            #expect(try await second.response(on: told).status == 413)
            let untold = try await second.open("POST", "/echo", ends: false)
            try await second.sendBody(body, on: untold, ends: false)
            #expect(try await second.response(on: untold).status == 413)
            let right = try await second.open("POST", "/echo", ends: false)
            try await second.sendBody(Array(body.dropLast()), on: right)
            #expect(try await second.response(on: right).body.count == 1000)
        }
    }

    @Test func `a handler's own limit is kept while bytes arrive`() async throws {
        try await TestServer(handler: { request in
            .text(.ok, "\(try await request.body.collect(upTo: 10).count)")
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "b\r\nhello world\r\n")
            #expect(try await client.response().status == 413)
        }
    }

    @Test func `a path that takes its body in parts may have a longer one`() async throws {
        try await TestServer(
            configure: {
                $0.limits.bodyBytes = 1000
                // A connection may read some hundred KiB at once before it waits for the handler.
                $0.limits.openBodyBytes = 3_000_000
                $0.limits.streamedBodyBytes = ["/count": 1_000_000, "/ignore": 50_000_000]
            }, handler: echoHandler
        ).run { port, server in
            let holder = try await RawClient.connect(port: port)
            try await holder.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
            try await wait { server.openBodyBytes > 0 }
            for (path, count, status) in [
                ("/ignore", 40_000_000, 415), ("/ignore", 50_000_001, 413),
                ("/count", 1_000_001, 413), ("/echo", 1001, 413),
            ] {
                let client = try await RawClient.connect(port: port)
                try await client.send(
                    "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(count)\r\n\r\n")
                #expect(try await client.response().status == status)
            }
            let body = [UInt8](repeating: 7, count: 1_000_000)
            let told = try await RawClient.connect(port: port)
            try await told.send(
                "POST /count?a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            try await told.send(body)
            #expect(try await told.response().text == "1000000")
            let untold = try await RawClient.connect(port: port)
            try await untold.send(
                "POST /count HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            try await untold.send(Array("f4241\r\n".utf8) + body + Array("a\r\n".utf8))
            #expect(try await untold.response().status == 413)
            let second = try await HTTP2TestClient.connect(port: port)
            let stream = try await second.open("POST", "/count", ends: false)
            try await second.sendBody(body, on: stream)
            #expect(try await second.response(on: stream).body == Array("1000000".utf8))
        }
    }

    @Test func `a server full of bodies refuses more with advice and recovers`() async throws {
        let gate = Outcome<Bool>()
        try await TestServer(
            configure: { $0.limits.openBodyBytes = 100_000 },
            handler: { request in
                let bytes = try await request.body.collect(upTo: 1 << 20)
                if request.path == "/hold" { _ = await gate.value() }
                return .text(.ok, "\(bytes.count)")
            }
        ).run { port, server in
            defer { gate.set(true) }
            let holder = try await RawClient.connect(port: port)
            try await holder.send(
                "POST /hold HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n")
            try await holder.send([UInt8](repeating: 1, count: 90_000))
            try await wait { server.openBodyBytes >= 90_000 }
            #expect(server.openBodyBytes == 90_000)

            let announced = try await RawClient.connect(port: port)
            try await announced.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
            let refused = try await announced.response()
            #expect(refused.status == 503)
            #expect(refused["retry-after"] == "1")
            let second = try await HTTP2TestClient.connect(port: port)
            let stream = try await second.open("POST", "/", ends: false)
            try await second.sendBody([UInt8](repeating: 1, count: 20_000), on: stream)
            let overflowing = try await second.response(on: stream)
            #expect(overflowing.status == 503)
            #expect(overflowing["retry-after"] == "1")
            #expect(try await second.get("/").status == 200)

            gate.set(true)
            #expect(try await holder.response().text == "90000")
            #expect(server.openBodyBytes == 0)
        }
    }

    @Test func `connections beyond the limit are closed and later ones served`() async throws {
        try await TestServer(
            configure: { $0.limits.connections = 3 }, handler: echoHandler
        ).run { port, server in
            var clients: [RawClient] = []
            for _ in 0..<3 {
                let client = try await RawClient.connect(port: port)
                try await client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await client.response().status == 200)
                clients.append(client)
            }
            let excess = try await RawClient.connect(port: port)
            #expect(try await excess.receiveToEnd() == [])
            await clients.removeLast().close()
            try await wait { server.connectionCount <= 2 }
            let next = try await RawClient.connect(port: port)
            try await next.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await next.response().status == 200)
        }
    }

    @Test func `thousands of idle connections leave room for work`() async throws {
        try await TestServer(handler: echoHandler).run { port, server in
            var clients: [RawClient] = []
            for _ in 0..<30 {
                try await withThrowingTaskGroup(of: RawClient.self) { group in
                    for _ in 0..<100 { group.addTask { try await .connect(port: port) } }
                    for try await client in group { clients.append(client) }
                }
            }
            try await wait { server.connectionCount >= 3000 }
            #expect(server.connectionCount == 3000)
            let worker = try await RawClient.connect(port: port)
            for _ in 0..<100 {
                try await worker.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await worker.response().text == "/a")
            }
            for client in clients { await client.close() }
        }
    }

    @Test func `a bomb of gzip is refused by whoever inflates it`() async throws {
        // Members one after the other inflate to 256 MiB.
        let member = GzipCompressor.compress([UInt8](repeating: 0, count: 16 << 20), level: 9)
        let bomb = [[UInt8]](repeating: member, count: 16).flatMap { $0 }
        try await TestServer(handler: { request in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            do {
                let content = try ContentCoding.gzip.decompress(bytes, limit: 8 << 20)
                return .text(.ok, "\(content.count)")
            } catch {
                throw HTTPError(.contentTooLarge, "\(error)")
            }
        }).run { port, _ in
            let client = try await RawClient.connect(port: port)
            try await client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(bomb.count)\r\n\r\n")
            try await client.send(bomb)
            #expect(try await client.response().status == 413)
        }
    }
}
