import Datasets
import JSON
import PhoenixModel
import TestSupport
import Testing
import Tracing

@Suite struct DatasetGraphQLTests {
    /// Makes a dataset with three examples, `a` and `b` among them, and gives its global id.
    private static func dataset(_ service: DatasetGraphQLService) async throws -> String {
        try await service.store.store(
            DatasetUpload(
                name: "One",
                examples: [
                    .stub(1, id: "a", output: ["says": "Hello"], splits: ["s"]),
                    .stub(2, id: "b"), .stub(3),
                ], hasSplits: true), now: DatasetsService.now
        ).datasetID.nodeID.description
    }

    private static func example(
        _ name: String, _ service: DatasetGraphQLService, _ dataset: String
    ) async throws -> String {
        let id = try #require(Dataset.ID(nodeID: dataset))
        let example = try await service.store.example(called: name, of: id)
        return try #require(example).id.nodeID.description
    }

    @Test(arguments: TestDatabase.available)
    func `datasets are found, sorted and paged`(on database: TestDatabase) async throws {
        try await database.withDatasetGraphQL { service in
            for name in ["b", "A", "Bc"] {
                _ = try await service.mutate(
                    "createDataset", ["name": .string(name)], "dataset { id }")
            }
            let all = try await service.data(
                """
                { datasetCount datasets(first: 2) { edges { node { name exampleCount metadata } }
                    pageInfo { hasNextPage } } }
                """)
            #expect(
                all == [
                    "datasetCount": 3,
                    "datasets": [
                        "edges": [
                            ["node": ["name": "b", "exampleCount": 0, "metadata": [:]]],
                            ["node": ["name": "A", "exampleCount": 0, "metadata": [:]]],
                        ], "pageInfo": ["hasNextPage": true],
                    ],
                ])
            let found = try await service.data(
                """
                { datasets(sort: { col: name, dir: desc }, filter: { col: name, value: "B" }) {
                    edges { node { name } } } }
                """)
            let names = found["datasets"]?["edges"]?.arrayValue?.map { $0["node"]?["name"] }
            #expect(Set(names ?? []) == ["b", "Bc"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `capital letters beyond ASCII are found`(on database: TestDatabase) async throws {
        try await database.withDatasetGraphQL { service in
            let outcome = try await service.store.store(
                DatasetUpload(
                    name: "Über 100%",
                    examples: [
                        .init(content: ExampleContent(input: ["q": "ÄÖ"])), .stub(1),
                    ]), now: DatasetsService.now)
            for (part, count) in [("Über", 1), ("ber 100%", 1), ("BER", 1), ("100_", 0)] {
                var selection = DatasetSelection()
                selection.namePart = part
                #expect(try await service.store.datasetIDs(selection).count == count)
                #expect(try await service.store.search(part, limit: 5).count == count)
            }
            let examples = try await service.store.exampleIDs(
                of: outcome.datasetID, at: nil, in: [], containing: "ÄÖ", among: [])
            #expect(examples.count == 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `examples are shown at a version, by split, by text and by id`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetGraphQL { service in
            let id = try await Self.dataset(service)
            let versions = try await service.data(
                "{ node(id: \"\(id)\") { ... on Dataset { versions { edges { node { id } } } } } }")
            let first =
                versions["node"]?["versions"]?["edges"]?[0]?["node"]?["id"]?.stringValue ?? ""
            _ = try await service.store.store(
                DatasetUpload(
                    name: "One", action: .append, examples: [.stub(9, id: "a"), .stub(4)]),
                now: DatasetsService.now)
            let one = try await Self.example("a", service, id)
            let answer = try await service.data(
                """
                { node(id: "\(id)") { ... on Dataset {
                    now: exampleCount  then: exampleCount(datasetVersionId: "\(first)")
                    old: examples(datasetVersionId: "\(first)") { edges { node {
                        externalId revision { input revisionKind } } } }
                    text: examples(datasetVersionId: "\(first)", filter: "hELLO") { edges { node {
                        externalId datasetSplits { name } } } }
                    ids: examples(filterIds: ["\(one)"], first: 1) { edges { cursor node {
                        externalId revision { input }
                        was: revision(datasetVersionId: "\(first)") { input } } } }
                    splits { name } labels { name } } } }
                """)
            let node = answer["node"] ?? .null
            #expect(node["now"] == 4 && node["then"] == 3)
            #expect(
                node["old"]?["edges"]?.arrayValue?.map { $0["node"]?["externalId"] }
                    == ["a", "b", .null])
            #expect(
                node["old"]?["edges"]?[0]?["node"]?["revision"]
                    == ["input": ["q": 1], "revisionKind": "CREATE"])
            #expect(
                node["text"]?["edges"]
                    == [["node": ["externalId": "a", "datasetSplits": [["name": "s"]]]]])
            #expect(
                node["ids"]?["edges"]?[0]?["node"]
                    == [
                        "externalId": "a", "revision": ["input": ["q": 9]],
                        "was": ["input": ["q": 1]],
                    ])
            #expect(node["splits"] == [["name": "s"]] && node["labels"] == [])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `spans become examples that know them`(on database: TestDatabase) async throws {
        try await database.withDatasetGraphQL { service in
            _ = try await service.tracing.insert(
                [
                    service.tracing.batch([
                        .stub(
                            span: 1, kind: "CHAIN",
                            attributes:
                                #"{"input":{"value":"in"},"output":{"value":"out"}}"#)
                    ])
                ], now: 0)
            let id = try await Self.dataset(service)
            let spans = try await service.data(
                "{ projects { edges { node { spans(first: 5) { edges { node { id } } } } } } }")
            let edges = spans["projects"]?["edges"]?.arrayValue?.compactMap {
                $0["node"]?["spans"]?["edges"]?[0]?["node"]?["id"]
            }
            let span = try #require(edges?.first)
            let added = try await service.mutate(
                "addSpansToDataset",
                ["datasetId": .string(id), "spanIds": [span, span]],
                """
                dataset { exampleCount examples(first: 1, after: "Y29ubmVjdGlvbjoy") { edges {
                    node { span { id containedInDataset }
                        revision { input output metadata } } } } }
                """)
            #expect(
                added == [
                    "dataset": [
                        "exampleCount": 4,
                        "examples": [
                            "edges": [
                                [
                                    "node": [
                                        "span": ["id": span, "containedInDataset": true],
                                        "revision": [
                                            "input": ["input": "in"],
                                            "output": ["output": "out"],
                                            "metadata": [
                                                "span_kind": "CHAIN", "annotations": [:],
                                            ],
                                        ],
                                    ]
                                ]
                            ]
                        ],
                    ]
                ])
            let unknown = try await service.mutate(
                "addSpansToDataset",
                [
                    "datasetId": .string(id),
                    "spanIds": [.string(Span.ID(99).nodeID.description)],
                ],
                "dataset { id }")
            #expect(unknown == "Some spans could not be found")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `operations together make one version`(on database: TestDatabase) async throws {
        try await database.withDatasetGraphQL { service in
            let id = try await Self.dataset(service)
            let (a, b) = (
                JSONValue.string(try await Self.example("a", service, id)),
                JSONValue.string(try await Self.example("b", service, id))
            )
            let made = try await service.mutate(
                "patchDatasetExamples",
                [
                    "datasetId": .string(id), "versionDescription": "says",
                    "versionMetadata": ["k": 1],
                    "operations": [
                        ["replace": ["exampleId": a, "field": "INPUT", "value": ["z": 1]]],
                        ["replace": ["exampleId": a, "field": "OUTPUT", "value": [:]]],
                        ["replace": ["exampleId": a, "field": "INPUT", "value": ["z": 2]]],
                        ["remove": ["exampleId": b]],
                        [
                            "add": [
                                "value": [
                                    "input": [:], "output": [:], "metadata": [:],
                                    "externalId": "n",
                                ]
                            ]
                        ],
                    ],
                ],
                """
                dataset { versions(sort: { col: createdAt, dir: desc }) { edges { node {
                        description metadata } } }
                    examples { edges { node { externalId revision { input output revisionKind } } } } }
                """)
            let dataset = made["dataset"] ?? .null
            #expect(
                dataset["versions"]?["edges"]?[0]?["node"]
                    == ["description": "says", "metadata": ["k": 1]])
            let examples = dataset["examples"]?["edges"]?.arrayValue?.compactMap { $0["node"] }
            #expect(examples?.map { $0["externalId"] } == ["a", .null, "n"])
            #expect(
                examples?[0]["revision"]
                    == ["input": ["z": 2], "output": [:], "revisionKind": "PATCH"])
        }
    }

    @Test(arguments: [
        (#"[]"#, "Must provide at least one operation."),
        (
            #"[{"replace":{"exampleId":"$a","field":"INPUT","value":[1]}}]"#,
            "operations[0].replace.value must be a JSON object."
        ),
        (
            #"[{"remove":{"exampleId":"UHJvamVjdDoy"}}]"#,
            "operations[0].remove.exampleId is not a dataset example ID."
        ),
        (
            #"[{"remove":{"exampleId":"$a"}},{"remove":{"exampleId":"$a"}}]"#,
            "operations[1] removes example $a, which an earlier operation already removed."
        ),
        (
            #"[{"add":{"value":{"input":{},"output":{},"metadata":{},"externalId":"b"}}}]"#,
            "Custom IDs ['b'] are already taken in this dataset. A custom ID stays taken even after "
                + "its example is deleted."
        ),
        (
            #"[{"remove":{"exampleId":"RGF0YXNldEV4YW1wbGU6OTk="}}]"#,
            "Examples RGF0YXNldEV4YW1wbGU6OTk= could not be found in this dataset."
        ),
    ])
    func `operations that cannot be are refused together`(
        operations: String, message: String
    ) async throws {
        try await TestDatabase.sqlite.withDatasetGraphQL { service in
            let id = try await Self.dataset(service)
            let a = try await Self.example("a", service, id)
            func filled(_ text: String) -> String {
                text.split(separator: "$a", omittingEmptySubsequences: false).joined(separator: a)
            }
            let answer = try await service.mutate(
                "patchDatasetExamples",
                ["datasetId": .string(id), "operations": try JSON.parse(filled(operations))],
                "dataset { id }")
            #expect(answer == .string(filled(message)))
            let dataset = try #require(Dataset.ID(nodeID: id))
            #expect(try await service.store.versions(of: dataset, limit: 9).rows.count == 1)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `examples are added and deleted`(on database: TestDatabase) async throws {
        try await database.withDatasetGraphQL { service in
            let id = try await Self.dataset(service)
            let added = try await service.mutate(
                "addExamplesToDataset",
                [
                    "datasetId": .string(id),
                    "examples": [
                        [
                            "input": ["q": 5], "output": [:], "metadata": ["m": 1],
                            "externalId": "e",
                        ]
                    ],
                ], "dataset { exampleCount }")
            #expect(added == ["dataset": ["exampleCount": 4]])
            let example = JSONValue.string(try await Self.example("e", service, id))
            for expected: JSONValue in [
                ["dataset": ["exampleCount": 3]],
                "Provided examples contain already deleted examples. Delete aborted.",
            ] {
                let answer = try await service.mutate(
                    "deleteDatasetExamples", ["exampleIds": [example]],
                    "dataset { exampleCount }")
                #expect(answer == expected)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `splits and labels are made, changed, given and deleted`(
        on database: TestDatabase
    ) async throws {
        try await database.withDatasetGraphQL { service in
            let id = try await Self.dataset(service)
            let (a, b) = (
                JSONValue.string(try await Self.example("a", service, id)),
                JSONValue.string(try await Self.example("b", service, id))
            )
            let made = try await service.mutate(
                "createDatasetSplitWithExamples",
                ["name": "n", "color": "red", "exampleIds": [a]],
                "datasetSplit { id name } examples { datasetSplits { name } }")
            #expect(made["examples"]?[0]?["datasetSplits"] == [["name": "n"], ["name": "s"]])
            let split = made["datasetSplit"]?["id"] ?? .null
            let patched = try await service.mutate(
                "patchDatasetSplit", ["datasetSplitId": split, "name": "m", "description": nil],
                "datasetSplit { name color }")
            #expect(patched == ["datasetSplit": ["name": "m", "color": "red"]])
            let set = try await service.mutate(
                "setDatasetExamplesSplits",
                ["exampleIds": [b, a], "datasetSplitIds": [split], "datasetId": .string(id)],
                "examples { externalId datasetSplits { name } }")
            #expect(
                set["examples"]
                    == [
                        ["externalId": "b", "datasetSplits": [["name": "m"]]],
                        ["externalId": "a", "datasetSplits": [["name": "m"]]],
                    ])
            let deleted = try await service.mutate(
                "deleteDatasetSplits", ["datasetSplitIds": [split]],
                "datasetSplits { name } query { datasetSplits { edges { node { name } } } }",
                type: "DeleteDatasetSplitInput")
            #expect(
                deleted == [
                    "datasetSplits": [["name": "m"]],
                    "query": ["datasetSplits": ["edges": [["node": ["name": "s"]]]]],
                ])
            let label = try await service.mutate(
                "createDatasetLabel",
                ["name": "l", "color": "#00ff00", "datasetIds": [.string(id)]],
                "datasetLabel { id usageCount } datasets { labels { name } }")
            #expect(label["datasets"] == [["labels": [["name": "l"]]]])
            #expect(label["datasetLabel"]?["usageCount"] == 1)
            let odd = try await service.mutate(
                "createDatasetLabel", ["name": "o", "color": "red"], "datasetLabel { id }")
            #expect(odd == "Expected a hex color, got red")
            let gone = try await service.mutate(
                "deleteDatasetLabels",
                ["datasetLabelIds": [label["datasetLabel"]?["id"] ?? .null]],
                "datasetLabels { name }")
            #expect(gone == ["datasetLabels": [["name": "l"]]])
        }
    }

    @Test func `nothing is changed in read-only mode`() async throws {
        try await TestDatabase.sqlite.withDatasetGraphQL { service in
            let answer = try await service.data(
                "mutation { createDataset(input: { name: \"x\" }) { dataset { id } } }",
                isReadOnly: true)
            #expect(answer == "Application is read-only")
            #expect(try await service.store.datasetCount() == 0)
        }
    }
}
