/// Why a server did not start.
package struct HTTPServerError: Error, CustomStringConvertible {
    package struct Code: Sendable, Hashable {
        private let name: String
        package static let addressInUse = Code(name: "addressInUse")
        package static let permissionDenied = Code(name: "permissionDenied")
        package static let addressUnusable = Code(name: "addressUnusable")
        package static let tlsFiles = Code(name: "tlsFiles")
    }

    package let code: Code
    package let message: String
    package let cause: (any Error)?

    package var description: String { message }
}
