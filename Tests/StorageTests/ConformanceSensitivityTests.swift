import OutgrowStorageConformance
import Testing

@testable import OutgrowStorage

/// A suite that cannot fail proves nothing: storages that break one promise each must be found out.
@Suite("Storage conformance finds out", .serialized)
struct ConformanceSensitivityTests {
    @Test(arguments: [
        "a lost update is prevented by the default isolation",
        "a write skew is prevented by the default isolation",
        "a write skew on different rows is prevented by the default isolation",
        "a phantom is prevented by the default isolation",
    ])
    func `a storage that writes at a weaker isolation`(_ name: String) async throws {
        try await finds(name, Subjects.postgres) {
            AlteredStorage($0, change: { $0.isolation = .readCommitted })
        }
    }

    @Test(arguments: [
        "two rows read one after the other belong together",
        "rows counted twice are as many in a read, whatever is committed meanwhile",
    ])
    func `a storage that reads without one snapshot`(_ name: String) async throws {
        try await finds(name, Subjects.postgres) {
            AlteredStorage($0, change: { $0.isolation = .readCommitted })
        }
    }

    @Test(arguments: [
        "a read refuses INSERT", "a bulkInsert in a read is refused as read-only",
        "a read refuses writes at every isolation",
    ])
    func `a storage that lets a read write`(_ name: String) async throws {
        try await finds(name, Subjects.sqlite) { AlteredStorage($0, change: { $0.access = .write }) }
    }

    @Test(arguments: [
        "a read that takes too long is stopped",
        "the time limit holds for the transaction and not for each statement",
    ])
    func `a storage that forgets the time limit`(_ name: String) async throws {
        // The endless statement is ended by the suite's own deadline, which cancels it.
        var subject = Subjects.sqlite
        subject.deadline = .milliseconds(500)
        try await finds(name, subject) { AlteredStorage($0, change: { $0.timeout = nil }) }
    }

    @Test(arguments: [
        "an error of the application rolls back and passes unchanged",
        "a StorageError of the application's own passes unchanged",
        "a transaction that is rolled back is never seen",
    ])
    func `a storage that commits although the closure threw`(_ name: String) async throws {
        for subject in [Subjects.sqlite, Subjects.postgres] {
            try await finds(name, subject) { CommittingStorage($0) }
        }
    }

    @Test(arguments: ["a transaction reads its own writes", "a stream of no rows ends at once"])
    func `a storage that hangs, within the subject's deadline`(_ name: String) async throws {
        var subject = Subjects.sqliteInMemory
        subject.deadline = .milliseconds(100)
        let failure = try await finds(name, subject) { HangingStorage($0) }
        #expect(failure?.found.contains("hangs") == true)
    }

    @Test func `a failure tells the check, what was expected, what came and the seed`() async throws {
        let failure = try await finds("a read refuses INSERT", Subjects.sqlite) {
            AlteredStorage($0, change: { $0.access = .write })
        }
        let text = try #require(failure).description
        for part in ["a read refuses INSERT", "read-only", "no error", "\(Subjects.seed)"] {
            #expect(text.contains(part))
        }
    }

    /// Runs the check on what `spoil` makes of the subject's storages; records an issue when it passes.
    @discardableResult private func finds(
        _ name: String, _ subject: ConformanceSubject,
        _ spoil: @escaping @Sendable (any Storage) -> any Storage
    ) async throws -> ConformanceFailure? {
        let check = try #require(StorageConformance.checks.first { $0.name == name }, "\(name)")
        var spoiled = subject
        spoiled.makeDatabase = {
            let database = try await subject.makeDatabase()
            return ConformanceDatabase(
                open: { spoil(try await database.open($0)) }, remove: { await database.remove() })
        }
        do {
            _ = try await check.run(on: spoiled)
        } catch let failure as ConformanceFailure {
            return failure
        }
        Issue.record("\(name) was not found to be broken")
        return nil
    }
}

/// Runs transactions with other options than asked for.
private struct AlteredStorage: Storage {
    let base: any Storage
    let change: @Sendable (inout TransactionOptions) -> Void

    init(_ base: any Storage, change: @escaping @Sendable (inout TransactionOptions) -> Void) {
        self.base = base
        self.change = change
    }

    var capabilities: StorageCapabilities { base.capabilities }

    func transaction<Result: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        var options = options
        change(&options)
        return try await base.transaction(options, body)
    }

    func cursor(_ query: SQL) async throws -> RowCursor { try await base.cursor(query) }

    func run() async throws { try await base.run() }
    func shutdown() async { await base.shutdown() }
}

/// Commits whatever the closure did before it threw.
private struct CommittingStorage: Storage {
    let base: any Storage

    init(_ base: any Storage) { self.base = base }

    var capabilities: StorageCapabilities { base.capabilities }

    func transaction<Value: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        let outcome = try await base.transaction(options) { tx in
            Result { try body(tx) }
        }
        return try outcome.get()
    }

    func cursor(_ query: SQL) async throws -> RowCursor { try await base.cursor(query) }

    func run() async throws { try await base.run() }
    func shutdown() async { await base.shutdown() }
}

/// Answers no more.
private struct HangingStorage: Storage {
    let base: any Storage

    init(_ base: any Storage) { self.base = base }

    var capabilities: StorageCapabilities { base.capabilities }

    private func hang() async throws { try await Task.sleep(for: .seconds(3_600)) }

    func transaction<Value: Sendable>(
        _ options: TransactionOptions, _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await hang()
        return try await base.transaction(options, body)
    }

    func cursor(_ query: SQL) async throws -> RowCursor {
        try await hang()
        return try await base.cursor(query)
    }

    func run() async throws { try await base.run() }
    func shutdown() async { await base.shutdown() }
}
