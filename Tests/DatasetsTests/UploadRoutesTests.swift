import APISupport
import Compression
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing

@testable import Datasets

@Suite struct UploadRoutesTests {
    private static let path = "/v1/datasets/upload"

    /// The example of a row: `input|output|metadata`, each in JSON.
    private static func shown(_ data: JSONValue?) -> [String] {
        (data?["examples"]?.arrayValue ?? []).map { example in
            ["input", "output", "metadata"].map { example[$0]?.text ?? "?" }.joined(separator: "|")
        }
    }

    private static func service(
        _ body: (DatasetsService) async throws -> Void
    ) async throws {
        try await TestDatabase.sqlite.withDatasetsService(body)
    }

    // MARK: JSON

    @Test func `examples are stored with what belongs to them`() async throws {
        try await Self.service { service in
            let answer = try await service.call(
                .post, Self.path, query: "sync=true",
                body: [
                    "name": "d", "inputs": [["q": 1], ["q": 2]],
                    "outputs": [["a": 1], [:]], "metadata": [[:], ["m": true]],
                    "splits": [" train ", ["train", "test", ""]], "example_ids": ["x", ""],
                ])
            #expect(answer.status == 200)
            #expect(answer.json["data"]?["num_created_examples"] == 2)
            let id = answer.json["data"]?["dataset_id"]?.stringValue ?? ""
            let listed = try await service.get("/v1/datasets/\(id)/examples", "split=test")
            #expect(listed.json["data"]?["filtered_splits"] == ["test"])
            #expect(Self.shown(listed.json["data"]) == [#"{"q":2}|{}|{"m":true}"#])
            let all = try await service.get("/v1/datasets/\(id)/examples")
            #expect(all.json["data"]?["examples"]?[0]?["id"] == "x")
            let dataset = try await service.get("/v1/datasets/\(id)")
            #expect(dataset.json["data"]?["example_count"] == 2)
            #expect(dataset.json["data"]?["description"] == "")
        }
    }

    @Test func `without sync the answer is null and the examples are stored all the same`()
        async throws
    {
        try await Self.service { service in
            let answer = try await service.call(
                .post, Self.path, body: ["name": "d", "inputs": [["q": 1]]])
            #expect(answer.status == 200 && answer.text == "null")
            #expect(try await service.store.datasets(limit: 5).rows.count == 1)
        }
    }

