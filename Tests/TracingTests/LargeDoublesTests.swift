import Testing

@testable import Tracing

@Suite struct LargeDoublesTests {
    private func restored(_ text: String) -> String {
        String(decoding: LargeDoubles.restored(Array(text.utf8)), as: UTF8.self)
    }

    @Test func `a double that was written out in full gets its exponent back`() {
        let zeros = String(repeating: "0", count: 308)
        let text = restored(#"{"a":[1\#(zeros),-15\#(zeros.dropFirst())]}"#)
        #expect(text == #"{"a":[1e+308,-1.5e+308]}"#)
    }

    @Test func `a double just beyond 64 bits is recognised by its zeros`() {
        #expect(restored("[9500000000000000000]") == "[9.5e+18]")
        #expect(restored("[100000000000000000000]") == "[1e+20]")
    }

    @Test(arguments: [
        "[123456789012345678901234567890]", "[9223372036854775807]", "[-9223372036854775808]",
        "[18446744073709551615]", #"{"id":"12345678901234567890"}"#, "[0.5,1.25]", "not JSON",
    ])
    func `integers, text and short numbers stay as they are`(text: String) {
        #expect(restored(text) == text)
    }
}
