import PhoenixModel
import SQLCore

extension RowID: SQLConvertible {
    package var sqlValue: SQLValue { .integer(value) }
}

extension Timestamp: SQLConvertible {
    package var sqlValue: SQLValue { .integer(microseconds) }
}

extension OTelID: SQLConvertible {
    package var sqlValue: SQLValue { .blob(bytes) }
}

extension SQLRow {
    func id<Noun>(_ column: Int, of noun: Noun.Type = Noun.self) -> RowID<Noun> {
        RowID(integer(column))
    }

    func timestamp(_ column: Int) -> Timestamp { Timestamp(microseconds: integer(column)) }

    func otelID(_ column: Int) -> OTelID { OTelID(blob(column)) }
}
