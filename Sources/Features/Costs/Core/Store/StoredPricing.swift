import Locking
import SQLCore
import Tracing

/// Prices spans by the models in the database.
///
/// The models are kept in memory and read again when one of them has changed, which each batch asks
/// for: a model counts from the next batch on, whichever server it was changed on.
package final class StoredPricing: SpanPricing {
    private struct State {
        var version: Int64
        var book: PriceBook
    }

    private let state = Mutex<State?>(nil)

    package init() {}

    package func currentPrices(on connection: any SQLConnection) throws -> any SpanPricer {
        try book(on: connection)
    }

    package func book(on connection: any SQLConnection) throws -> PriceBook {
        let version = try CostStore.version(connection)
        if let state = state.withLock({ $0 }), state.version == version { return state.book }
        let book = PriceBook(try CostStore.pricedModels(connection))
        state.withLock { $0 = State(version: version, book: book) }
        return book
    }
}
