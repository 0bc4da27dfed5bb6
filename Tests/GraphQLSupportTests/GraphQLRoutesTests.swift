import BinaryText
import Cryptography
import GraphQLCore
import GraphQLSupport
import HTTPMessages
import JSON
import PhoenixModel
import Testing

@Suite struct GraphQLRoutesTests {
    private static let streams = "multipart/mixed;subscriptionSpec=1.0,application/json"

    @Test func `a query is answered with its data`() async throws {
        let answer = try await GraphQLFixture().post(
            #"{"query":"query($n:String){hello(name:$n)}","variables":{"n":"Ada"}}"#)
        #expect(answer.status == 200)
        #expect(answer.contentType == "application/json")
        #expect(answer.text == #"{"data":{"hello":"hello Ada"}}"#)
    }

    @Test(arguments: [
        ("", "Unable to parse request body as JSON"),
        ("nope", "Unable to parse request body as JSON"),
        (#"{"query":"{hello}"} x"#, "Unable to parse request body as JSON"),
        ("[]", "Batching is not enabled"),
        (#"[{"query":"{hello}"}]"#, "Batching is not enabled"),
        ("{}", "No GraphQL query found in the request"),
        (#"{"query":null}"#, "No GraphQL query found in the request"),
        (#"{"query":""}"#, "No GraphQL query found in the request"),
        ("null", "The request body must be a JSON object."),
        ("1", "The request body must be a JSON object."),
        (
            #"{"query":1}"#,
            "The GraphQL operation's `query` must be a string or null, if provided."
        ),
        (
            #"{"query":"{hello}","variables":[]}"#,
            "The GraphQL operation's `variables` must be an object or null, if provided."
        ),
        (
            #"{"query":"{hello}","extensions":1}"#,
            "The GraphQL operation's `extensions` must be an object or null, if provided."
        ),
        (#"{"query":"{hello}","operationName":"x"}"#, #"Unknown operation named "x"."#),
        (#"{"query":"{hello}","operationName":""}"#, #"Unknown operation named ""."#),
        (#"{"query":"{hello}","operationName":1}"#, #"Unknown operation named "1"."#),
        (
            #"{"query":"fragment A on Query {hello}"}"#, "Can't get GraphQL operation type"
        ),
    ])
    func `a malformed request is refused as the contract has it`(
        _ body: String, _ message: String
    ) async throws {
        let answer = try await GraphQLFixture().post(body)
        #expect(answer.status == 400)
        #expect(answer.contentType == "text/plain; charset=utf-8")
        #expect(answer.text == message)
    }

    @Test(arguments: ["text/plain", "application/graphql", "application/x-json", ""])
    func `a body that is not declared as JSON is refused`(_ type: String) async throws {
        let answer = try await GraphQLFixture().post(#"{"query":"{hello}"}"#, contentType: type)
        #expect(answer.status == 400)
        #expect(answer.text == "Unsupported content type")
    }

    @Test func `an invalid document is answered with errors and null`() async throws {
        let answer = try await GraphQLFixture().post(#"{"query":"{nope}"}"#)
        #expect(answer.status == 200)
        #expect(
            answer.text
                == #"{"data":null,"errors":[{"message":"Cannot query field 'nope' on type 'Query'. Did you mean 'node'?","locations":[{"line":1,"column":2}]}]}"#
        )
    }

    @Test func `of several operations the first runs when none is named`() async throws {
        let fixture = try GraphQLFixture()
        let body = #"{"query":"query A{a:hello} query B{b:hello}""#
        #expect(try await fixture.post(body + "}").text == #"{"data":{"a":"hello you"}}"#)
        #expect(
            try await fixture.post(body + #","operationName":"B"}"#).text
                == #"{"data":{"b":"hello you"}}"#)
    }

    // MARK: GET

    @Test func `a query in a URL is answered`() async throws {
        let answer = try await GraphQLFixture().get(
            "query=query(%24n:String)%7Bhello(name:%24n)%7D&variables=%7B%22n%22:%22Bo%22%7D")
        #expect(answer.text == #"{"data":{"hello":"hello Bo"}}"#)
    }

    @Test(arguments: [
        ("query=mutation%7Bchange%7D", "mutations are not allowed when using GET"),
        ("query=%7Bhello%7D&variables=nope", "Unable to parse request body as JSON"),
        ("query=", "No GraphQL query found in the request"),
        ("", "No GraphQL query found in the request"),
    ])
    func `a URL that is no query is refused`(_ query: String, _ message: String) async throws {
        let answer = try await GraphQLFixture().get(query)
        #expect(answer.status == 400)
        #expect(answer.text == message)
    }

    @Test(arguments: ["text/html", "*/*", "application/xml, text/html;q=0.9"])
    func `a browser gets the explorer`(_ accept: String) async throws {
        let answer = try await GraphQLFixture().get("", accept: accept)
        #expect(answer.contentType == "text/html; charset=utf-8")
        #expect(
            try await GraphQLFixture().get("query=%7Bhello%7D", accept: accept).contentType
                == "application/json")
    }

    // MARK: Persisted documents

    @Test func `a persisted query is answered by its hash`() async throws {
        let fixture = try GraphQLFixture()
        let hash = Hexadecimal.encode(SHA256.digest("{hello}".utf8))
        let reference =
            #""extensions":{"persistedQuery":{"version":1,"sha256Hash":"\#(hash)"}}"#
        #expect(
            try await fixture.post("{\(reference)}").text
                == #"{"data":null,"errors":[{"message":"PersistedQueryNotFound"}]}"#)
        for body in [#"{"query":"{hello}",\#(reference)}"#, "{\(reference)}"] {
            #expect(try await fixture.post(body).text == #"{"data":{"hello":"hello you"}}"#)
        }
    }

    @Test func `a document that the server knows is answered by its hash alone`() async throws {
        let fixture = try GraphQLFixture()
        let known = try await fixture.answer(
            HTTPRequest(
                method: .get, path: "/graphql", queryString: "id=AB12&variables={}",
                headers: ["accept": "*/*"]))
        #expect(known.text == #"{"data":{"hello":"hello you"}}"#)
        let unknown = try await fixture.answer(
            HTTPRequest(
                method: .get, path: "/graphql", queryString: "id=cd34"))
        #expect(unknown.status == 200)
        #expect(
            unknown.text == #"{"data":null,"errors":[{"message":"PersistedQueryNotFound"}]}"#)
    }

    @Test func `a hash of another query is refused`() async throws {
        let answer = try await GraphQLFixture().post(
            #"{"query":"{hello}","extensions":{"persistedQuery":{"sha256Hash":"00"}}}"#)
        #expect(answer.status == 400)
        #expect(answer.text == "The SHA-256 hash is not that of the query. Send its own.")
    }

    // MARK: Permissions

    @Test func `nothing changes in read-only mode`() async throws {
        let fixture = try GraphQLFixture(isReadOnly: true)
        #expect(try await fixture.query("{hello}") == #"{"data":{"hello":"hello you"}}"#)
        #expect(
            try await fixture.query("mutation{change}").contains("Application is read-only"))
    }

    @Test func `viewers change nothing`() async throws {
        let fixture = try GraphQLFixture(principal: .user(.viewer))
        #expect(
            try await fixture.query("mutation{change}").contains(
                "Viewers cannot perform this action"))
    }

    @Test func `nothing is added while the disk is full`() async throws {
        let fixture = try GraphQLFixture(block: "The disk is full.")
        #expect(try await fixture.query("mutation{change}").contains("The disk is full."))
    }

    // MARK: Subscriptions

    @Test func `a subscription is a stream of parts`() async throws {
        let answer = try await GraphQLFixture().post(
            #"{"query":"subscription{count(to:2)}"}"#, accept: Self.streams)
        #expect(
            answer.contentType
                == "multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json")
        let head = "\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: "
        #expect(
            answer.text == head + "2\r\n\r\n{}\r\n--graphql"
                + head + "32\r\n\r\n" + #"{"payload":{"data":{"count":0}}}"# + "\r\n--graphql"
                + head + "32\r\n\r\n" + #"{"payload":{"data":{"count":1}}}"# + "\r\n--graphql"
                + "\r\n--graphql--\r\n")
    }

    @Test func `a subscription is streamed where JSON comes first`() async throws {
        let answer = try await GraphQLFixture().post(
            #"{"query":"subscription{count(to:1)}"}"#,
            accept: "application/json, multipart/mixed; subscriptionSpec=\"1.0\"")
        #expect(answer.contentType?.hasPrefix("multipart/mixed") == true)
    }

    @Test(arguments: [
        (#"{"query":"{hello}"}"#, "queries are not allowed"),
        (#"{"query":"mutation{change}"}"#, "mutations are not allowed"),
        (#"{"query":""}"#, #"Request data is missing a \"query\" value"#),
        (#"{"query":"{"}"#, "Syntax Error: Expected Name, found <EOF>."),
        (
            #"{"query":"subscription{count(to:1)}","operationName":"B"}"#,
            #"Unknown operation named \"B\"."#
        ),
    ])
    func `what cannot be streamed is refused inside the stream`(
        _ body: String, _ message: String
    ) async throws {
        let answer = try await GraphQLFixture().post(body, accept: Self.streams)
        #expect(answer.status == 200)
        #expect(
            answer.text.contains(#"{"payload":{"data":null,"errors":[{"message":"\#(message)""#))
        #expect(answer.text.hasSuffix("\r\n--graphql--\r\n"))
    }

    @Test func `a subscription without a stream is an error`() async throws {
        let answer = try await GraphQLFixture().query("subscription{count(to:1)}")
        #expect(answer.contains("A subscription needs a transport"))
    }

    @Test func `a silent subscription has heartbeats`() async throws {
        let fixture = try GraphQLFixture(clock: ImmediateClock())
        let response = try await fixture.router.respond(
            to: HTTPRequest(
                method: .post, path: "/graphql",
                headers: ["content-type": "application/json", "accept": Self.streams],
                body: .bytes(Array(#"{"query":"subscription{silence}"}"#.utf8))))
        guard case .stream(let produce) = response.body else {
            Issue.record("The answer is no stream.")
            return
        }
        let writer = RecordingWriter()
        let task = Task { try await produce(writer) }
        var beats = 0
        for await part in writer.writes where part.hasSuffix("{}\r\n--graphql") {
            beats += 1
            if beats == 4 { break }
        }
        task.cancel()
        _ = await task.result
        var endings = fixture.cancelled.makeAsyncIterator()
        await endings.next()
    }

    // MARK: Clients that leave

    @Test func `work stops when the client has gone`() async throws {
        let fixture = try GraphQLFixture()
        let request = HTTPRequest(
            method: .get, path: "/graphql", queryString: "query=%7Bwait%7D")
        let task = Task { try await fixture.router.respond(to: request) }
        var begun = fixture.begun.makeAsyncIterator()
        await begun.next()
        task.cancel()
        var cancelled = fixture.cancelled.makeAsyncIterator()
        await cancelled.next()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
    }
}

/// A clock whose sleeps end at once.
private struct ImmediateClock: Clock {
    typealias Duration = Swift.Duration
    typealias Instant = ContinuousClock.Instant

    var now: Instant { .now }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        await Task.yield()
    }
}
