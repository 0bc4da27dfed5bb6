/// The place of an event in the stream of one process.
///
/// Sequence numbers start anew with each process, whose random epoch is part of the id. So an id of
/// another process, or of this one before its restart, is recognised as such: what was missed since
/// then is unknown, and the client is told to look at everything anew.
package struct EventID: Sendable, Hashable {
    package var epoch: UInt64
    package var sequence: UInt64

    package init(epoch: UInt64, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }

    /// Reads `<epoch in hexadecimal>-<sequence>`; nil when the text is something else.
    package init?(_ text: some StringProtocol) {
        let parts = text.utf8.count <= 40 ? text.split(separator: "-") : []
        guard parts.count == 2, let epoch = UInt64(parts[0], radix: 16),
            let sequence = UInt64(parts[1])
        else { return nil }
        self.init(epoch: epoch, sequence: sequence)
    }
}

extension EventID: CustomStringConvertible {
    package var description: String { String(epoch, radix: 16) + "-\(sequence)" }
}
