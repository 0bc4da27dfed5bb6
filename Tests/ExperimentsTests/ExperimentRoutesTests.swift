import Experiments
import HTTPMessages
import JSON
import PhoenixModel
import TestSupport
import Testing

@Suite struct ExperimentRoutesTests {
    private static let datasetPath = "/v1/datasets/\(Dataset.ID(1).nodeID)/experiments"

    /// A number that 64 bits do not hold.
    private static let beyond = JSONValue.number("1000000000000000000000000000000")

    private static func path(_ id: Experiment.ID, _ rest: String = "") -> String {
        "/v1/experiments/\(id.nodeID)\(rest)"
    }

    private static func run(
        _ more: [String: JSONValue] = [:], example: Int64 = 1
    ) -> JSONValue {
        var body: JSONValue = [
            "dataset_example_id": .string(DatasetExample.ID(example).nodeID.description),
            "output": ["x": 1], "repetition_number": 1, "start_time": "2026-01-01T00:00:00Z",
            "end_time": "2026-01-01T00:00:01.5+00:00",
        ]
        for (name, value) in more { body[name] = value }
        return body
    }

    private static func evaluation(
        _ run: ExperimentRun.ID, _ more: [String: JSONValue] = [:]
    ) -> JSONValue {
        var body: JSONValue = [
            "experiment_run_id": .string(run.nodeID.description), "name": "quality",
            "annotator_kind": "LLM", "start_time": "2026-01-01T00:00:00Z",
            "end_time": "2026-01-01T00:00:01Z",
        ]
        for (name, value) in more { body[name] = value }
        return body
    }

