import JSON
import Testing

@testable import TextSignatures

@Suite struct TextSignatureTests {
    private func signature(_ texts: [String]) -> TextSignature {
        let builder = SignatureBuilder()
        for text in texts { builder.add(text: text) }
        return builder.finish()
    }

    private func signature(json: JSONValue) -> TextSignature {
        let builder = SignatureBuilder()
        json.serialized().withUnsafeBytes { builder.add(json: $0) }
        return builder.finish()
    }

    @Test func `every part of every text is found, whatever its case`() {
        var random = Generator(seed: 7)
        for _ in 0..<400 {
            let texts = (0..<4).map { _ in
                random.text(length: Int.random(in: 0...60, using: &random))
            }
            let ofTexts = signature(texts)
            let ofJSON = signature(
                json: .object(["a": .array(texts.map(JSONValue.string)), "n": 12]))
            for text in texts where !text.isEmpty {
                let scalars = Array(text.unicodeScalars)
                let start = Int.random(in: 0..<scalars.count, using: &random)
                let end = Int.random(in: start...scalars.count, using: &random)
                let part = String(String.UnicodeScalarView(scalars[start..<end]))
                for needle in [part, part.lowercased(), part.uppercased()] {
                    // Only forms that lower-casing brings back to the part are the same text.
                    guard needle == part || needle.lowercased() == part.lowercased(),
                        let query = SignatureQuery.text(containing: needle)
                    else { continue }
                    #expect(ofTexts.mayMatch(query), "\(needle.debugDescription)")
                    #expect(ofJSON.mayMatch(query), "\(needle.debugDescription)")
                }
                guard let value = SignatureQuery.value(containing: part) else { continue }
                #expect(ofJSON.mayMatch(value), "\(part.debugDescription)")
            }
        }
    }

    @Test func `a part of a JSON value's text is found, whatever the value is`() {
        var random = Generator(seed: 8)
        for _ in 0..<400 {
            // Blanks are put behind these two as PostgreSQL does, but not inside of strings.
            let (key, text) = (random.text(length: 5), random.text(length: 12))
            let value: JSONValue = [
                "key of \(key.filter { $0 != ":" && $0 != "," })":
                    .string(text.filter { $0 != ":" && $0 != "," }),
                "number": .double(Double.random(in: -1e6...1e6, using: &random)),
                "list": [true, false, nil, .integer(.random(in: 0...100_000, using: &random))],
            ]
            let signature = signature(json: ["metadata": value])
            let spaced = value.text.replacing(":", with: ": ").replacing(",", with: ", ")
            for text in [value.text, spaced] where !text.contains("\\") {
                let scalars = Array(text.unicodeScalars)
                let start = Int.random(in: 0..<scalars.count, using: &random)
                let end = min(scalars.count, start + Int.random(in: 0...20, using: &random))
                let part = String(String.UnicodeScalarView(scalars[start..<end]))
                guard let query = SignatureQuery.value(containing: part) else { continue }
                #expect(signature.mayMatch(query), "\(part) in \(text)")
            }
        }
    }

    @Test(arguments: ["acme", "Acme Corp", "12345678", "-4821", "{\"a\":\"worded\"}"])
    func `a whole value is found`(text: String) throws {
        let parsed = (try? JSON.parse(text)) ?? .string(text)  // Text that is no JSON is a string.
        let query = try #require(SignatureQuery.value(equalTo: text))
        #expect(signature(json: ["a": parsed]).mayMatch(query))
        #expect(!signature(json: ["a": "something else"]).mayMatch(query))
    }

    @Test(arguments: ["", "abc", "1.5e-7", "true", "null", "0.25", "12345678901234567890"])
    func `what could be written in several ways is not decided`(text: String) {
        #expect(SignatureQuery.value(equalTo: text) == nil)
    }

    @Test(arguments: ["", "a", "abc", "日", "12345", "true", "\",\":{}", "ẞẞẞẞ"])
    func `a needle that says too little is not decided`(needle: String) {
        #expect(SignatureQuery.value(containing: needle) == nil)
    }

    @Test func `texts that are not there are mostly told apart`() throws {
        var random = Generator(seed: 3)
        var falseAlarms = 0
        var count = 0
        for _ in 0..<10 {
            let signature = signature((0..<128).map { _ in random.words(30) })
            for _ in 0..<100 {
                // Needles of the same syllables are the hard case.
                let needle = random.words(3)
                let query = try #require(SignatureQuery.text(containing: needle + " zyx"))
                count += 1
                if signature.mayMatch(query) { falseAlarms += 1 }
            }
        }
        // 3 of 1,000 with this seed.
        #expect(falseAlarms * 20 < count, "\(falseAlarms) of \(count)")
    }

