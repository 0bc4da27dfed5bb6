import ArrowStream
import Compression
import HTTPMessages
import JSON
import Tabular

/// The file of an upload form: text or a table, perhaps compressed.
struct UploadFile {
    enum Kind: String {
        case csv = "text/csv"
        case jsonLines = "application/jsonl"
        case arrow = "application/x-pandas-pyarrow"
    }

    let kind: Kind
    /// The content: a part of the form, unless it was compressed.
    let bytes: ArraySlice<UInt8>
    /// How many bytes are held apart from those of the form.
    let ownBytes: Int
    private let limits: UploadLimits

    /// - Throws: ``DatasetError`` when the file has another form, or is too large.
    init(
        _ part: MultipartForm.Part, of form: MultipartForm, limits: UploadLimits
    ) throws(DatasetError) {
        self.limits = limits
        let type = part.headers["content-type"] ?? ""
        guard let kind = Kind(rawValue: type) else {
            throw DatasetError(.invalid, "Invalid file content type: \(type)")
        }
        self.kind = kind
        let encoding = part.headers["content-encoding"]
        guard let coding = ContentCoding(headerValue: encoding), coding != .zstd else {
            throw DatasetError(.invalid, "Invalid file content encoding: \(encoding ?? "")")
        }
        let content = form.bytes[part.content]
        do throws(CompressionError) {
            if coding == .identity {
                guard content.count <= limits.fileBytes else {
                    throw CompressionError.tooLarge(limit: limits.fileBytes)
                }
                (bytes, ownBytes) = (content, 0)
            } else {
                let file = try coding.decompress(Array(content), limit: limits.fileBytes)
                (bytes, ownBytes) = (file[...], file.count)
            }
        } catch {
            if case .tooLarge = error {
                throw DatasetError(
                    .tooLarge,
                    "The file is larger than \(limits.fileBytes >> 20) MiB. Upload it in parts with "
                        + "the action append.")
            }
            throw DatasetError(.invalid, "The file cannot be read: \(error.description)")
        }
    }

    /// - Throws: ``DatasetError`` when the file is not what its type says, or lacks a column.
    func examples(_ keys: UploadKeys) async throws -> [DatasetUpload.Example] {
        switch kind {
        case .csv: try await csvExamples(keys)
        case .jsonLines: try await lineExamples(keys)
        case .arrow: try await arrowExamples(keys)
        }
    }

    /// How many rows are read before others have a turn.
    private static let rowsInARow = 500

    private func pause(after count: Int) async throws(DatasetError) {
        try limits.checkExamples(count)
        if count % Self.rowsInARow == 0 { await Task.yield() }
    }

    private func requireUTF8() throws(DatasetError) {
        guard let offset = bytes.firstInvalidUTF8 else { return }
        let line = bytes.prefix(offset).count { $0 == 0x0A } + 1
        throw DatasetError(
            .invalid,
            "The file is not UTF-8: the byte 0x\(String(bytes[bytes.startIndex + offset], radix: 16)) at offset "
                + "\(offset) (line \(line)) cannot be decoded. Save it as UTF-8.")
    }

    // MARK: CSV

    private func csvExamples(_ given: UploadKeys) async throws -> [DatasetUpload.Example] {
        try requireUTF8()
        var reader = CSVReader(bytes)
        guard let header = reader.next() else {
            throw DatasetError(.invalid, "Missing CSV column header")
        }
        var places: [String: Int] = [:]
        for (index, name) in header.enumerated() {
            guard places.updateValue(index, forKey: name) == nil else {
                throw DatasetError(.invalid, "Duplicated column header in CSV file: \(name)")
            }
        }
        try given.require(in: header)
        var keys = given
        keys.sort(by: header)
        let rows = UploadRows(keys: keys, cells: .text)
        var examples: [DatasetUpload.Example] = []
        while let cells = reader.next() {
            examples.append(
                try rows.example(line: reader.line) { key in
                    guard let place = places[key], place < cells.count else { return nil }
                    return .string(cells[place])
                })
            try await pause(after: examples.count)
        }
        return examples
    }

    // MARK: JSON lines

    private func lineExamples(_ keys: UploadKeys) async throws -> [DatasetUpload.Example] {
        try requireUTF8()
        let rows = UploadRows(keys: keys.once, cells: .values)
        var examples: [DatasetUpload.Example] = []
        var start = bytes.startIndex + (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
        var line = 0
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.endIndex
            line += 1
            let text = bytes[start..<end]
            start = end + 1
            if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            let object: JSONObject
            do throws(JSONError) {
                guard let members = try JSON.parse(Array(text)).objectValue else {
                    throw JSONError(message: "It is no object.", offset: 0)
                }
                object = members
            } catch {
                throw DatasetError(
                    .invalid,
                    "Line \(line) of the file is not a JSON object (column \(error.offset + 1)): "
                        + error.message)
            }
            examples.append(try rows.example(line: line) { object[$0] })
            try await pause(after: examples.count)
        }
        return examples
    }

    // MARK: Arrow

    private func arrowExamples(_ given: UploadKeys) async throws -> [DatasetUpload.Example] {
        let table: ArrowTable
        do {
            table = try ArrowTable(Array(bytes))
        } catch {
            throw DatasetError(.invalid, "File is not valid pyarrow: \(error)")
        }
        try given.require(in: table.columns.map(\.name))
        var keys = given
        // Columns of structs stay whole here, as the contract has it.
        keys.flatten = []
        keys.sort(by: table.columns.map(\.name))
        var columns: [String: [JSONValue]] = [:]
        let selected = Set(keys.all)
        for column in table.columns where selected.contains(column.name) {
            guard let values = column.values else {
                throw DatasetError(
                    .invalid,
                    "The column '\(column.name)' has a type that is no JSON: \(column.typeName). "
                        + "Convert it to text or numbers.")
            }
            columns[column.name] = values
        }
        let rows = UploadRows(keys: keys, cells: .values)
        var examples: [DatasetUpload.Example] = []
        for index in 0..<table.rowCount {
            examples.append(try rows.example(line: index + 1) { columns[$0]?[index] })
            try await pause(after: examples.count)
        }
        return examples
    }
}

extension UploadKeys {
    /// Every column that is read.
    fileprivate var all: [String] {
        input + output + metadata + splits + [split, spanID, exampleID].compactMap { $0 }
    }

    /// The keys without repetitions.
    fileprivate var once: UploadKeys {
        var copy = self
        func once(_ keys: [String]) -> [String] {
            var seen: Set<String> = []
            return keys.filter { seen.insert($0).inserted }
        }
        (copy.input, copy.output, copy.metadata) = (once(input), once(output), once(metadata))
        return copy
    }
}

extension ArraySlice<UInt8> {
    /// How far from the start the first byte is that belongs to no character.
    fileprivate var firstInvalidUTF8: Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
