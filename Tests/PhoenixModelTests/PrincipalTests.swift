import PhoenixModel
import Testing

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