    @Test(arguments: [
        (#"{"inputs":[{}]}"#, "Dataset name is required"),
        (#"{"name":"","inputs":[{}]}"#, "Dataset name is required"),
        (#"{"name":"d"}"#, "input is required"),
        (
            #"{"name":"d","inputs":[1]}"#,
            "Input should be a list containing only dictionary objects"
        ),
        (#"{"name":"d","action":"x","inputs":[]}"#, "Invalid dateset action: x"),
        (
            #"{"name":"d","inputs":[{},{}],"outputs":[{}]}"#,
            "outputs should be a list of same length as input containing only dictionary objects"
        ),
        (
            #"{"name":"d","inputs":[{}],"metadata":[1]}"#,
            "metadata should be a list of same length as input containing only dictionary objects"
        ),
        (
            #"{"name":"d","inputs":[{},{}],"splits":["a"]}"#,
            "splits must have same length as inputs (1 != 2)"
        ),
        (
            #"{"name":"d","inputs":[{}],"splits":[1]}"#,
            "Split value must be a string, list of strings, or None, got int"
        ),
        (
            #"{"name":"d","inputs":[{}],"splits":[["a",1.5]]}"#,
            "Split value must be a string or None, got float"
        ),
        (
            #"{"name":"d","inputs":[{}],"span_ids":[{}]}"#,
            "Span ID must be a string or None, got dict"
        ),
        (
            #"{"name":"d","inputs":[{},{}],"example_ids":["a","a"]}"#,
            "Duplicate example_id in request: 'a'"
        ),
        (
            #"{"name":"d","inputs":[{}],"example_ids":[1]}"#,
            "example_ids must contain only strings or None"
        ),
        (
            #"{"name":"d","inputs":[{"a":NaN}]}"#,
            "The JSON text is not valid at byte 27: A value is missing or not valid."
        ),
        ("[]", "The JSON text is not valid at byte 0: It is no object."),
    ])
    func `what is wrong is said and nothing is stored`(
        body: String, message: String
    ) async throws {
        try await Self.service { service in
            let answer = try await service.call(.post, Self.path, bytes: Array(body.utf8))
            #expect(answer.status == 422)
            #expect(
                answer.text == message
                    || message.contains("not valid at byte") && answer.text.contains("not valid at")
            )
            #expect(try await service.store.datasets(limit: 5).rows.isEmpty)
        }
    }

    @Test func `a name is taken only once`() async throws {
        try await Self.service { service in
            let body: JSONValue = ["name": "d", "inputs": [["q": 1]]]
            #expect(try await service.call(.post, Self.path, body: body).status == 200)
            let answer = try await service.call(.post, Self.path, body: body)
            #expect(answer.status == 409)
            #expect(answer.text == "A dataset named \"d\" already exists.")
        }
    }

    // MARK: Forms

    private struct File {
        var content: [UInt8]
        var type: String
        var encoding: String?

        init(_ text: String, type: String = "text/csv", encoding: String? = nil) {
            content = Array(text.utf8)
            self.type = type
            self.encoding = encoding
        }
    }

    private static func form(
        _ file: File?, _ fields: [(String, String)]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes +=
                "--B\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8
        }
        if let file {
            bytes += "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n".utf8
            bytes += "Content-Type: \(file.type)\r\n".utf8
            if let encoding = file.encoding { bytes += "Content-Encoding: \(encoding)\r\n".utf8 }
            bytes += "\r\n".utf8
            bytes += file.content
            bytes += "\r\n".utf8
        }
        return bytes + "--B--\r\n".utf8
    }

    /// The examples that a form made, or the sentence that refused it.
    private static func upload(
        _ service: DatasetsService, _ file: File?, _ fields: [(String, String)]
    ) async throws -> [String] {
        var request = HTTPRequest(method: .post, path: path, queryString: "sync=true")
        request.headers.set("content-type", "multipart/form-data; boundary=B")
        request.body = .bytes(form(file, [("name", "d")] + fields))
        let response = try await ContractHeaders().respond(
            to: request, next: service.router.respond)
        guard case .bytes(let bytes) = response.body else { return [] }
        guard response.status == .ok, let data = try JSON.parse(bytes)["data"] else {
            return ["\(response.status.code) " + String(decoding: bytes, as: UTF8.self)]
        }
        let id = data["dataset_id"]?.stringValue ?? ""
        let listed = try await service.get("/v1/datasets/\(id)/examples")
        return shown(listed.json["data"])
    }

    private static let keys = [
        ("input_keys[]", "q"), ("output_keys[]", "a"), ("metadata_keys[]", "m"),
    ]

    @Test(
        arguments: [
            (
                "q,a,m\n1,2,3\nx,,z\n",
                keys, [#"{"q":"1"}|{"a":"2"}|{"m":"3"}"#, #"{"q":"x"}|{}|{"m":"z"}"#]
            ),
            // Rows that are too long or too short, a byte order mark, blank lines.
            (
                "\u{FEFF}q,a,m\n1,2,3,4\n\n5\n",
                keys, [#"{"q":"1"}|{"a":"2"}|{"m":"3"}"#, #"{"q":"5"}|{}|{}"#]
            ),
            (
                "input.a.b,input.a.c,output.x,input\n1,\" {\"\"z\"\":1}\",[1],{bad\n",
                [
                    ("input_keys[]", "input.a.b"), ("input_keys[]", "input.a.c"),
                    ("output_keys[]", "output.x"), ("input_keys[]", "input"),
                ], [#"{"a":{"b":"1","c":{"z":1}},"input":"{bad"}|{"x":[1]}|{}"#]
            ),
            (
                "q,z\n\"{\"\"x\"\":1,\"\"y\"\":{\"\"w\"\":2}}\",1\n{},3\n",
                [("input_keys[]", "q"), ("input_keys[]", "z"), ("flatten_keys[]", "q")],
                [#"{"z":"1","x":1,"y":{"w":2}}|{}|{}"#, #"{"z":"3"}|{}|{}"#]
            ),
            (
                "q,a\n1,2\n", [("input_keys[]", "zz"), ("input_keys[]", "yy")],
                [
                    "422 input keys not found in column headers: frozenset({'yy', 'zz'})"
                ]
            ),
            (
                "q,q\n1,2\n", [("input_keys[]", "q")],
                ["422 Duplicated column header in CSV file: q"]
            ),
            ("", [("input_keys[]", "q")], ["422 Missing CSV column header"]),
            (
                "q\n1\n\n\n5\n", [("input_keys[]", "q"), ("flatten_keys[]", "q")],
                [
                    "422 Cannot flatten 'q': expected object values (line 2)"
                ]
            ),
            (
                "q,x\n\"{\"\"x\"\":1}\",7\n",
                [
                    ("input_keys[]", "q"), ("input_keys[]", "x"), ("flatten_keys[]", "q"),
                ], ["422 Keys {'x'} conflict with flattened children (line 2)"]
            ),
            (
                "q,id\n1,e\n2,e\n", [("input_keys[]", "q"), ("example_id_key", "id")],
                [
                    "422 Duplicate example_id in request: 'e'"
                ]
            ),
            ("q\n1\n", [("split_key", "zz")], ["422 split_key 'zz' not found in column headers"]),
            (
                "q\n1\n", [("split_key", "q"), ("split_keys[]", "q")],
                [
                    "422 Cannot specify both 'split_keys[]' and 'split_key'. Use 'split_key' for a single "
                        + "column with JSON-encoded split lists."
                ]
            ),
        ] as [(String, [(String, String)], [String])])
    func `rows of comma-separated values are examples`(
        text: String, fields: [(String, String)], expected: [String]
    ) async throws {
        try await Self.service { service in
            let shown = try await Self.upload(service, File(text), fields)
            #expect(shown == expected)
        }
    }

    @Test(arguments: [
        (
            "{\"q\":1,\"a\":{\"x\":null}}\r\n\n{\"q\":null,\"zz\":1}\n",
            [#"{"q":1}|{"a":{"x":null}}|{}"#, #"{"q":null}|{}|{}"#]
        ),
        ("", []),
        (
            "{\"q\":1}\n\n{\"q\":}\n",
            [
                "422 Line 3 of the file is not a JSON object (column 6): "
                    + "A value is missing or not valid."
            ]
        ),
        (
            "{\"q\":1}\n[1]",
            ["422 Line 2 of the file is not a JSON object (column 1): It is no object."]
        ),
    ])
    func `lines of JSON are examples`(text: String, expected: [String]) async throws {
        try await Self.service { service in
            let shown = try await Self.upload(
                service, File(text, type: "application/jsonl"), Self.keys)
            let stored = try await service.store.datasets(limit: 5).rows
            #expect(stored.isEmpty == (expected.first?.hasPrefix("422") == true))
            if expected.first?.hasPrefix("422") == true {
                // The parser words the end of the sentence.
                #expect(shown[0].hasPrefix(String(expected[0].prefix { $0 != "(" })))
            } else {
                #expect(shown == expected)
            }
        }
    }

    @Test func `a document is nested no deeper than it can be read again`() async throws {
        try await Self.service { service in
            let refused = [
                "422 A column among the input keys makes a document that is nested deeper than 500 "
                    + "levels (line 2)."
            ]
            func upload(parts: Int, cell: String) async throws -> [String] {
                let column = "input" + String(repeating: ".a", count: parts)
                return try await Self.upload(
                    service, File("\(column)\n\(cell)\n"), [("input_keys[]", column)])
            }
            for (parts, cell) in [(501, "1"), (499, "[[]]"), (200_000, "1")] {
                #expect(try await upload(parts: parts, cell: cell) == refused)
            }
            #expect(try await service.store.datasets(limit: 5).rows.isEmpty)
            #expect(try await upload(parts: 499, cell: "[7]").count == 1)
            let dataset = try #require(try await service.store.datasets(limit: 1).rows.first)
            let (_, lines) = try await service.bytes("/v1/datasets/\(dataset.id.nodeID)/jsonl")
            #expect(String(decoding: lines, as: UTF8.self).contains(#"{"a": [7]}"#))
        }
    }

    @Test func `files are decompressed as their headers say`() async throws {
        try await Self.service { service in
            var file = File("", encoding: "gzip")
            file.content = GzipCompressor.compress(Array("q,a,m\n1,2,3\n".utf8))
            let shown = try await Self.upload(service, file, Self.keys)
            #expect(shown == [#"{"q":"1"}|{"a":"2"}|{"m":"3"}"#])
        }
    }

    @Test func `other files are refused`() async throws {
        try await Self.service { service in
            let text = "q,a,m\n1,2,3\n"
            var latin = File("")
            latin.content = Array("q,a,m\n1,2,3\n".utf8) + [0xE9, 0x2C]
            let cases: [(File?, String)] = [
                (File(text, type: "text/plain"), "422 Invalid file content type: text/plain"),
                (File(text, encoding: "br"), "422 Invalid file content encoding: br"),
                (nil, "422 Malformed file in form data."),
                (
                    latin,
                    "422 The file is not UTF-8: the byte 0xe9 at offset 12 (line 3) cannot be "
                        + "decoded. Save it as UTF-8."
                ),
            ]
            for (file, message) in cases {
                let shown = try await Self.upload(service, file, Self.keys)
                #expect(shown == [message])
            }
            let corrupt = try await Self.upload(service, File(text, encoding: "gzip"), Self.keys)
            #expect(corrupt[0].hasPrefix("422 The file cannot be read: "))
            let arrow = try await Self.upload(
                service, File("abc", type: "application/x-pandas-pyarrow"), Self.keys)
            #expect(arrow[0].hasPrefix("422 File is not valid pyarrow"))
            #expect(try await service.store.datasets(limit: 5).rows.isEmpty)
        }
    }

    @Test func `splits and ids come from columns`() async throws {
        try await Self.service { service in
            let lines = """
                {"q":1,"s":"tr","id":5}
                {"q":2,"s":["a","b",null],"id":"k"}
                {"q":3,"s":null,"id":null}
                {"q":4,"s":"[\\"c\\"]","id":true}

                """
            _ = try await Self.upload(
                service, File(lines, type: "application/jsonl"),
                Self.keys + [("split_key", "s"), ("example_id_key", "id")])
            let dataset = try #require(try await service.store.datasets(limit: 1).rows.first)
            #expect(try await service.shownSplits(dataset.id) == ["tr", "a,b", "", "c"])
            let examples = try await service.store.examples(of: dataset.id).rows
            #expect(examples.map(\.externalID) == ["5", "k", nil, "True"])
        }
    }
}
