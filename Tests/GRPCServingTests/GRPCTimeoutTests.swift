import Testing

@testable import GRPCServing

@Suite struct GRPCTimeoutTests {
    @Test(
        arguments: [
            ("1H", .seconds(3600)), ("2M", .seconds(120)), ("30S", .seconds(30)),
            ("250m", .milliseconds(250)), ("7u", .microseconds(7)),
            ("99999999n", .nanoseconds(99_999_999)),
            ("0S", .zero),
        ] as [(String, Duration)])
    func `digits and a unit are a time`(text: String, duration: Duration) {
        #expect(GRPCTimeout.parse(text) == duration)
    }

    @Test(arguments: ["", "S", "1", "1s", "-1S", "+1S", " 1S", "123456789S", "1.5S", "é"])
    func `other text is none`(text: String) {
        #expect(GRPCTimeout.parse(text) == nil)
    }
}
