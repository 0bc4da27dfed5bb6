import GraphQLSupport
import JSON
import Testing

@Suite struct DateTimeTests {
    private func echo(_ value: JSONValue) async throws -> JSONValue {
        let text = try await GraphQLFixture().query(
            "query($at:DateTime){echo(at:$at)}", variables: ["at": value])
        let answer = try JSON.parse(text)
        return answer["errors"]?[0]?["message"] ?? answer["data"]?["echo"] ?? .null
    }

    @Test(arguments: [
        ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00+00:00"),
        ("2024-01-01T00:00:00+05:30", "2023-12-31T18:30:00+00:00"),
        ("2024-01-01T00:00:00+0530", "2023-12-31T18:30:00+00:00"),
        ("2024-01-01T00:00:00-05", "2024-01-01T05:00:00+00:00"),
        ("2024-01-01", "2024-01-01T00:00:00+00:00"),
        ("2024-03", "2024-03-01T00:00:00+00:00"),
        ("2024", "2024-01-01T00:00:00+00:00"),
        ("20240102T030405Z", "2024-01-02T03:04:05+00:00"),
        ("2024-01-02 03:04", "2024-01-02T03:04:00+00:00"),
        ("2024-01-01t00:00:00z", "2024-01-01T00:00:00+00:00"),
        ("2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00.123456+00:00"),
        ("2024-01-01T00:00:00,5Z", "2024-01-01T00:00:00.500000+00:00"),
        ("2024-01-01T24:00:00Z", "2024-01-02T00:00:00+00:00"),
        ("2024-W01-1", "2024-01-01T00:00:00+00:00"),
        ("2021-W01-1", "2021-01-04T00:00:00+00:00"),
        ("2020W537", "2021-01-03T00:00:00+00:00"),
        ("2024-366T00:00Z", "2024-12-31T00:00:00+00:00"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
    ])
    func `an instant is read in every form of ISO 8601`(
        _ text: String, _ shown: String
    ) async throws {
        #expect(try await echo(.string(text)) == .string(shown))
    }

    @Test(arguments: [
        "x", "", "2024-13-01T00:00:00Z", "2024-01-01T25:00:00Z", "2024-01-01T00:00:60Z",
        " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00 Z", "10000-01-01T00:00:00Z",
        "2024-01-01T24:00:01Z", "2023-02-29", "202401", "2024-01-01T", "2023-366",
        "9999-12-31T23:59:59-01:00",
    ])
    func `what is no instant is refused`(_ text: String) async throws {
        let message = try await echo(.string(text)).stringValue ?? ""
        #expect(message.contains("Value cannot represent a DateTime: \"\(text)\"."))
    }

    @Test(arguments: [1, 1.5, true, [], [:]] as [JSONValue])
    func `an instant is a string`(_ value: JSONValue) async throws {
        let message = try await echo(value).stringValue ?? ""
        #expect(message.contains("Expected a string."))
    }

    @Test func `no instant is null`() async throws {
        #expect(try await echo(.null) == .null)
    }
}
