import Testing

@testable import OutgrowStorage

@Suite struct PolicyTests {
    @Test func `a read-only storage refuses writes before they reach the database`() async throws {
        let base = ScriptedStorage()
        let storage = ReadOnlyStorage(base)
        #expect(storage.capabilities.isReadOnly)
        let error = await #expect(throws: StorageError.self) { try await storage.write { _ in } }
        #expect(error?.kind == .readOnly)
        await #expect(throws: StorageError.self) { try await storage.withRollback { _ in } }
        #expect(base.calls.isEmpty)
        try await storage.read { _ in }
        _ = try await storage.cursor("SELECT 1")
        #expect(base.calls.count == 2)
    }

    @Test func `withRollback returns the result and never commits`() async throws {
        let base = ScriptedStorage([.failCommit(.scripted(.unique))])
        #expect(try await base.withRollback { _ in 42 } == 42)
        #expect(base.calls.count == 1)
    }

    @Test func `withRollback shows a failure that the closure swallowed`() async throws {
        let base = ScriptedStorage([.failStatements(.scripted(.unique))])
        let error = await #expect(throws: StorageError.self) {
            try await base.withRollback { tx in
                do { try tx.execute("SELECT 1") } catch {}
            }
        }
        #expect(error?.kind == .unique)
    }
}
