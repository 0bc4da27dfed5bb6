import JSON
import Testing

@testable import OpenInference

struct AttributeColumnsTests {
    private func columns(
        _ attributes: String, events: String = "[]"
    ) throws -> AttributeColumns {
        try AttributeColumns(attributes: Array(attributes.utf8), events: Array(events.utf8))
    }

    @Test func `columns are read out of nested attributes`() throws {
        let columns = try columns(
            #"""
            {"a":{"llm":{"model_name":"no"}},"llm":{"provider":"p","tools":[1],"model_name":"m"},
            "session":{"id":" s "},"user":{"id":7},"embedding":{"model_name":"e"}}
            """#)
        #expect(columns.modelName == "m")
        #expect(columns.provider == "p")
        #expect(columns.sessionID == "s")
        #expect(columns.userID == "7")
    }

    @Test func `what is missing, blank or of another type is nil`() throws {
        let columns = try columns(
            #"{"llm":"text","session":{"id":"  "},"user":{"id":null},"embedding":{"model_name":""}}"#
        )
        #expect(columns == (try self.columns("{}")))
        #expect(columns.modelName == nil && columns.sessionID == nil && columns.userID == nil)
    }

    @Test func `an embedding's model counts where there is no other`() throws {
        #expect(
            try columns(#"{"embedding":{"model_name":"e"},"llm":{"model_name":""}}"#).modelName
                == "e")
    }

    @Test func `events are counted, and the first exception tells its message`() throws {
        let columns = try columns(
            "{}",
            events: #"""
                [{"name":"note","attributes":{"exception.message":"no"}},
                {"name":"exception","attributes":{"exception.message":""}},
                {"name":"exception","attributes":{"exception.message":"it broke"}}]
                """#)
        #expect(columns.eventCount == 3)
        #expect(columns.firstErrorMessage == "it broke")
    }

    @Test(arguments: ["", "[]", "{", #"{"a":1} x"#, #"{"a":tru}"#])
    func `other texts are an error`(_ text: String) {
        #expect(throws: JSONError.self) { try columns(text) }
    }
}
