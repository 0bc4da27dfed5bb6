import HTTPMessages
import HTTPServing
import HTTPTestSupport
import Logging
import Testing

struct TLSTests {
    /// Makes a CA, a server certificate for 127.0.0.1 and a client certificate.
    private func withCertificates(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let script = """
                set -e; cd '\(folder)'
                openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
                  -keyout ca.key -out ca.pem -subj /CN=ca
                for who in server client; do
                  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
                    -keyout $who.key -out $who.csr -subj /CN=$who
                  printf 'subjectAltName=IP:127.0.0.1' > $who.ext
                  openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
                    -extfile $who.ext -out $who.pem
                done
                openssl ec -in server.key -aes128 -passout pass:secret -out locked.key
                """
            #expect(try await run("bash", ["-c", script]).status == 0)
            try await body(folder)
        }
    }

    @Test func `ALPN chooses the protocol and both work on one port`() async throws {
        try await withCertificates { folder in
            let tls = TLSFiles(
                certificateFile: folder + "/server.pem", keyFile: folder + "/server.key")
            try await TestServer(
                tls: tls,
                handler: { request in
                    let count = try await request.body.collect(upTo: 9 << 20).count
                    return .text(.ok, "\(request.version) \(request.isSecure) \(count)")
                }
            ).run { port, _ in
                let url = "https://127.0.0.1:\(port)/"
                let body = [UInt8](repeating: 1, count: 3_000_000)
                for (option, expected) in [
                    ("--http1.1", "http11 true 3000000"), ("--http2", "http2 true 3000000"),
                ] {
                    let result = try await run(
                        "curl",
                        ["-s", option, "--cacert", folder + "/ca.pem", "--data-binary", "@-", url],
                        input: body)
                    #expect(String(decoding: result.output, as: UTF8.self) == expected)
                }
            }
        }
    }

    @Test func `client certificates are demanded where a CA is given`() async throws {
        try await withCertificates { folder in
            let tls = TLSFiles(
                certificateFile: folder + "/server.pem", keyFile: folder + "/locked.key",
                keyPassword: "secret", clientCAFile: folder + "/ca.pem")
            try await TestServer(tls: tls, handler: echoHandler).run { port, _ in
                let options = ["-s", "--cacert", folder + "/ca.pem", "https://127.0.0.1:\(port)/a"]
                let without = try await run("curl", options)
                #expect(without.status != 0)
                let with = try await run(
                    "curl",
                    options + ["--cert", folder + "/client.pem", "--key", folder + "/client.key"])
                #expect(String(decoding: with.output, as: UTF8.self) == "/a")
            }
        }
    }

    @Test func `a connection that never shakes hands is closed`() async throws {
        try await withCertificates { folder in
            let tls = TLSFiles(
                certificateFile: folder + "/server.pem", keyFile: folder + "/server.key")
            try await TestServer(
                tls: tls, configure: { $0.limits.headerTimeout = .milliseconds(200) },
                handler: echoHandler
            ).run { port, _ in
                let silent = try await RawClient.connect(port: port)
                let plain = try await RawClient.connect(port: port)
                try? await plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                _ = try await silent.receiveToEnd()
                _ = try await plain.receiveToEnd()
            }
        }
    }

    @Test func `files that do not fit are told in a sentence`() async throws {
        try await withCertificates { folder in
            for files in [
                TLSFiles(certificateFile: folder + "/none.pem", keyFile: folder + "/server.key"),
                TLSFiles(certificateFile: folder + "/server.pem", keyFile: folder + "/none.key"),
                TLSFiles(certificateFile: folder + "/server.pem", keyFile: folder + "/client.key"),
                TLSFiles(certificateFile: folder + "/server.pem", keyFile: folder + "/server.pem"),
                TLSFiles(
                    certificateFile: folder + "/server.pem", keyFile: folder + "/locked.key",
                    keyPassword: "wrong"),
            ] {
                let error = #expect(throws: HTTPServerError.self) {
                    _ = try HTTPServer(
                        configuration: HTTPServerConfiguration(
                            host: "127.0.0.1", port: 0, tls: files),
                        logger: Logger(label: "test"), handler: echoHandler)
                }
                #expect(error?.code == .tlsFiles)
            }
        }
    }
}
