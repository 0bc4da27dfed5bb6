import Experiments
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct ExperimentsGraphQLTests {
    /// Three examples of which the first has two repetitions, and a second experiment.
    private static func fill(
        _ service: ExperimentsService
    ) async throws -> (Experiment, Experiment) {
        let first = try await service.experiment(name: "A", repetitions: 2)
        let second = try await service.experiment(name: "B", repetitions: 2)
        let traces = (1...3).map { OTelID.number($0, byteCount: 16).hex }
        let runs = [
            try await service.run(first, example: 1, trace: traces[0], latencyMs: 1000),
            try await service.run(
                first, example: 1, repetition: 2, trace: traces[1], latencyMs: 3000),
            try await service.run(first, example: 2, error: "boom", latencyMs: 500),
            try await service.run(
                first, example: 3, output: #"{"x":{"y":[1,"t"]},"n":3,"f":true}"#,
                latencyMs: 2000),
        ]
        for (run, name, label, score, error) in [
            (0, "acc", "good", 1, nil), (1, "acc", "bad", 0, nil), (3, "acc", "good", 0.8, nil),
            (2, "acc", "good", 0.1, nil), (0, "lab", "only", nil, nil),
            (1, "err", nil, nil, "E1"), (3, "err", nil, 0.3, nil),
        ] as [(Int, String, String?, Double?, String?)] {
            try await service.annotate(
                runs[run], name, label: label, score: score, error: error)
        }
        let other = try await service.run(
            second, example: 1, trace: traces[2], latencyMs: 900)
        try await service.annotate(other, "acc", label: "good", score: 0.5)
        try await service.run(second, example: 2, latencyMs: 500)
        let last = try await service.run(second, example: 4, latencyMs: 100)
        try await service.annotate(last, "acc", score: 0.9)
        return (first, second)
    }

    @Test(arguments: TestDatabase.available)
    func `an experiment is summed up over examples and repetitions`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let (first, _) = try await Self.fill(graphQL.service)
            let found = try await graphQL.node(
                first.id.nodeID, "Experiment",
                """
                name sequenceNumber runCount expectedRunCount errorRate averageRunLatencyMs
                isBaseline project { name } lastUpdatedAt dataset { name } datasetVersion { id }
                costSummary { total { tokens } } datasetSplits { edges { node { id } } }
                annotationSummaries {
                    annotationName minScore maxScore meanScore count errorCount scoreCount
                    labelCount labelFractions { label fraction }
                }
                """)
            #expect(found["sequenceNumber"] == 1)
            #expect(found["runCount"] == 4)
            #expect(found["expectedRunCount"] == 8)
            #expect(found["averageRunLatencyMs"] == 1500.0)
            let errorRate = try #require(found["errorRate"]?.doubleValue)
            #expect(abs(errorRate - 1.0 / 3) < 1e-9)
            #expect(found["project"]?["name"]?.stringValue == first.projectName)
            #expect(found["dataset"]?["name"] == "demo data set")
            let summaries = found["annotationSummaries"]?.arrayValue ?? []
            #expect(summaries.map { $0["annotationName"] } == ["acc", "err", "lab"])
            let accuracy = try #require(summaries.first)
            let mean = try #require(accuracy["meanScore"]?.doubleValue)
            #expect(abs(mean - (0.5 + 0.1 + 0.8) / 3) < 1e-9)
            #expect(accuracy["minScore"] == 0.0 && accuracy["maxScore"] == 1.0)
            let shares = accuracy["labelFractions"]?.arrayValue ?? []
            #expect(shares.map { $0["label"] } == ["bad", "good"])
            #expect(abs((shares.last?["fraction"]?.doubleValue ?? 0) - 2.5 / 3) < 1e-9)
            #expect(summaries[1]["count"] == 2)
            #expect(summaries[1]["errorCount"] == 1)
            #expect(summaries[2]["meanScore"] == .null)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `runs cost what their traces do`(on database: TestDatabase) async throws {
        try await database.withTracingStore { tracing in
            let tracing = TracingStore(tracing.database, pricing: StatedPricing())
            let service = ExperimentsService(tracing)
            try await service.insertDataset()
            let graphQL = try ExperimentsGraphQLService(service)
            let (first, second) = try await Self.fill(service)
            let cost = { (tokens: Int) in
                """
                {"cost":{"entries":[[1,"input",\(tokens),0.5],[0,"output",\(tokens * 2),1.0]]}}
                """
            }
            _ = try await tracing.insert(
                [
                    [
                        .stub(
                            trace: 1, span: 1, kind: "LLM", promptTokens: 100,
                            completionTokens: 200,
                            attributes: cost(100)),
                        .stub(
                            trace: 2, span: 2, kind: "LLM", promptTokens: 10, completionTokens: 20,
                            attributes: cost(10)),
                        .stub(
                            trace: 3, span: 3, kind: "LLM", promptTokens: 1, completionTokens: 2,
                            attributes: cost(1)),
                    ]
                ], now: 0)
            let fields = """
                costSummary { total { tokens cost } prompt { tokens } }
                costDetailSummaryEntries { tokenType isPrompt value { tokens cost } }
                """
            let found = try await graphQL.node(first.id.nodeID, "Experiment", fields)
            #expect(found["costSummary"]?["total"]?["tokens"] == 330.0)
            #expect(found["costSummary"]?["prompt"] == ["tokens": 110.0])
            #expect(
                found["costDetailSummaryEntries"]?.arrayValue?.map { $0["value"]?["tokens"] }
                    == [110.0, 220.0])
            let runs = try await graphQL.node(
                first.id.nodeID, "Experiment",
                "runs { edges { node { trace { traceId } \(fields) } } }")
            #expect(
                runs["runs"]?["edges"]?.arrayValue?.map {
                    $0["node"]?["costSummary"]?["total"]?["tokens"]
                } == [300.0, 30.0, .null, .null])
            let compared = try await graphQL.data(
                """
                query($base: ID!, $others: [ID!]!) {
                    experimentRunMetricComparisons(
                        baseExperimentId: $base, compareExperimentIds: $others) {
                        latency { numRunsImproved numRunsRegressed numRunsEqual }
                        totalTokenCount { numRunsRegressed numRunsWithoutComparison }
                    }
                }
                """,
                [
                    "base": .string(first.id.nodeID.description),
                    "others": [.string(second.id.nodeID.description)],
                ])["experimentRunMetricComparisons"]
            #expect(
                compared?["latency"]
                    == ["numRunsImproved": 0, "numRunsRegressed": 1, "numRunsEqual": 1])
            #expect(
                compared?["totalTokenCount"]
                    == ["numRunsRegressed": 1, "numRunsWithoutComparison": 2])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `runs are paged in every order`(on database: TestDatabase) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let (first, _) = try await Self.fill(graphQL.service)
            for (sort, wanted) in [
                (.null, [1000, 3000, 500, 2000]),
                (["col": ["metric": "latencyMs"], "dir": "desc"], [3000, 2000, 1000, 500]),
                (["col": ["metric": "latencyMs"], "dir": "asc"], [500, 1000, 2000, 3000]),
                (["col": ["annotationName": "acc"], "dir": "desc"], [1000, 2000, 500, 3000]),
                (["col": ["annotationName": "err"], "dir": "asc"], [2000, 1000, 3000, 500]),
                (["col": ["annotationName": "err"], "dir": "desc"], [2000, 500, 3000, 1000]),
            ] as [(JSONValue, [Double])] {
                var seen: [Double] = []
                var after = JSONValue.null
                for _ in 0..<5 {
                    let page = try await graphQL.data(
                        """
                        query($id: ID!, $after: String, $sort: ExperimentRunSort) {
                            node(id: $id) { ... on Experiment {
                                runs(first: 1, after: $after, sort: $sort) {
                                    edges { node { latencyMs } }
                                    pageInfo { hasNextPage endCursor }
                                }
                            } }
                        }
                        """,
                        [
                            "id": .string(first.id.nodeID.description), "after": after,
                            "sort": sort,
                        ])["node"]?["runs"]
                    seen += (page?["edges"]?.arrayValue ?? []).compactMap {
                        $0["node"]?["latencyMs"]?.doubleValue
                    }
                    after = page?["pageInfo"]?["endCursor"] ?? .null
                    if page?["pageInfo"]?["hasNextPage"] != true { break }
                }
                #expect(seen == wanted, "\(sort)")
            }
            let refused = try await graphQL.node(
                first.id.nodeID, "Experiment", "runs(first: 0) { edges { cursor } }")
            #expect(refused == "first must be a positive integer if set")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a dataset lists its experiments`(on database: TestDatabase) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let (first, second) = try await Self.fill(graphQL.service)
            let third = try await graphQL.service.experiment(name: "C", version: 2)
            _ = try await graphQL.data(
                "mutation { dismissExperiment(experimentId: \"\(second.id.nodeID)\") "
                    + "{ experiment { isEphemeral } } }")
            _ = try await graphQL.service.store.setTag("baseline", description: nil, of: first.id)
            let found =
                try await graphQL.data(
                    """
                    query($id: ID!, $ids: [ID!], $version: ID) { node(id: $id) { ... on Dataset {
                        experimentCount
                        all: experimentCount(includeEphemeral: true)
                        some: experimentCount(datasetVersionId: $version)
                        newest: experiments { edges { node { name sequenceNumber isBaseline } } }
                        every: experiments(includeEphemeral: true, first: 1) {
                            edges { cursor } pageInfo { hasNextPage }
                        }
                        oldest: experiments(sort: { col: createdAt, dir: asc }) {
                            edges { node { name } }
                        }
                        numbered: experiments(sequenceNumbers: [2]) { edges { node { name } } }
                        called: experiments(filterCondition: "c") { edges { node { name } } }
                        chosen: experiments(filterIds: $ids) { edges { node { name } } }
                        baselineExperiment { name }
                        experimentAnnotationSummaries { annotationName minScore maxScore }
                    } } }
                    """,
                    [
                        "id": .string(ExperimentsService.dataset.nodeID.description),
                        "ids": [.string(first.id.nodeID.description)],
                        "version": .string(third.datasetVersion.nodeID.description),
                    ])["node"] ?? .null
            func names(_ field: String) -> [JSONValue?]? {
                found[field]?["edges"]?.arrayValue?.map { $0["node"]?["name"] }
            }
            #expect(found["experimentCount"] == 2)
            #expect(found["all"] == 3)
            #expect(found["some"] == 1)
            #expect(names("newest") == ["C", "A"])
            #expect(
                found["newest"]?["edges"]?[0]?["node"]
                    == ["name": "C", "sequenceNumber": 2, "isBaseline": false])
            #expect(found["every"]?["pageInfo"]?["hasNextPage"] == true)
            #expect(names("oldest") == ["A", "C"])
            #expect(names("numbered") == ["C"])
            #expect(names("called") == ["C"])
            #expect(names("chosen") == ["A"])
            #expect(found["baselineExperiment"]?["name"] == "A")
            #expect(
                found["experimentAnnotationSummaries"]?[0]
                    == ["annotationName": "acc", "minScore": 0.0, "maxScore": 1.0])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `experiments are compared example by example`(on database: TestDatabase) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let (first, second) = try await Self.fill(graphQL.service)
            let query = """
                query($base: ID!, $others: [ID!]!, $first: Int, $after: String) {
                    compareExperiments(
                        baseExperimentId: $base, compareExperimentIds: $others, first: $first,
                        after: $after) {
                        edges { cursor node { id repeatedRunGroups {
                            id experimentId averageLatencyMs runs { repetitionNumber }
                            annotationSummaries { annotationName meanScore }
                            costSummary { total { tokens } }
                        } } }
                        pageInfo { hasNextPage endCursor }
                    }
                }
                """
            let base = JSONValue.string(first.id.nodeID.description)
            let others = JSONValue.array([.string(second.id.nodeID.description)])
            let page = try await graphQL.data(
                query, ["base": base, "others": others, "first": 3])["compareExperiments"]
            let groups = page?["edges"]?[0]?["node"]?["repeatedRunGroups"]
            #expect(groups?[0]?["averageLatencyMs"] == 2000.0)
            #expect(groups?[0]?["runs"] == [["repetitionNumber": 1], ["repetitionNumber": 2]])
            #expect(
                groups?[0]?["annotationSummaries"]?[0]
                    == ["annotationName": "acc", "meanScore": 0.5])
            #expect(groups?[1]?["experimentId"] == others[0])
            #expect(page?["pageInfo"]?["hasNextPage"] == true)
            let rest = try await graphQL.data(
                query,
                [
                    "base": base, "others": others, "first": 3,
                    "after": page?["pageInfo"]?["endCursor"] ?? .null,
                ])["compareExperiments"]
            #expect(rest?["edges"]?.arrayValue?.count == 1)
            #expect(rest?["pageInfo"]?["hasNextPage"] == false)
            for (base, others, message) in [
                (
                    base, .array([base]),
                    "Compare experiment IDs cannot contain the base experiment ID"
                ),
                (
                    base, .array([others[0] ?? .null, others[0] ?? .null]),
                    "Compare experiment IDs must be unique"
                ),
                (
                    .string(Experiment.ID(99).nodeID.description), [],
                    "Unable to resolve one or more experiment IDs."
                ),
                ("x", [], "Invalid base experiment ID: x"),
            ] as [(JSONValue, JSONValue, String)] {
                let refused = try await graphQL.data(query, ["base": base, "others": others])
                #expect(refused == .string(message))
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `filters choose the examples of a comparison`(on database: TestDatabase) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let (first, second) = try await Self.fill(graphQL.service)
            for (condition, wanted) in [
                ("", [1, 2, 3, 4]), ("latency_ms > 1000", [1, 3]),
                ("experiments[0].latency_ms > 1000", [1, 3]),
                ("experiments[1].latency_ms < 1000", [1, 2, 4]),
                ("-latency_ms <= -3000", [1]), ("output == 'out'", [1, 2, 4]),
                ("output['n'] == 3", [3]), ("output['n'] > 2.5", [3]), ("output['f'] is True", [3]),
                ("output['x']['y'][1] == 't'", [3]), ("output['x']['y'][7] is not None", []),
                ("input['q'] == 'q1'", [1]), ("'q1' in input['q']", [1]),
                ("'Q1' in input['q']", []), ("'q1' not in input['q']", [2, 3, 4]),
                ("metadata['n'] > 1", [2, 3, 4]), ("reference_output['a'] == 'a3'", [3]),
                ("evals['acc'].score > 0.5", [1, 3, 4]),
                ("experiments[0].evals['acc'].score > 0.5", [1, 3]),
                ("evals['acc'].label == 'bad'", [1]), ("error is not None", [2]),
                ("'oo' in error", [2]), ("experiments[1].error is None", [1, 2, 3, 4]),
                ("experiments[1].latency_ms is None", [3]),
                ("not experiments[0].evals['acc'].score > 0.5", [1, 2]),
                ("experiments[1].evals['acc'].score >= 0.5 and experiments[0].latency_ms > 0", [1]),
                ("error == 'boom' or metadata['n'] == 4", [2, 4]),
                ("output['x'] == output['n']", []), ("1 == 1", [1, 2, 3, 4]),
                ("error == '\\u0000'", nil),
            ] as [(String, [Int64]?)] {
                let found = try await graphQL.compared(first, [second], condition)
                #expect(found == wanted, "\(condition)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page takes as many statements however long it is`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsGraphQL(examples: 40) { graphQL in
            let service = graphQL.service
            let first = try await service.experiment()
            let second = try await service.experiment()
            for example in 1...40 {
                for experiment in [first, second] {
                    let trace = OTelID.number(example, byteCount: 16).hex
                    let run = try await service.run(
                        experiment, example: Int64(example), trace: trace)
                    try await service.annotate(run, score: 1)
                }
            }
            let run = """
                output latencyMs trace { traceId } costSummary { total { cost } }
                annotations { edges { node { name score trace { id } } } } example { id }
                """
            var counts: [[Int]] = []
            for length in [2, 40] {
                let variables: JSONObject = [
                    "id": .string(first.id.nodeID.description),
                    "others": [.string(second.id.nodeID.description)],
                    "first": .integer(Int64(length)),
                ]
                counts.append([
                    try await graphQL.statements(
                        of: """
                            query($id: ID!, $first: Int) { node(id: $id) { ... on Experiment {
                                runs(first: $first) { edges { node { \(run) } } }
                            } } }
                            """, variables
                    ).count,
                    try await graphQL.statements(
                        of: """
                            query($id: ID!, $others: [ID!]!, $first: Int) {
                                compareExperiments(
                                    baseExperimentId: $id, compareExperimentIds: $others,
                                    first: $first) { edges { node { example { id }
                                    repeatedRunGroups { averageLatencyMs
                                        annotationSummaries { meanScore }
                                        costSummary { total { cost } } runs { \(run) } }
                                } } }
                            }
                            """, variables
                    ).count,
                ])
            }
            #expect(counts[0] == counts[1])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `mutations change experiments`(on database: TestDatabase) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let first = try await graphQL.service.experiment(name: "A")
            let second = try await graphQL.service.experiment(name: "B")
            let patch = """
                mutation($input: PatchExperimentInput!) {
                    patchExperiment(input: $input) { experiment { name description metadata } }
                }
                """
            func patched(_ more: JSONObject) async throws -> JSONValue {
                var input = more
                input["experimentId"] = .string(first.id.nodeID.description)
                let data = try await graphQL.data(patch, ["input": .object(input)])
                return data["patchExperiment"]?["experiment"] ?? data
            }
            let changed = try await patched(["name": "A2", "metadata": ["k": 1]])
            #expect(changed == ["name": "A2", "description": .null, "metadata": ["k": 1]])
            #expect(try await patched(["name": .null]) == "name cannot be null")
            #expect(try await patched([:]) == "No fields to patch.")
            let baseline = """
                mutation($id: ID!, $is: Boolean!) {
                    setExperimentBaseline(experimentId: $id, baseline: $is) {
                        experiment { isBaseline } previousBaselineExperiment { name }
                        dataset { baselineExperiment { name } }
                    }
                }
                """
            for (experiment, isBaseline, name, previous) in [
                (first, true, "A2", nil), (second, true, "B", "A2"), (first, false, "B", nil),
                (second, false, nil, nil),
            ] as [(Experiment, Bool, String?, String?)] {
                let data = try await graphQL.data(
                    baseline,
                    [
                        "id": .string(experiment.id.nodeID.description),
                        "is": .bool(isBaseline),
                    ])["setExperimentBaseline"]
                #expect(
                    data?["dataset"]?["baselineExperiment"]?["name"]?.stringValue == name)
                #expect(data?["previousBaselineExperiment"]?["name"]?.stringValue == previous)
            }
            let delete = """
                mutation($input: DeleteExperimentsInput!) {
                    deleteExperiments(input: $input) { experiments { name } }
                }
                """
            let unknown = Experiment.ID(99).nodeID.description
            let ids: [JSONValue] = [.string(first.id.nodeID.description)]
            let refused = try await graphQL.data(
                delete, ["input": ["experimentIds": .array(ids + [.string(unknown)])]])
            #expect(refused.stringValue?.hasSuffix("ID(s): ['\(unknown)']") == true)
            let deleted = try await graphQL.data(
                delete, ["input": ["experimentIds": .array(ids)]])
            #expect(deleted["deleteExperiments"]?["experiments"] == [["name": "A2"]])
            let project = try await graphQL.service.tracing.projectIfAny(
                named: first.projectName ?? "")
            #expect(project == nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `experiments are found by their name and description`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            let first = try await graphQL.service.experiment(name: "50%_alike")
            _ = try await graphQL.service.experiment(name: "other")
            let third = try await graphQL.service.experiment(name: "passing alike")
            for (experiment, patch) in [
                (first, ExperimentPatch(description: "Plain WORDS")),
                (third, ExperimentPatch(isEphemeral: true)),
            ] {
                _ = try await graphQL.service.store.update(
                    experiment.id, with: patch, now: ExperimentsService.now)
            }
            for (text, names) in [
                ("ALIKE", ["50%_alike"]), ("%_", ["50%_alike"]), ("plain words", ["50%_alike"]),
                ("_ther", []), ("o", ["other", "50%_alike"]),
            ] as [(String, [JSONValue])] {
                let found = try await graphQL.data(
                    """
                    query($text: String!) { searchResources(query: $text) {
                        ... on Experiment { name }
                    } }
                    """, ["text": .string(text)])["searchResources"]?.arrayValue
                #expect(found?.compactMap { $0["name"] } == names, "\(text)")
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a comparison shows examples as the experiment began with them`(
        on database: TestDatabase
    ) async throws {
        try await database.withExperimentsGraphQL { graphQL in
            // Version 2 changed the second example and deleted the fourth.
            let old = try await graphQL.service.experiment(version: 1)
            let new = try await graphQL.service.experiment(version: 2)
            try await graphQL.service.run(old, example: 2)
            try await graphQL.service.run(new, example: 2)
            for (experiment, answers) in [
                (old, ["a1", "a2", "a3", "a4"]), (new, ["a1", "b2", "a3"]),
            ] as [(Experiment, [JSONValue])] {
                let data = try await graphQL.data(
                    """
                    query($base: ID!) {
                        compareExperiments(baseExperimentId: $base, compareExperimentIds: []) {
                            edges { node { example { revision { output } } } }
                        }
                    }
                    """, ["base": .string(experiment.id.nodeID.description)])
                let edges = data["compareExperiments"]?["edges"]?.arrayValue
                #expect(
                    edges?.compactMap { $0["node"]?["example"]?["revision"]?["output"]?["a"] }
                        == answers)
                let runs = try await graphQL.node(
                    experiment.id.nodeID, "Experiment",
                    "runs { edges { node { example { revision { output } } } } }")
                let example = runs["runs"]?["edges"]?[0]?["node"]?["example"]
                #expect(example?["revision"]?["output"]?["a"] == answers[1])
            }
        }
    }
}
