import Testing

@testable import GRPCServing

@Suite struct HealthCheckTests {
    @Test func `a request names its service, or the server as a whole`() {
        #expect(HealthCheck.service(in: []) == "")
        #expect(HealthCheck.service(in: [0x0A, 0]) == "")
        #expect(HealthCheck.service(in: [0x0A, 3] + Array("a.B".utf8)) == "a.B")
    }

    @Test(arguments: [
        [0x0A], [0x0A, 2, 0x61], [0x0A, 1, 0x61, 0x62], [0x08, 1], [0x0A, 1, 0xFF],
    ])
    func `another message is malformed`(message: [UInt8]) {
        #expect(HealthCheck.service(in: message) == nil)
    }

    @Test func `the answer is one byte of status`() {
        #expect(HealthCheck.response(isServing: true) == [0x08, 1])
        #expect(HealthCheck.response(isServing: false) == [0x08, 2])
    }
}
