import SQLCore
import SQLiteDatabase
import TestSupport
import Testing

struct ReadOnlyTests {
    @Test func `a file that is opened for reading only is read and stays as it is`() async throws {
        try await withTemporaryFolder { folder in
            let path = folder + "/some.db"
            let writer = try await SQLiteDatabase(.init(path: path))
            try await writer.write {
                try $0.run(script: "CREATE TABLE t (a); INSERT INTO t VALUES (7)")
            }
            await writer.close()
            var configuration = SQLiteDatabase.Configuration(path: path)
            configuration.isReadOnly = true
            let reader = try await SQLiteDatabase(configuration)
            let value = try await reader.read { try $0.first("SELECT a FROM t")!.integer(0) }
            #expect(value == 7)
            let error = await #expect(throws: DatabaseError.self) {
                try await reader.write { try $0.run(script: "DELETE FROM t") }
            }
            #expect(error?.code == .readOnly)
            await reader.close()
        }
    }

    @Test func `a file that is not there is not made`() async throws {
        try await withTemporaryFolder { folder in
            var configuration = SQLiteDatabase.Configuration(path: folder + "/none.db")
            configuration.isReadOnly = true
            await #expect(throws: DatabaseError.self) {
                _ = try await SQLiteDatabase(configuration)
            }
        }
    }
}
