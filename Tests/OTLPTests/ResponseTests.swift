import OTLP
import Testing

@Suite struct ResponseTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func `full success is an empty message`() {
        #expect(TraceExportResponse().protobuf().isEmpty)
        #expect(text(TraceExportResponse().json()) == "{}")
    }

    @Test func `partial success tells how many spans and why`() {
        let response = TraceExportResponse(rejectedSpans: 2, errorMessage: "no span id")
        let message = Array("no span id".utf8)
        #expect(
            response.protobuf()
                == [0x0A, 0x8E, 0x80, 0x80, 0x80, 0x00, 0x08, 0x02, 0x12, 0x0A] + message)
        #expect(
            text(response.json())
                == #"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no span id"}}"#)
    }

    @Test func `a status carries its code, its message and when to retry`() {
        let status = RPCStatus(code: 8, message: "full", retryDelay: .milliseconds(1_500))
        #expect(
            text(status.json())
                == #"{"code":8,"message":"full","details":["#
                + #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500000000s"}]}"#
        )
        #expect(
            RPCStatus.retryInfo(.milliseconds(1_500))
                == [0x0A, 0x08, 0x08, 0x01, 0x10, 0x80, 0xCA, 0xB5, 0xEE, 0x01])
        #expect(RPCStatus(code: 3, message: "m").protobuf() == [0x08, 0x03, 0x12, 0x01, 0x6D])
        #expect(text(RPCStatus(code: 3, message: "m").json()) == #"{"code":3,"message":"m"}"#)
    }
}
