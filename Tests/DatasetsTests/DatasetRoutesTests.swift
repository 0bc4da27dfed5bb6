import Datasets
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing

@Suite struct DatasetRoutesTests {
    /// Runs `body` with two datasets: `one` of the examples `a`, `b` and one without an id, and
    /// `two` of one.
    private static func withDatasets(
        on database: TestDatabase = .sqlite,
        _ body: (DatasetsService, _ one: String, _ two: String) async throws -> Void
    ) async throws {
        try await database.withDatasetsService { service in
            var ids: [String] = []
            for (name, examples) in [
                (
                    "one",
                    [
                        DatasetUpload.Example.stub(1, id: "a", output: ["o": 1], splits: ["s"]),
                        .stub(2, id: "b"), .stub(3),
                    ]
                ), ("two", [.stub(4)]),
            ] {
                let outcome = try await service.store.store(
                    DatasetUpload(name: name, examples: examples, hasSplits: true),
                    now: DatasetsService.now)
                ids.append(outcome.datasetID.nodeID.description)
            }
            try await body(service, ids[0], ids[1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `datasets are listed by pages`(on database: TestDatabase) async throws {
        try await Self.withDatasets(on: database) { service, one, two in
            let first = try await service.get("/v1/datasets", "limit=1")
            #expect(first.data.map { $0["id"] } == [.string(two)])
            #expect(first.nextCursor == one)
            let second = try await service.get("/v1/datasets", "limit=1&cursor=\(one)")
            #expect(second.data.map { $0["example_count"] } == [3])
            #expect(second.nextCursor == nil)
            let named = try await service.get("/v1/datasets", "name=two")
            #expect(named.data.map { $0["name"] } == ["two"])
        }
    }

    @Test(
        arguments: [
            ("/v1/datasets", "cursor=zz", 422, "Invalid cursor format: zz"),
            ("/v1/datasets/d", nil, 422, "Invalid dataset ID format: d"),
            ("/v1/datasets/UHJvamVjdDoy", nil, 404, "ID UHJvamVjdDoy refers to a Project"),
            (
                "/v1/datasets/RGF0YXNldDo5OTk=", nil, 404,
                "Dataset with ID RGF0YXNldDo5OTk= not found"
            ),
            ("/v1/datasets/d/versions", nil, 422, "Invalid Dataset ID: d"),
            (
                "/v1/datasets/RGF0YXNldDo5OTk=/examples", nil, 404,
                "No dataset with id RGF0YXNldDo5OTk= can be found."
            ),
            (
                "/v1/datasets/$/examples", "version_id=zz", 422,
                "Invalid dataset version ID format: zz"
            ),
            (
                "/v1/datasets/$/examples", "version_id=RGF0YXNldFZlcnNpb246OTk5", 404,
                "No dataset version with id RGF0YXNldFZlcnNpb246OTk5 can be found."
            ),
            (
                "/v1/datasets/$/examples", "split=x&split=y", 404, "Dataset splits not found: x, y"
            ),
            ("/v1/datasets/d/csv", nil, 422, "Invalid dataset ID format: d"),
            ("/v1/datasets/RGF0YXNldDo5OTk=/jsonl", nil, 422, "Dataset does not exist."),
            ("/v1/datasets/nope/splits", nil, 404, "Dataset with name nope not found"),
            ("/v1/dataset_labels/zz", nil, 422, "Invalid dataset label ID: zz"),
        ] as [(String, String?, Int, String)])
    func `what is not there is said`(
        path: String, query: String?, status: Int, message: String
    ) async throws {
        try await Self.withDatasets { service, one, _ in
            var filled = ""
            for character in path { filled += character == "$" ? one : String(character) }
            let answer = try await service.get(filled, query)
            #expect(answer.status == status)
            #expect(answer.text == message)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a deleted dataset is gone with all that it has`(
        on database: TestDatabase
    ) async throws {
        try await Self.withDatasets(on: database) { service, one, two in
            #expect(try await service.call(.delete, "/v1/datasets/\(one)").status == 204)
            let again = try await service.call(.delete, "/v1/datasets/\(one)")
            #expect(again.status == 404 && again.text == "Dataset does not exist")
            #expect(try await service.get("/v1/datasets").data.map { $0["id"] } == [.string(two)])
            let count = try await service.store.database.read {
                try $0.integers("SELECT COUNT(*) FROM dataset_example_revisions")
            }
            #expect(count == [1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a dataset of many examples is deleted to the last`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetsService { service in
            let outcome = try await service.store.store(
                DatasetUpload(name: "d", examples: (0..<1001).map { .stub($0) }),
                now: DatasetsService.now)
            #expect(try await service.store.delete(outcome.datasetID))
            #expect(try await service.store.delete(outcome.datasetID) == false)
            for table in ["datasets", "dataset_examples", "dataset_example_revisions"] {
                let count = try await service.store.database.read {
                    try $0.integers("SELECT COUNT(*) FROM \(unsafe: table)")
                }
                #expect(count == [0])
            }
        }
    }

    @Test func `downloads name an example by its global id unless the client named it`()
        async throws
    {
        try await TestDatabase.sqlite.withDatasetsService { service in
            let examples: [DatasetUpload.Example] = [.stub(1, id: ""), .stub(2, id: "b"), .stub(3)]
            let outcome = try await service.store.store(
                DatasetUpload(name: "d", examples: examples), now: DatasetsService.now)
            let ids = try await service.store.examples(of: outcome.datasetID).rows.map {
                $0.id.nodeID.description
            }
            let path = "/v1/datasets/\(outcome.datasetID.nodeID)"
            let (_, csv) = try await service.bytes("\(path)/csv")
            let rows = String(decoding: csv, as: UTF8.self).split(separator: "\n").dropFirst()
            #expect(
                rows.map { $0.prefix { $0 != "," } } == [ids[0][...], "b", ids[2][...]])
            let (_, lines) = try await service.bytes("\(path)/jsonl")
            for (line, id) in zip(
                String(decoding: lines, as: UTF8.self).split(separator: "\n"),
                [ids[0], "b", ids[2]])
            {
                #expect(line.hasPrefix("{\"id\": \"\(id)\""))
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `downloads have what the examples have`(on database: TestDatabase) async throws {
        try await Self.withDatasets(on: database) { service, one, _ in
            let (response, csv) = try await service.bytes("/v1/datasets/\(one)/csv")
            #expect(response.headers["content-type"] == "text/csv")
            #expect(
                response.headers["content-disposition"] == "attachment; filename*=UTF-8''one.csv")
            let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
            #expect(lines[0] == "id,node_id,input.q,output.o,splits")
            #expect(lines[1].hasPrefix("a,") && lines[1].hasSuffix(#",1,1,"[""s""]""#))
            #expect(lines[2].hasSuffix(",2,,[]"))
            #expect(lines.count == 4)
            let (_, jsonl) = try await service.bytes("/v1/datasets/\(one)/jsonl")
            let first = String(decoding: jsonl, as: UTF8.self).split(separator: "\n")[0]
            #expect(first.hasPrefix(#"{"id": "a", "node_id": ""#))
            #expect(
                first.hasSuffix(
                    #""input": {"q": 1}, "output": {"o": 1}, "metadata": {}, "splits": ["s"]}"#))
        }
    }

    @Test func `messages are downloaded in OpenAI's forms`() async throws {
        try await TestDatabase.sqlite.withDatasetsService { service in
            let user: JSONValue = ["role": "user", "content": "hi"]
            let reply: JSONValue = ["role": "assistant", "content": "ho"]
            let id = try await service.store.store(
                DatasetUpload(
                    name: "é/x",
                    examples: [
                        .init(
                            content: ExampleContent(
                                input: ["messages": [user], "tools": [["t": 1]]],
                                output: ["messages": [reply]])),
                        .stub(1),
                    ]), now: DatasetsService.now
            ).datasetID.nodeID.description
            let (response, tuning) = try await service.bytes("/v1/datasets/\(id)/jsonl/openai_ft")
            #expect(
                response.headers["content-disposition"]
                    == "attachment; filename*=UTF-8''%C3%A9/x.jsonl")
            #expect(
                String(decoding: tuning, as: UTF8.self) == """
                    {"messages": [{"role": "user", "content": "hi"}, \
                    {"role": "assistant", "content": "ho"}], "tools": [{"t": 1}]}
                    {"messages": []}

                    """)
            let (_, evals) = try await service.bytes("/v1/datasets/\(id)/jsonl/openai_evals")
            #expect(
                String(decoding: evals, as: UTF8.self) == """
                    {"messages": [{"role": "user", "content": "hi"}], "ideal": "ho"}
                    {"messages": [], "ideal": ""}

                    """)
        }
    }

    // MARK: Splits

    @Test(arguments: TestDatabase.available)
    func `splits are made and changed with their examples`(
        on database: TestDatabase
    ) async throws {
        try await Self.withDatasets(on: database) { service, one, two in
            let path = "/v1/datasets/one/splits"
            let made = try await service.call(
                .post, path, body: ["name": " n ", "example_ids": ["a", "b", "a"]])
            #expect(made.status == 201)
            let split = made.json["data"] ?? .null
            #expect(split["name"] == "n" && split["color"] == "#33c5e8")
            #expect(split["example_count"] == 2)
            let id = split["id"]?.stringValue ?? ""
            let again = try await service.call(.post, path, body: ["name": "n"])
            #expect(again.status == 409)
            #expect(again.text == "A dataset split named 'n' already exists")
            let changed = try await service.call(
                .patch, "\(path)/\(id)",
                body: [
                    "name": "m", "description": nil, "metadata": ["z": 2],
                    "add_example_ids": ["b"], "remove_example_ids": ["a"],
                ])
            #expect(changed.json["data"]?["name"] == "m")
            #expect(changed.json["data"]?["example_count"] == 1)
            let foreign = try await service.call(
                .patch, "/v1/datasets/\(two)/splits/\(id)", body: [:])
            #expect(foreign.json["data"]?["example_count"] == 0)
            let listed = try await service.get(path)
            #expect(listed.data.map { $0["name"] } == ["m", "s"])
            #expect(try await service.call(.delete, "\(path)/\(id)").status == 204)
            #expect(try await service.call(.delete, "\(path)/\(id)").status == 404)
            #expect(try await service.get("/v1/datasets/\(one)/splits").data.count == 1)
        }
    }

    @Test(
        arguments: [
            (["name": " "], 422, "Dataset split name cannot be empty"),
            (["name": "n", "color": ""], 422, "Dataset split color cannot be empty"),
            (
                ["name": "n", "example_ids": ["a", "zz"]], 404,
                "Dataset examples not found in this dataset: zz"
            ),
            (["name": "s"], 409, "A dataset split named 's' already exists"),
        ] as [(JSONValue, Int, String)])
    func `a split that cannot be is not made`(
        body: JSONValue, status: Int, message: String
    ) async throws {
        try await Self.withDatasets { service, one, _ in
            let answer = try await service.call(
                .post, "/v1/datasets/\(one)/splits", body: body)
            #expect(answer.status == status)
            #expect(answer.text == message)
            #expect(try await service.store.allSplits().map(\.name) == ["s"])
        }
    }

    // MARK: Labels

    @Test(arguments: TestDatabase.available)
    func `labels are made, changed and given to datasets`(
        on database: TestDatabase
    ) async throws {
        try await Self.withDatasets(on: database) { service, one, _ in
            let path = "/v1/dataset_labels"
            let body: JSONValue = ["name": "l", "color": "#12ab00", "description": "says"]
            let made = try await service.call(.post, path, body: body)
            #expect(made.status == 201)
            let id = made.json["data"]?["id"]?.stringValue ?? ""
            let again = try await service.call(.post, path, body: body)
            #expect(again.status == 409)
            #expect(again.text == "A dataset label named 'l' already exists")
            let changed = try await service.call(
                .patch, "\(path)/\(id)", body: ["name": "k", "description": nil])
            #expect(
                changed.json["data"]
                    == [
                        "id": .string(id), "name": "k", "description": nil, "color": "#12ab00",
                    ])
            #expect(try await service.call(.patch, "\(path)/\(id)", body: [:]).status == 422)
            let assigned = "/v1/datasets/one/labels"
            for _ in 0..<2 {
                #expect(try await service.call(.put, "\(assigned)/\(id)").status == 200)
            }
            #expect(try await service.get(assigned).data.map { $0["name"] } == ["k"])
            #expect(try await service.call(.delete, "\(assigned)/\(id)").status == 204)
            let set = try await service.call(
                .put, assigned, body: ["dataset_label_ids": [.string(id), .string(id)]])
            #expect(set.data.count == 1)
            let unknown = try await service.call(
                .put, assigned, body: ["dataset_label_ids": ["RGF0YXNldExhYmVsOjk5OQ=="]])
            #expect(unknown.status == 404 && unknown.text == "One or more dataset labels not found")
            #expect(try await service.call(.delete, "\(path)/\(id)").status == 204)
            #expect(try await service.get("/v1/datasets/\(one)/labels").data.isEmpty)
            #expect(try await service.call(.delete, "\(path)/\(id)").status == 404)
        }
    }

    @Test(arguments: ["#12AB00", "12ab00", "#12ab0", "red"])
    func `a color is six digits in lower case`(color: String) async throws {
        try await Self.withDatasets { service, _, _ in
            let answer = try await service.call(
                .post, "/v1/dataset_labels", body: ["name": "l", "color": .string(color)])
            #expect(answer.status == 422)
            #expect(answer.json["detail"]?[0]?["type"] == "string_pattern_mismatch")
        }
    }
}
