import Testing

@testable import TextSignatures

@Suite struct TextFoldingTests {
    @Test(arguments: [
        ("Hello, WORLD [\\]^_`@{|}~ 0123456789", "hello, world [\\]^_`@{|}~ 0123456789"),
        ("GRÜSSE aus KÖLN", "grüsse aus köln"),
        ("ПРИВЕТ, Мир", "привет, мир"),
        ("ΟΔΟΣ οδος", "οδοσ οδοσ"),
        ("İSTANBUL ısı", "istanbul isi"),
        ("5 \u{212A}, \u{2126}, \u{212B}", "5 k, ω, å"),
        ("ԲԱՐԵՎ", "բարեվ"),
        ("日本語 🙂 שלום مرحبا", "日本語 🙂 שלום مرحبا"),
        ("ẞ Ⱥ", "ẞ Ⱥ"),
        ("", ""),
    ])
    func `both cases become one`(text: String, folded: String) {
        #expect(String(decoding: TextFolding.folded(text), as: UTF8.self) == folded)
    }

    @Test func `a text folds as its scalars do`() {
        var random = Generator(seed: 1)
        for _ in 0..<300 {
            let text = random.text(length: Int.random(in: 0...40, using: &random))
            let parts = text.unicodeScalars.flatMap { TextFolding.folded(String($0)) }
            #expect(TextFolding.folded(text) == parts)
        }
    }

    @Test func `bytes that are no UTF-8 stay`() {
        let bytes: [UInt8] = [0x41, 0xC3, 0x41, 0xFF, 0xE2, 0x84, 0x41, 0xE2, 0x84]
        let folded = bytes.withUnsafeBytes { TextFolding.folded($0) }
        #expect(folded == [0x61, 0xC3, 0x61, 0xFF, 0xE2, 0x84, 0x61, 0xE2, 0x84])
    }

    @Test func `a scalar of certain case has the folding of all its forms`() {
        // Which scalars a database may turn into each one.
        var sources: [Unicode.Scalar: [Unicode.Scalar]] = [:]
        for value in UInt32(0x41)...0x2FFF {
            guard let scalar = Unicode.Scalar(value), scalar.properties.changesWhenLowercased,
                let lower = scalar.properties.lowercaseMapping.unicodeScalars.first
            else { continue }
            sources[lower, default: []].append(scalar)
        }
        for value in UInt32(0x41)...0x2FFF {
            guard let scalar = Unicode.Scalar(value), TextFolding.isCertain(scalar) else {
                continue
            }
            let folded = TextFolding.folded(String(scalar))
            for other in sources[scalar] ?? [] {
                #expect(TextFolding.folded(String(other)) == folded, "\(other) and \(scalar)")
            }
        }
    }
}

/// Numbers that depend on the seed alone (Steele, Lea and Flood 2014, SplitMix64).
struct Generator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    static let alphabet = Array(
        "abcdefgABCXYZ 0123\"\\\n\t\u{1}:{}[],/éÉßẞıİiIΣςσЖжԲ日本🙂👩‍👩‍👧שמم\u{307}\u{212A}K".unicodeScalars
    )

    mutating func text(length: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for _ in 0..<length { scalars.append(Self.alphabet.randomElement(using: &self)!) }
        return String(scalars)
    }

    mutating func words(_ count: Int) -> String {
        let syllables = [
            "ka", "re", "to", "mi", "son", "der", "al", "qui", "ver", "te", "ing", "tion", "pre",
            "un", "co", "la", "ste", "far", "os", "bel",
        ]
        return (0..<count).map { _ in
            (0..<Int.random(in: 1...3, using: &self)).map { _ in
                syllables.randomElement(using: &self)!
            }.joined()
        }.joined(separator: " ")
    }
}
