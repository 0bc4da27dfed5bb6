import JSON
import Testing

@Suite struct CanonicalTests {
    @Test(arguments: [
        // RFC 8785, sections 3.2.2 and 3.2.3, and Appendix B.
        (
            #"{"numbers":[333333333.33333329,1E30,4.50,2e-3,1e-27],"literals":[null,true,false]}"#,
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27]}"#
        ),
        (#"{"b":1,"a":{"d":1.0,"c":-0.0}}"#, #"{"a":{"c":0,"d":1},"b":1}"#),
        (
            "[1e21,1e20,123456789012345680000,1e-6,1e-7]",
            "[1e+21,100000000000000000000,123456789012345680000,0.000001,1e-7]"
        ),
        ("[-0.5,1.5e300,5e-324]", "[-0.5,1.5e+300,5e-324]"),
        (#"["\u0001\b\t\n\f\r\"\\\/é\u007f"]"#, "[\"\\u0001\\b\\t\\n\\f\\r\\\"\\\\/é\u{7F}\"]"),
        // By UTF-16 units, not by characters.
        (#"{"\ufb33":1,"\ud83d\ude00":2,"€":3}"#, "{\"€\":3,\"😀\":2,\"\u{FB33}\":1}"),
    ])
    func `equal values have one form`(text: String, expected: String) throws {
        let canonical = try JSON.parse(text).canonical()
        #expect(String(decoding: canonical, as: UTF8.self) == expected)
    }
}
