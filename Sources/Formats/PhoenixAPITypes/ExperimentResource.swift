import JSON

/// An experiment as REST shows it.
package struct ExperimentResource: JSONWritable, Hashable {
    package var id: String
    package var datasetID: String
    package var datasetVersionID: String
    package var name: String
    package var description: String?
    package var repetitions: Int64
    /// A serialised JSON object.
    package var metadata: [UInt8]
    package var projectName: String?
    package var createdAt: String
    package var updatedAt: String
    package var exampleCount: Int64
    package var successfulRunCount: Int64
    package var failedRunCount: Int64
    package var missingRunCount: Int64

    package init(
        id: String, datasetID: String, datasetVersionID: String, name: String,
        description: String?, repetitions: Int64, metadata: [UInt8], projectName: String?,
        createdAt: String, updatedAt: String, exampleCount: Int64, successfulRunCount: Int64,
        failedRunCount: Int64, missingRunCount: Int64
    ) {
        self.id = id
        self.datasetID = datasetID
        self.datasetVersionID = datasetVersionID
        self.name = name
        self.description = description
        self.repetitions = repetitions
        self.metadata = metadata
        self.projectName = projectName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.exampleCount = exampleCount
        self.successfulRunCount = successfulRunCount
        self.failedRunCount = failedRunCount
        self.missingRunCount = missingRunCount
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("dataset_id", datasetID)
        writer.member("dataset_version_id", datasetVersionID)
        writer.member("name", name)
        writer.member("description", description)
        writer.member("repetitions", repetitions)
        writer.key("metadata")
        writer.raw(metadata)
        writer.member("project_name", projectName)
        writer.member("created_at", createdAt)
        writer.member("updated_at", updatedAt)
        writer.member("example_count", exampleCount)
        writer.member("successful_run_count", successfulRunCount)
        writer.member("failed_run_count", failedRunCount)
        writer.member("missing_run_count", missingRunCount)
        writer.endObject()
    }
}

/// A run of an experiment as REST shows it.
package struct ExperimentRunResource: JSONWritable, Hashable {
    package var id: String
    package var experimentID: String
    package var exampleID: String
    /// Serialised JSON.
    package var output: [UInt8]?
    package var repetitionNumber: Int64
    package var startTime: String
    package var endTime: String
    package var traceID: String?
    package var error: String?

    package init(
        id: String, experimentID: String, exampleID: String, output: [UInt8]?,
        repetitionNumber: Int64, startTime: String, endTime: String, traceID: String?,
        error: String?
    ) {
        self.id = id
        self.experimentID = experimentID
        self.exampleID = exampleID
        self.output = output
        self.repetitionNumber = repetitionNumber
        self.startTime = startTime
        self.endTime = endTime
        self.traceID = traceID
        self.error = error
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("dataset_example_id", exampleID)
        writer.key("output")
        if let output { writer.raw(output) } else { writer.null() }
        writer.member("repetition_number", repetitionNumber)
        writer.member("start_time", startTime)
        writer.member("end_time", endTime)
        writer.member("trace_id", traceID)
        writer.member("error", error)
        writer.member("id", id)
        writer.member("experiment_id", experimentID)
        writer.endObject()
    }
}

/// An example as an experiment began with it.
package struct ExperimentExampleResource: JSONWritable, Hashable {
    package var id: String
    /// Serialised JSON objects.
    package var input: [UInt8]
    package var output: [UInt8]
    package var metadata: [UInt8]
    package var updatedAt: String

    package init(
        id: String, input: [UInt8], output: [UInt8], metadata: [UInt8], updatedAt: String
    ) {
        self.id = id
        self.input = input
        self.output = output
        self.metadata = metadata
        self.updatedAt = updatedAt
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("node_id", id)
        writer.key("input")
        writer.raw(input)
        writer.key("output")
        writer.raw(output)
        writer.key("metadata")
        writer.raw(metadata)
        writer.member("updated_at", updatedAt)
        writer.key("source")
        writer.null()
        writer.endObject()
    }
}

/// The repetitions of an example that are to be run.
package struct IncompleteRunsResource: JSONWritable, Hashable {
    package var example: ExperimentExampleResource
    package var repetitionNumbers: [Int64]

    package init(example: ExperimentExampleResource, repetitionNumbers: [Int64]) {
        self.example = example
        self.repetitionNumbers = repetitionNumbers
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("dataset_example")
        example.write(to: &writer)
        writer.key("repetition_numbers")
        writer.beginArray()
        for number in repetitionNumbers { writer.integer(number) }
        writer.endArray()
        writer.endObject()
    }
}

/// The evaluations of a run that are to be made.
package struct IncompleteEvaluationsResource: JSONWritable, Hashable {
    package var run: ExperimentRunResource
    package var example: ExperimentExampleResource
    package var evaluationNames: [String]

    package init(
        run: ExperimentRunResource, example: ExperimentExampleResource, evaluationNames: [String]
    ) {
        self.run = run
        self.example = example
        self.evaluationNames = evaluationNames
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("experiment_run")
        run.write(to: &writer)
        writer.key("dataset_example")
        example.write(to: &writer)
        writer.key("evaluation_names")
        writer.beginArray()
        for name in evaluationNames { writer.string(name) }
        writer.endArray()
        writer.endObject()
    }
}

/// A tag of an experiment as REST shows it.
package struct ExperimentTagResource: JSONWritable, Hashable {
    package var id: String
    package var name: String
    package var description: String?

    package init(id: String, name: String, description: String?) {
        self.id = id
        self.name = name
        self.description = description
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.member("name", name)
        writer.member("description", description)
        writer.endObject()
    }
}

/// The id of something that was stored.
package struct CreatedResource: JSONWritable, Hashable {
    package var id: String

    package init(id: String) { self.id = id }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("id", id)
        writer.endObject()
    }
}

/// Things of one kind under `data`.
package struct ResourceList<Item: JSONWritable>: JSONWritable {
    package var items: [Item]

    package init(_ items: [Item]) { self.items = items }

    package func write(to writer: inout JSONWriter) {
        writer.beginArray()
        for item in items { item.write(to: &writer) }
        writer.endArray()
    }
}
