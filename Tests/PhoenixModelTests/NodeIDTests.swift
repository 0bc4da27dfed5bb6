import PhoenixModel
import Testing

@Suite struct NodeIDTests {
    @Test func `a global id is the Base64 of its type and row`() {
        #expect(Project.ID(2).nodeID.description == "UHJvamVjdDoy")
        #expect(Session.ID(12).nodeID.description == "UHJvamVjdFNlc3Npb246MTI=")
        #expect(Span.ID(685).nodeID.description == "U3Bhbjo2ODU=")
    }

    @Test func `a global id reads back`() {
        #expect(NodeID("UHJvamVjdDoy") == NodeID(typeName: "Project", rowID: 2))
        #expect(Project.ID(nodeID: "UHJvamVjdDoy") == Project.ID(2))
    }

    @Test func `a global id of another type is none`() {
        #expect(Project.ID(nodeID: "VHJhY2U6Mg==") == nil)
        #expect(Trace.ID(nodeID: "VHJhY2U6Mg==") == Trace.ID(2))
    }

    @Test(arguments: [
        "", "default", "UHJvamVjdDoy=", "UHJvamVjdDoyA", "UHJvamVjdDo=", "UHJvamVjdA==", "OjU=",
        "UHJvamVjdDp4", "UHJvamVjdDo5OTk5OTk5OTk5OTk5OTk5OTk5OTk=", "/////w==", "VHJhY2U6Mh==",
    ])
    func `text that is no global id is refused`(text: String) {
        #expect(NodeID(text) == nil)
    }

    @Test func `an identifier is a global id of the right type, else a natural key`() {
        #expect(Identifier<Project>("UHJvamVjdDoy").rowID == Project.ID(2))
        #expect(Identifier<Project>("VHJhY2U6Mg==").rowID == nil)
        #expect(Identifier<Project>("default").rowID == nil)
        #expect(Identifier<Project>(name: "UHJvamVjdDoy").rowID == nil)
    }
}