    @Test(arguments: TestDatabase.available)
    func `an experiment is created, shown, changed and deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let created = try await service.call(
                .post, Self.datasetPath,
                body: [
                    "name": "first", "metadata": ["k": 1], "repetitions": 2, "splits": ["train"],
                ])
            #expect(created.status == 200)
            let data = try #require(created.json["data"])
            #expect(data["name"] == "first")
            #expect(data["dataset_version_id"] == .string(DatasetVersion.ID(2).nodeID.description))
            #expect(data["example_count"] == 2)
            #expect(data["missing_run_count"] == 4)
            let id = try #require(Experiment.ID(nodeID: data["id"]?.stringValue ?? ""))
            let changed = try await service.call(
                .patch, Self.path(id), body: ["description": "d", "metadata": ["z": []]])
            #expect(changed.json["data"]?["description"] == "d")
            #expect(changed.json["data"]?["metadata"] == ["z": []])
            #expect(changed.json["data"]?["name"] == "first")
            let cleared = try await service.call(
                .patch, Self.path(id), body: ["description": .null])
            #expect(cleared.json["data"]?["description"] == .null)
            #expect(try await service.get(Self.path(id)).json == cleared.json)
            #expect(try await service.call(.delete, Self.path(id)).status == 204)
            let gone = try await service.call(.delete, Self.path(id))
            #expect(gone.status == 404)
            #expect(gone.text == "Experiment does not exist")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `experiments are listed in pages`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            for number in 1...5 { _ = try await service.experiment(name: "e\(number)") }
            var names: [String?] = []
            var cursor = ""
            repeat {
                let page = try await service.get(
                    Self.datasetPath, "limit=2" + (cursor.isEmpty ? "" : "&cursor=\(cursor)"))
                names += page.data.map { $0["name"]?.stringValue }
                cursor = page.nextCursor ?? ""
            } while !cursor.isEmpty
            #expect(names == ["e5", "e4", "e3", "e2", "e1"])
            let none = try await service.get("/v1/datasets/\(Dataset.ID(77).nodeID)/experiments")
            #expect(none.data.isEmpty && none.status == 200)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `bad requests for experiments are refused and change nothing`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let dataset = "/v1/datasets/"
            let wrong = Project.ID(1).nodeID.description
            let refusals: [(HTTPMethod, String, JSONValue, Int, String)] = [
                (.post, dataset + "demo/experiments", [:], 422, "Invalid dataset ID format: demo"),
                (
                    .post, dataset + wrong + "/experiments", [:], 404,
                    "Dataset with ID \(wrong) does not exist"
                ),
                (
                    .post, dataset + "\(Dataset.ID(99).nodeID)/experiments", [:], 404,
                    "Dataset with ID \(Dataset.ID(99).nodeID) does not exist"
                ),
                (
                    .post, Self.datasetPath, ["version_id": "xx"], 422,
                    "Invalid dataset version ID format: xx"
                ),
                (
                    .post, Self.datasetPath,
                    ["version_id": .string(DatasetVersion.ID(3).nodeID.description)], 404,
                    "DatasetVersion with ID \(DatasetVersion.ID(3).nodeID) does not exist"
                ),
                (
                    .post, Self.datasetPath, ["splits": ["nope"]], 404,
                    "Dataset splits not found: nope"
                ),
                (.post, Self.datasetPath, ["repetitions": 0], 422, "value_error"),
                (.post, Self.datasetPath, ["repetitions": "a"], 422, "int_parsing"),
                (.post, Self.datasetPath, ["repetitions": Self.beyond], 422, "value_error"),
                (.patch, "/v1/experiments/x", ["name": "n"], 422, "Invalid experiment ID format"),
                (
                    .patch, Self.path(Experiment.ID(9)), ["name": "n"], 404,
                    "Experiment with ID \(Experiment.ID(9).nodeID) does not exist"
                ),
                (.patch, Self.path(Experiment.ID(9)), [:], 422, "No fields to update"),
                (
                    .patch, Self.path(Experiment.ID(9)), ["name": .null], 422,
                    "name cannot be null"
                ),
            ]
            for (method, path, body, status, text) in refusals {
                let answer = try await service.call(method, path, body: body)
                #expect(answer.status == status, "\(path) \(body)")
                #expect(answer.text.contains(text), "\(answer.text)")
            }
            #expect(try await service.count("experiments") == 0)
            let list = try await service.get(Self.datasetPath, "cursor=bad")
            #expect(list.status == 422)
            #expect(list.text == "Invalid cursor format: bad")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a run is stored once`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let path = Self.path(experiment.id, "/runs")
            let failed = try await service.call(
                .post, path, body: Self.run(["error": "boom", "output": .null]))
            let stored = try await service.call(.post, path, body: Self.run())
            #expect(stored.status == 200)
            #expect(stored.json == failed.json)
            let again = try await service.call(.post, path, body: Self.run())
            #expect(again.status == 409)
            let listed = try await service.get(path)
            #expect(listed.data.count == 1)
            #expect(listed.data.first?["output"] == ["x": 1])
            #expect(listed.data.first?["error"] == .null)
            #expect(listed.data.first?["end_time"] == "2026-01-01T00:00:01.500000+00:00")
            #expect(listed.nextCursor == nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `bad runs and evaluations are refused`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let path = Self.path(experiment.id, "/runs")
            let unknown = Self.path(Experiment.ID(999), "/runs")
            let refusals: [(String, JSONValue, Int, String)] = [
                (path, Self.run(["repetition_number": 0]), 422, "greater_than"),
                (path, Self.run(["repetition_number": Self.beyond]), 422, "value_error"),
                (path, Self.run(["start_time": "soon"]), 422, "datetime"),
                (path, Self.run(["dataset_example_id": "x"]), 422, "Invalid dataset example ID"),
                (path, Self.run(example: 999), 404, "does not exist"),
                (path, Self.run(example: 100_000), 404, "does not exist"),
                (unknown, Self.run(), 404, "does not exist"),
                ("/v1/experiments/x/runs", Self.run(), 422, "Invalid experiment ID format: x"),
            ]
            for (path, body, status, text) in refusals {
                let answer = try await service.call(.post, path, body: body)
                #expect(answer.status == status, "\(body)")
                #expect(answer.text.contains(text), "\(answer.text)")
            }
            #expect(try await service.count("experiment_runs") == 0)
            let run = try await service.run(experiment, example: 1)
            for (body, status) in [
                (Self.evaluation(run), 422), (Self.evaluation(run, ["result": .null]), 422),
                (Self.evaluation(run, ["result": [:], "annotator_kind": "X"]), 422),
                (Self.evaluation(ExperimentRun.ID(99), ["result": [:]]), 404),
                (Self.evaluation(run, ["result": [:], "experiment_run_id": "x"]), 422),
            ] {
                let answer = try await service.call(
                    .post, "/v1/experiment_evaluations", body: body)
                #expect(answer.status == status, "\(answer.text)")
            }
            #expect(try await service.count("experiment_run_annotations") == 0)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `runs are downloaded with what was said about them`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment(name: "é \"x\"")
            let none = try await service.get(Self.path(experiment.id, "/json"))
            #expect(none.status == 404)
            #expect(none.text == "Experiment has no runs")
            let second = try await service.run(experiment, example: 2, output: #""a, \"b\"""#)
            try await service.run(experiment, example: 1, output: nil, error: "boom")
            for (name, score) in [("z", "0.5"), ("a", "Infinity")] {
                let stored = try await service.call(
                    .post, "/v1/experiment_evaluations",
                    body: Self.evaluation(
                        second,
                        [
                            "name": .string(name), "metadata": ["own": 1],
                            "result": ["score": .string(score), "metadata": ["own": 2, "m": 3]],
                        ]))
                #expect(
                    NodeID(stored.json["data"]?["id"]?.stringValue ?? "")?.typeName
                        == "ExperimentEvaluation")
            }
            let json = try await service.get(Self.path(experiment.id, "/json")).json
            #expect(json[0]?["example_id"] == .string(DatasetExample.ID(1).nodeID.description))
            #expect(json[0]?["error"] == "boom")
            #expect(json[0]?["output"] == .null)
            #expect(json[1]?["reference_output"] == ["a": "a2"])
            #expect(json[1]?["latency_ms"] == 1500.0)
            #expect(json[1]?["annotations"]?[0]?["score"] == .null)
            #expect(json[1]?["annotations"]?.arrayValue?.last?["name"] == "z")
            #expect(
                json[1]?["annotations"]?.arrayValue?.last?["metadata"] == ["own": 1, "m": 3])
            let (response, bytes) = try await service.bytes(Self.path(experiment.id, "/csv"))
            #expect(
                response.headers["content-disposition"]
                    == "attachment; filename=\"_ _x_.csv\"; filename*=UTF-8''%C3%A9%20%22x%22.csv")
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines[0].hasSuffix("annotation_z_start_time,annotation_z_end_time"))
            #expect(lines[1].contains(#","{""q"": ""q1""}","{""a"": ""a1""}",,"{""n"": 1}",boom"#))
            #expect(lines[2].contains(#""a, ""b""","{""n"": 2}""#))
            #expect(lines[2].contains(#""{""own"": 1, ""m"": 3}",LLM"#))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a long download comes in parts without gaps`(on database: TestDatabase) async throws {
        try await database.withExperimentsService(examples: 600) { service in
            let experiment = try await service.experiment()
            for example in 1...600 { try await service.run(experiment, example: Int64(example)) }
            let json = try await service.get(Self.path(experiment.id, "/json")).json
            #expect(
                json.arrayValue?.compactMap { $0["example_id"]?.stringValue }
                    == (1...600).map { DatasetExample.ID(Int64($0)).nodeID.description })
        }
    }

    @Test(arguments: TestDatabase.available)
    func `many runs are listed part by part`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment(repetitions: 1201)
            try await service.insertRuns(of: experiment, examples: 1, repetitions: 1201)
            let path = Self.path(experiment.id, "/runs")
            let (response, _) = try await service.bytes(path)
            guard case .stream = response.body else {
                return #expect(Bool(false), "All runs are held at once.")
            }
            let all = try await service.get(path)
            #expect(
                all.data.compactMap { $0["repetition_number"]?.integerValue }
                    == (1...1201).reversed())
            #expect(all.json["next_cursor"] == .null)
            for limit in [1000, 1200] {
                let page = try await service.get(path, "limit=\(limit)")
                #expect(page.data.count == limit)
                let rest = try await service.get(path, "cursor=\(page.nextCursor ?? "")")
                #expect(page.data + rest.data == all.data)
            }
            let exact = try await service.get(path, "limit=1201")
            #expect(exact.json == all.json)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `what is left to do is asked for by name and page`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment(repetitions: 2)
            let run = try await service.run(experiment, example: 1)
            let runs = try await service.get(
                Self.path(experiment.id, "/incomplete-runs"), "limit=1")
            #expect(runs.data.first?["repetition_numbers"] == [2])
            #expect(runs.data.first?["dataset_example"]?["input"] == ["q": "q1"])
            #expect(runs.nextCursor == DatasetExample.ID(2).nodeID.description)
            let path = Self.path(experiment.id, "/incomplete-evaluations")
            for query in ["", "evaluation_name="] {
                let nameless = try await service.get(path, query)
                #expect(nameless.status == 400)
                #expect(nameless.text == "At least one evaluation_name must be provided")
            }
            let evaluations = try await service.get(path, "evaluation_name=b&evaluation_name=a")
            #expect(evaluations.data.first?["evaluation_names"] == ["a", "b"])
            #expect(
                evaluations.data.first?["experiment_run"]?["id"]
                    == .string(run.nodeID.description))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `tags are set, listed and taken`(on database: TestDatabase) async throws {
        try await database.withExperimentsService { service in
            let experiment = try await service.experiment()
            let path = Self.path(experiment.id, "/tags")
            for (body, status) in [
                (["name": "Not OK"], 422), (["name": ""], 422), (["name": .null], 422),
                (["name": "baseline", "description": "d"], 200),
            ] as [(JSONValue, Int)] {
                #expect(try await service.call(.post, path, body: body).status == status)
            }
            let listed = try await service.get(path)
            #expect(listed.data.map { $0["name"] } == ["baseline"])
            #expect(try await service.call(.delete, path + "/Not%20OK").status == 422)
            #expect(try await service.call(.delete, path + "/baseline").status == 204)
            #expect(try await service.call(.delete, path + "/baseline").status == 204)
            #expect(try await service.get(path).data.isEmpty)
            let unknown = Self.path(Experiment.ID(999), "/tags")
            #expect(try await service.get(unknown).text == "Experiment not found")
            #expect(try await service.get("/v1/experiments/x/tags").status == 422)
        }
    }
}
