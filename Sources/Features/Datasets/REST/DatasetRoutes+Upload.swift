import APISupport
import HTTPMessages
import JSON
import Lifecycle
import PhoenixModel

extension DatasetRoutes {
    private static let isSynchronous = Parameter<Bool>.flag(
        "sync", "Whether the answer tells what was stored.")

    private static let uploading: Operation = {
        var answer = Operation.Answer.json(DatasetSchemas.upload)
        answer.schema = Schema.object(DatasetSchemas.upload).orNull
        var operation = Self.operation(
            .post, uploadPath, "uploadDataset",
            "Stores examples in a dataset: JSON, or a form with a file of CSV, JSON lines or Arrow.",
            .changeDatasets, answer, parameters: [isSynchronous.declaration],
            refusals: [
                .badRequest, .conflict,
                refusal(.contentTooLarge, "The upload is too large."), .unprocessable,
                refusal(.tooManyRequests, "Too many uploads are under way."),
            ])
        operation.description =
            "All of it is stored or nothing, before the answer. Examples that are there already, by "
            + "their id or their content, are left alone. The action append adds and changes, "
            + "update also deletes what is not in the upload."
        operation.body = .raw
        operation.bodyDocument = UploadDocument.body
        operation.storesData = true
        return operation
    }()

    private static func refusal(_ status: HTTPStatus, _ text: String) -> Operation.Refusal {
        var refusal = Operation.Refusal.badRequest
        refusal.status = status
        refusal.description = text
        return refusal
    }

    var uploadRoute: Route {
        Route(Self.uploading) { request in
            let contentType = request.http.contentType
            guard request.http.headers["content-type"] != nil else {
                throw DatasetError(.malformed, "Missing content-type header")
            }
            guard let contentType, contentType.isJSON || contentType.essence == Self.formType
            else { throw DatasetError(.invalid, "Invalid request Content-Type") }
            let outcome = try await receiving(
                request.http.body, upTo: contentType.isJSON ? limits.jsonBytes : limits.bodyBytes
            ) { bytes in
                let outcome = try await store(bytes, contentType)
                if bytes.count > Self.trimmedBytes { AllocatorSettings.giveBack() }
                return outcome
            }
            guard request[Self.isSynchronous] else { return .json(.ok, Array("null".utf8)) }
            return .data(UploadResource(outcome: outcome))
        }
    }

    /// From how many bytes on an upload leaves so much free memory that it goes back to the system.
    private static let trimmedBytes = 16 << 20

    private static let formType = "multipart/form-data"

    private func store(
        _ bytes: [UInt8], _ contentType: MediaType
    ) async throws -> DatasetUpload.Outcome {
        guard contentType.essence == Self.formType else {
            let upload = try DatasetUpload(json: bytes)
            try limits.checkExamples(upload.examples.count)
            return try await store.store(upload, now: now())
        }
        let form: MultipartForm
        do throws(MultipartForm.Fault) {
            form = try MultipartForm(bytes, contentType: contentType)
        } catch {
            switch error {
            case .missingBoundary:
                throw DatasetError(.malformed, "Missing boundary in multipart.")
            case .malformed: throw DatasetError(.malformed, "Invalid multipart data.")
            }
        }
        var upload = try DatasetUpload(form: form)
        let keys = try UploadKeys(form: form)
        guard let part = form.parts.last(where: { $0.name == "file" && $0.fileName != nil }) else {
            throw DatasetError(.invalid, "Malformed file in form data.")
        }
        if upload.description?.isEmpty ?? true { upload.description = part.fileName ?? "" }
        let file = try UploadFile(part, of: form, limits: limits)
        try hold(file.ownBytes, holding: bytes.count)
        defer { uploads.release(file.ownBytes) }
        upload.examples = try await file.examples(keys)
        upload.hasSplits = keys.hasSplits
        return try await store.store(upload, now: now())
    }

    /// Takes a body as it arrives, and holds it while `use` runs.
    private func receiving<Value>(
        _ body: HTTPBody, upTo limit: Int, _ use: ([UInt8]) async throws -> Value
    ) async throws -> Value {
        let length = body.declaredLength
        if let length, length > limit { throw HTTPBodyError.tooLarge(limit: limit) }
        var bytes: [UInt8] = []
        var held = 0
        defer { uploads.release(held) }
        for try await chunk in body {
            guard chunk.count <= limit - held else { throw HTTPBodyError.tooLarge(limit: limit) }
            try hold(chunk.count, holding: held)
            held += chunk.count
            // A length alone is no reason to have room for it.
            if let length, held > Self.earnestBytes, bytes.capacity < length {
                bytes.reserveCapacity(length)
            }
            bytes += chunk
        }
        return try await use(bytes)
    }

    /// From how many bytes on a client is believed to send what it announced.
    private static let earnestBytes = 1 << 20

    private func hold(_ count: Int, holding own: Int) throws(DatasetError) {
        guard uploads.reserve(count, holding: own) else {
            throw DatasetError(
                .busy, "Too many uploads are under way. Retry after a short wait.")
        }
    }
}

// MARK: - Forms

extension DatasetUpload {
    /// What the fields of a form say; its examples are in the file.
    fileprivate init(form: MultipartForm) throws(DatasetError) {
        guard let name = form.text("name"), !name.isEmpty else {
            throw DatasetError(.invalid, "Dataset name must not be empty")
        }
        let action = try Self.action(form.text("action"))
        self.init(
            name: name, action: action, description: form.text("description") ?? "", examples: [])
    }

    fileprivate static func action(_ text: String?) throws(DatasetError) -> Action {
        guard let text else { return .create }
        guard let action = Action(rawValue: text) else {
            throw DatasetError(.invalid, "Invalid dateset action: \(text)")
        }
        return action
    }
}

extension UploadKeys {
    fileprivate init(form: MultipartForm) throws(DatasetError) {
        func single(_ name: String) -> String? {
            form.text(name).flatMap { $0.isEmpty ? nil : $0 }
        }
        input = form.texts("input_keys[]")
        output = form.texts("output_keys[]")
        metadata = form.texts("metadata_keys[]")
        splits = form.texts("split_keys[]")
        split = single("split_key")
        flatten = Set(form.texts("flatten_keys[]"))
        spanID = single("span_id_key")
        exampleID = single("example_id_key")
        guard splits.isEmpty || split == nil else {
            throw DatasetError(
                .invalid,
                "Cannot specify both 'split_keys[]' and 'split_key'. Use 'split_key' for a single "
                    + "column with JSON-encoded split lists.")
        }
    }
}
