internal import PostgresClient
internal import TestSupport
internal import Testing

@testable internal import OutgrowStorage

@Suite struct ValueSizeTests {
    @Test func `the limit is a thousand million bytes`() {
        #expect(SQLValueSize.refusal(1_000_000_000) == nil)
        let refusal = SQLValueSize.refusal(1_000_000_001)
        #expect(refusal?.kind == .unsupportedValue)
        #expect(refusal?.summary.contains("1000000001 bytes") == true)
    }

    @Test(arguments: Dialect.allCases)
    func `what is larger is refused before it is sent`(_ dialect: Dialect) async throws {
        let folder = try TemporaryFolder()
        let storage: any Storage =
            switch dialect {
            case .sqlite: try await SQLiteStorage.open(path: folder.file("app.db"))
            case .postgres:
                try await PostgresStorage.open(EphemeralPostgres.shared.emptyDatabase().conninfo.redacted)
            }
        // Nothing is written into it, so it takes no memory as long as nobody reads it.
        let large = unsafe [UInt8](unsafeUninitializedCapacity: 1_000_000_001) { _, count in
            count = 1_000_000_001
        }
        try await storage.write { tx in try tx.execute("CREATE TABLE t (b \(SQL.columnType(.bytes)))") }
        let bound = try await storageError {
            try await storage.write { tx in try tx.execute("INSERT INTO t VALUES (\(large))") }
        }
        #expect(bound?.kind == .unsupportedValue, "\(String(describing: bound))")
        let inserted = try await storageError {
            try await storage.write { tx in
                try tx.bulkInsert(into: "t", columns: ["b"], rows: [large])
            }
        }
        #expect(inserted?.kind == .unsupportedValue, "\(String(describing: inserted))")
        await storage.shutdown()
    }
}