    @Test func `few texts make a small signature and many a large one`() {
        var random = Generator(seed: 4)
        #expect(signature([]).bytes.isEmpty)
        #expect(signature(["abc"]).isEmpty)
        #expect(signature(["refund the order"]).bitCount == TextSignature.bitsMin)
        let large = signature((0..<20_000).map { _ in random.text(length: 12) })
        #expect(large.bitCount == TextSignature.positionCount)
    }

    @Test func `bytes give the signature back`() throws {
        for texts in [[], ["refund"], ["refund", "order 1 2 3 4 5 6"]] {
            let signature = signature(texts)
            #expect(TextSignature(bytes: signature.bytes) == signature)
        }
        #expect(TextSignature(bytes: [1, 2, 3]) == nil)
        #expect(TextSignature(bytes: Array(repeating: 0, count: 1536)) == nil)
    }

    @Test func `another size keeps what a signature has`() throws {
        let signature = signature(["refund the order of Monday"])
        let query = try #require(SignatureQuery.text(containing: "order of monday"))
        for size in [8192, 16_384, 65_536] {
            #expect(signature.resized(to: size).mayMatch(query))
        }
        #expect(signature.resized(to: 65_536).resized(to: 8192) == signature)
    }

    @Test func `a large text does not repeat the work`() {
        let builder = SignatureBuilder()
        let text = String(repeating: "a long prompt ", count: 10_000)
        for _ in 0..<3 { builder.add(text: text) }
        let once = builder.finish()
        #expect(once == signature([text]))
        #expect(builder.finish().isEmpty)
    }
}

@Suite struct SignatureGroupTests {
    private static func signatures(seed: UInt64, words: Int) -> [TextSignature] {
        var random = Generator(seed: seed)
        let builder = SignatureBuilder()
        return (0..<SignatureGroup.segmentCount).map { segment in
            if segment % 5 == 3 { return .empty }
            for _ in 0..<segment { builder.add(text: random.words(words)) }
            builder.add(text: "the mark of \(segment * 1_000_003)")
            return builder.finish()
        }
    }

    private func members(of mask: SegmentMask) -> [Int] { (0..<128).filter(mask.contains) }

    @Test(arguments: [3, 30])
    func `a group finds what its signatures find`(words: Int) throws {
        let signatures = Self.signatures(seed: 9, words: words)
        let group = SignatureGroup(signatures)
        let size = SignatureGroup.slicesInBlock
        let blocks = group.blocks
        #expect(blocks.count == (group.sliceCount + size - 1) / size)
        func mask(_ position: UInt16) -> SegmentMask {
            let slice = Int(position) % group.sliceCount
            let start = slice % size * SignatureGroup.sliceSize
            let bytes = blocks[slice / size][start..<start + SignatureGroup.sliceSize]
            return SignatureGroup.mask(Array(bytes))!
        }
        for segment in stride(from: 0, to: 128, by: 3) where !signatures[segment].isEmpty {
            let query = try #require(
                SignatureQuery.text(containing: "mark of \(segment * 1_000_003)"))
            let found = members(of: query.candidates(mask))
            #expect(found.contains(segment))
            #expect(!found.contains { signatures[$0].isEmpty })
            let resized = signatures.map { $0.resized(to: group.sliceCount) }
            #expect(found == (0..<128).filter { resized[$0].mayMatch(query) })
        }
    }

    @Test func `blocks give the group and its signatures back`() throws {
        let signatures = Self.signatures(seed: 2, words: 10)
        let group = SignatureGroup(signatures)
        let again = try #require(
            SignatureGroup(sliceCount: group.sliceCount, blocks: group.blocks))
        #expect(again == group)
        #expect(
            again.signatures
                == signatures.map { $0.isEmpty ? $0 : $0.resized(to: group.sliceCount) })
        #expect(SignatureGroup(sliceCount: group.sliceCount, blocks: []) == nil)
    }

    @Test func `a group without texts has no slices`() {
        let group = SignatureGroup(Array(repeating: .empty, count: 128))
        #expect(group.sliceCount == 0)
        #expect(group.blocks.isEmpty)
        #expect(group.signatures == Array(repeating: .empty, count: 128))
    }

    @Test func `all and any combine segments`() {
        let masks: [UInt16: SegmentMask] = [
            1: SegmentMask(low: 0b0111), 2: SegmentMask(low: 0b0110, high: 1),
            3: SegmentMask(low: 0b1000, high: 1),
        ]
        let query = SignatureQuery.any([
            .all([.positions([1]), .positions([2])]), .positions([2, 3]),
        ])
        #expect(query.positions == [1, 2, 3])
        #expect(members(of: query.candidates { masks[$0]! }) == [1, 2, 64])
    }
}
