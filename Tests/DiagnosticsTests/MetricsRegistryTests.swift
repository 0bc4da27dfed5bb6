import Diagnostics
import Testing

@Suite struct MetricsRegistryTests {
    @Test func `metrics are shown in the text format of Prometheus`() {
        let registry = MetricsRegistry()
        let counter = registry.counter("refused_total", help: "Refused.")
        counter.add(labels: [("reason", "a \"quoted\"\\\nreason")])
        counter.add(2, labels: [("reason", "full")])
        registry.gauge("size", help: "Size.") { 1.5 }
        let histogram = registry.histogram("seconds", help: "Time.", bounds: [0.1, 1])
        histogram.record(0.05)
        histogram.record(Duration.milliseconds(500))
        histogram.record(7)
        #expect(
            registry.exposition == """
                # HELP refused_total Refused.
                # TYPE refused_total counter
                refused_total{reason="a \\"quoted\\"\\\\\\nreason"} 1.0
                refused_total{reason="full"} 2.0
                # HELP size Size.
                # TYPE size gauge
                size 1.5
                # HELP seconds Time.
                # TYPE seconds histogram
                seconds_bucket{le="0.1"} 1
                seconds_bucket{le="1.0"} 2
                seconds_bucket{le="+Inf"} 3
                seconds_sum 7.55
                seconds_count 3

                """)
    }

    @Test func `a counter that nobody moved shows zero`() {
        let registry = MetricsRegistry()
        _ = registry.counter("idle_total", help: "Idle.")
        #expect(registry.exposition.hasSuffix("idle_total 0.0\n"))
    }

    @Test func `a gauge shows what it was set to last, zero at first`() {
        let registry = MetricsRegistry()
        let gauge = registry.gauge("size", help: "Size.")
        #expect(registry.exposition.hasSuffix("size 0.0\n"))
        gauge.set(3)
        gauge.set(2.5)
        #expect(registry.exposition.hasSuffix("size 2.5\n"))
    }
}
