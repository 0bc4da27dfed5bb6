import GraphQLCore
import GraphQLSupport
import PhoenixModel

/// A series whose points are of any one Swift type.
private struct Series<Point: Sendable>: Sendable {
    var points: [Point]
}

/// A point of a series.
private struct Point<Value: Sendable>: Sendable {
    var timestamp: Timestamp
    var value: Value
}

extension ProjectResolvers {
    /// The quantiles of a point of the latency series.
    private static let latencyQuantiles: [(field: String, probability: Double)] = [
        ("p50", 0.5), ("p75", 0.75), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999),
        ("max", 1),
    ]

    func addTimeSeries(to fields: inout Fields) {
        let store = store
        fields.field("traceCountTimeSeries") { parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            return Self.series(bins, try await store.traceCountSeries(of: parent.id, bins))
        }
        fields.field("spanCountTimeSeries") { parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            let filter = try arguments.filter("filterCondition", in: .span)
            return Self.series(
                bins, try await store.spanCountSeries(of: parent.id, bins, where: filter))
        }
        fields.field("traceCountByStatusTimeSeries") { parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            return Self.series(bins, try await store.traceStatusSeries(of: parent.id, bins))
        }
        fields.field("traceLatencyMsPercentileTimeSeries") { parent, arguments, context in
            let bins = try arguments.timeBins(now: context.now)
            return Self.series(
                bins,
                try await store.traceLatencyMsSeries(
                    of: parent.id, bins, Self.latencyQuantiles.map(\.probability)))
        }
    }

    private static func series<Value: Sendable>(
        _ bins: TimeBins, _ values: [Value]
    ) -> ResolvedValue {
        .object(
            Series(
                points: zip(bins.starts, values).map { start, value in
                    Point(timestamp: start, value: value)
                }))
    }

    /// Adds a type of series and the type of its points.
    private func add<Value: Sendable>(
        _ series: String, pointsOf point: String, _ value: Value.Type,
        to table: inout ResolverTable,
        _ build: (inout ResolverTable.Fields<Point<Value>>) -> Void
    ) {
        table.object(series, of: Series<Point<Value>>.self) { fields in
            fields.property("data") { .objects($0.points) }
        }
        table.object(point, of: Point<Value>.self) { fields in
            fields.property("timestamp") { .timestamp($0.timestamp) }
            build(&fields)
        }
    }

    func addTimeSeriesTypes(to table: inout ResolverTable) {
        add(
            "TraceCountTimeSeries", pointsOf: "TimeSeriesDataPoint", Int64?.self, to: &table
        ) { fields in
            fields.property("value") { .double($0.value.map(Double.init)) }
        }
        add(
            "SpanCountTimeSeries", pointsOf: "SpanCountTimeSeriesDataPoint",
            SpanStatusCounts?.self, to: &table
        ) { fields in
            fields.property("okCount") { .integer($0.value?.ok) }
            fields.property("errorCount") { .integer($0.value?.error) }
            fields.property("unsetCount") { .integer($0.value?.unset) }
            fields.property("totalCount") { .integer($0.value?.total) }
        }
        add(
            "TraceCountByStatusTimeSeries", pointsOf: "TraceCountByStatusTimeSeriesDataPoint",
            TraceStatusCounts.self, to: &table
        ) { fields in
            fields.property("okCount") { .integer($0.value.total - $0.value.error) }
            fields.property("errorCount") { .integer($0.value.error) }
            fields.property("totalCount") { .integer($0.value.total) }
        }
        add(
            "TraceLatencyPercentileTimeSeries",
            pointsOf: "TraceLatencyMsPercentileTimeSeriesDataPoint", [Double]?.self, to: &table
        ) { fields in
            for (index, quantile) in Self.latencyQuantiles.enumerated() {
                fields.property(quantile.field) { .double($0.value.map { $0[index] }) }
            }
        }
    }
}
