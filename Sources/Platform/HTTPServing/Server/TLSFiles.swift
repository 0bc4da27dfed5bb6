import NIOCore
@preconcurrency import NIOSSL

/// The files of a TLS server, all PEM.
package struct TLSFiles: Sendable {
    /// The server's certificate, followed by intermediate ones.
    package var certificateFile: String
    package var keyFile: String
    package var keyPassword: String?
    /// Whose client certificates are accepted. Set it to demand one from every client.
    package var clientCAFile: String?

    package init(
        certificateFile: String, keyFile: String, keyPassword: String? = nil,
        clientCAFile: String? = nil
    ) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        self.keyPassword = keyPassword
        self.clientCAFile = clientCAFile
    }
}

extension TLSFiles {
    /// Reads the files. TLS 1.2 and 1.3; ALPN offers `h2`, then `http/1.1`.
    func makeContext() throws(HTTPServerError) -> NIOSSLContext {
        let chain: [NIOSSLCertificate] = try reading("certificate", certificateFile) {
            try NIOSSLCertificate.fromPEMFile(certificateFile)
        }
        let key: NIOSSLPrivateKey = try reading("private key", keyFile) {
            guard let keyPassword else {
                return try NIOSSLPrivateKey(file: keyFile, format: .pem)
            }
            let password = Array(keyPassword.utf8)
            return try NIOSSLPrivateKey(file: keyFile, format: .pem) { $0(password) }
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.shutdownTimeout = .seconds(2)
        configuration.applicationProtocols = ["h2", "http/1.1"]
        if let clientCAFile {
            let roots: [NIOSSLCertificate] = try reading("client CA", clientCAFile) {
                try NIOSSLCertificate.fromPEMFile(clientCAFile)
            }
            configuration.trustRoots = .certificates(roots)
            // A client has no host name to compare; the chain and the purpose are verified.
            configuration.certificateVerification = .noHostnameVerification
        }
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw HTTPServerError(
                code: .tlsFiles,
                message: "The certificate in \(certificateFile) and the key in \(keyFile) do not "
                    + "make a TLS server. Check that they belong together.",
                cause: error)
        }
    }

    private func reading<Value>(
        _ what: String, _ file: String, _ read: () throws -> Value
    ) throws(HTTPServerError) -> Value {
        do {
            return try read()
        } catch {
            throw HTTPServerError(
                code: .tlsFiles,
                message: "The TLS \(what) file \(file) cannot be read as PEM. "
                    + "Check the path, its permissions and, for a key, the password.",
                cause: error)
        }
    }
}
