import APISupport

/// The versions that this program has.
package enum PhoenixVersion {
    /// Our own, by the rules of semantic versioning.
    package static let current = "0.1.0"
    /// That of the contract which we keep, and which clients ask for.
    package static let contract = ContractHeaders.contractVersion
}
