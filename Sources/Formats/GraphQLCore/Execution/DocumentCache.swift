import Locking

/// A document that was read and checked, or what is wrong with it.
struct PreparedDocument: Sendable {
    var document: Document
    var fragments: [String: FragmentDefinition]

    init(_ document: Document) {
        self.document = document
        var fragments: [String: FragmentDefinition] = [:]
        for case .fragment(let fragment) in document.definitions {
            fragments[fragment.name.value] = fragment
        }
        self.fragments = fragments
    }
}

/// Keeps the documents that were used last, by their text, and the texts that clients persisted, by
/// their hash. When full, what was used longest ago makes room.
final class DocumentCache: Sendable {
    private struct Entry {
        var document: PreparedDocument
        var size: Int
        var used: UInt64
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var texts: [String: (text: String, used: UInt64)] = [:]
        var size = 0
        var tick: UInt64 = 0
    }

    private let state = Mutex(State())
    private let maximumCount: Int
    private let maximumBytes: Int

    init(maximumCount: Int, maximumBytes: Int) {
        self.maximumCount = maximumCount
        self.maximumBytes = maximumBytes
    }

    /// About how many bytes of a document's tree a byte of its text makes, names and places of nodes
    /// included.
    private static let bytesPerByte = 24

    func document(for text: String) -> PreparedDocument? {
        state.withLock { state in
            state.tick += 1
            state.entries[text]?.used = state.tick
            return state.entries[text]?.document
        }
    }

    /// Keeps a valid document; one that is larger than an eighth of the cache is not kept.
    func insert(_ document: PreparedDocument, for text: String) {
        let size = text.utf8.count * Self.bytesPerByte
        guard maximumCount > 0, size <= maximumBytes / 8 else { return }
        state.withLock { state in
            state.tick += 1
            if let old = state.entries[text] { state.size -= old.size }
            state.entries[text] = Entry(document: document, size: size, used: state.tick)
            state.size += size
            if state.entries.count <= maximumCount, state.size <= maximumBytes { return }
            // A quarter goes at a time, so that the search for the oldest is rare.
            let order = state.entries.sorted { $0.value.used < $1.value.used }
            for (key, entry) in order {
                if state.entries.count <= maximumCount * 3 / 4,
                    state.size <= maximumBytes / 4 * 3
                {
                    break
                }
                state.entries[key] = nil
                state.size -= entry.size
            }
        }
    }

    func text(forHash hash: String) -> String? {
        state.withLock { state in
            state.tick += 1
            state.texts[hash]?.used = state.tick
            return state.texts[hash]?.text
        }
    }

    func persist(_ text: String, hash: String) {
        guard maximumCount > 0, text.utf8.count <= maximumBytes / max(8, maximumCount) else {
            return
        }
        state.withLock { state in
            state.tick += 1
            state.texts[hash] = (text, state.tick)
            if state.texts.count > maximumCount,
                let oldest = state.texts.min(by: { $0.value.used < $1.value.used })
            {
                state.texts[oldest.key] = nil
            }
        }
    }
}
