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

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
    ])
    func `the vectors of RFC 4648 hold both ways`(plain: String, encoded: String) {
        #expect(Base64.encode(plain.utf8) == encoded)
        #expect(Base64.decode(encoded) == Array(plain.utf8))
    }

    @Test func `every byte survives`() {
        let bytes = Array(UInt8.min...UInt8.max)
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test(arguments: ["Zg", "Zg=", "Z", "Zm9v\n", "Zm9-", "Zh==", "====", "=Zg="])
    func `what is not canonical is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }
}

@Suite struct PrincipalTests {
    @Test func `anonymous and system may do everything`() {
        for access in [Access.read, .write, .administer] {
            #expect(Principal.anonymous.permits(access))
            #expect(Principal.system.permits(access))
            #expect(Principal.user(.admin).permits(access))
        }
    }

    @Test func `members write and viewers read`() {
        #expect(Principal.user(.member).permits(.write))
        #expect(!Principal.user(.member).permits(.administer))
        #expect(Principal.user(.viewer).permits(.read))
        #expect(!Principal.user(.viewer).permits(.write))
        #expect(!Principal.user(.viewer).permits(.administer))
    }
}
