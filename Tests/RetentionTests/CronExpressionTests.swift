import Retention
import Testing

@Suite struct CronExpressionTests {
    /// Thursday, 1 January 1970, 0:00.
    private static let thursday: Int64 = 0
    private static let sunday: Int64 = 3 * 24

    @Test(
        arguments: [
            ("0 0 * * 0", [sunday], [sunday + 1, thursday, sunday + 24]),
            ("0 * * * *", [thursday, thursday + 7, sunday + 23], []),
            ("0 */8 * * 1-5", [thursday + 8, thursday + 16], [thursday + 7, sunday + 8]),
            ("0 5/6 * * *", [5, 11, 17, 23], [0, 6]),
            ("0 1,3-5 * * 4", [1, 3, 4, 5], [0, 2, 6, 25]),
            ("0\t01 * *  04", [1, 7 * 24 + 1], [2, 25]),
            ("0 23 * * 3", [-1], [0, -2]),
        ] as [(String, [Int64], [Int64])])
    func `hours of the week are found`(_ text: String, _ hours: [Int64], _ others: [Int64]) throws {
        let cron = try CronExpression(text)
        for hour in hours { #expect(cron.includes(hour: hour), "\(hour)") }
        for hour in others { #expect(!cron.includes(hour: hour), "\(hour)") }
    }

    @Test(arguments: [
        "", "0 * * *", "0 * * * * *", "* * * * *", "1 * * * *", "00 0 * * *", "0,0 * * * *",
        "0 24 * * *", "0 * 1 * *", "0 * * 1 *", "0 * * * 7", "0 5-1 * * *", "0 a * * *",
        "0 * * * MON", "0 -1 * * *", "0 1,,2 * * *", "0 1, * * *", "0 */0 * * *", "0 1- * * *",
        "0 0 ? * *", "0 1-30 * * *", "@daily", "0 1/2/3 * * *", "0 99999999999999999999 * * *",
    ])
    func `what is no such expression is refused`(_ text: String) {
        #expect(throws: CronExpression.Fault.self) { try CronExpression(text) }
    }
}
