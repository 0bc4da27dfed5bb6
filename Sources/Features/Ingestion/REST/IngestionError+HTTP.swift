import HTTPMessages

extension IngestionError: APIErrorConvertible {
    package var response: HTTPResponse {
        let status: HTTPStatus =
            switch code {
            case .queueFull, .shuttingDown, .databaseUnavailable: .serviceUnavailable
            case .storageFull: .insufficientStorage
            case .writeFailed: .internalServerError
            }
        var headers = HTTPHeaders()
        if let retryAfter { headers.set("retry-after", "\(max(1, retryAfter.components.seconds))") }
        return .text(status, message, headers: headers)
    }
}
