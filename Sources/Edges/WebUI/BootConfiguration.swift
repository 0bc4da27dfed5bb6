import JSON

/// What the page is told about its server before it asks anything.
package struct BootConfiguration: Sendable {
    /// The version of the contract.
    package var platformVersion: String
    /// Our own.
    package var version: String
    package var authenticationEnabled = false
    package var hasDatabaseThreshold = false
    package var isReadOnly = false
    package var grpcPort: Int

    package init(platformVersion: String, version: String, grpcPort: Int) {
        self.platformVersion = platformVersion
        self.version = version
        self.grpcPort = grpcPort
    }

    /// JSON that may stand in a `<script>` block: no `<`, so nothing in it ends the block.
    func script(rootPath: String, isDevelopment: Bool) -> String {
        let json: JSONValue = [
            "platformVersion": .string(platformVersion), "version": .string(version),
            "rootPath": .string(rootPath), "grpcPort": .integer(Int64(grpcPort)),
            "authenticationEnabled": .bool(authenticationEnabled),
            "hasDatabaseThreshold": .bool(hasDatabaseThreshold),
            "isReadOnly": .bool(isReadOnly), "isDevelopment": .bool(isDevelopment),
        ]
        var text = ""
        for character in json.text.unicodeScalars {
            if character == "<" { text += "\\u003c" } else { text.unicodeScalars.append(character) }
        }
        return text
    }
}
