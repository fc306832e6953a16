internal import OutgrowStorage

/// What a check works with: a storage on an empty database, and the means to state what it expects.
struct Trial: Sendable {
    let storage: any Storage
    let database: ConformanceDatabase
    let subject: ConformanceSubject

    init(_ storage: any Storage, _ database: ConformanceDatabase, _ subject: ConformanceSubject) {
        self.storage = storage
        self.database = database
        self.subject = subject
    }

    var seed: UInt64 { subject.seed }

    /// Makes tables.
    func schema(_ script: SQL) async throws {
        try await storage.write { tx in try tx.executeScript(script) }
    }

    /// Runs one statement in a transaction of its own.
    @discardableResult func execute(_ statement: SQL) async throws -> Int {
        try await storage.write { tx in try tx.execute(statement) }
    }

    /// Returns the one integer of a query.
    func integer(_ query: SQL) async throws -> Int {
        try await storage.read { tx in try tx.one(query, as: Int.self) }
    }

    /// Runs `body` until no conflict stops it, also on a storage that does not run it again by itself.
    ///
    /// There is no pause between the attempts: one of two transactions in conflict always comes through.
    func writeRetrying<Result: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Result
    ) async throws -> Result {
        for _ in 0..<1_000 {
            do {
                return try await storage.write(.write, body)
            } catch let error as StorageError where error.isRetryable {
                continue
            }
        }
        return try await storage.write(.write, body)
    }

    /// Opens the same database again, as another process would, and closes it afterwards.
    func withSecondStorage(_ body: @Sendable (any Storage) async throws -> Void) async throws {
        let second = try await database.open(ConformancePool())
        do {
            try await body(second)
        } catch {
            await second.shutdown()
            throw error
        }
        await second.shutdown()
    }
}

/// Throws unless the condition holds.
func require(_ condition: Bool, _ expected: String, found: @autoclosure () -> String = "that it is not so")
    throws
{
    guard condition else { throw Unexpected(expected: expected, found: found()) }
}

/// Throws unless the two are equal.
func requireEqual<Value: Equatable>(_ found: Value, _ expected: Value, _ what: String = "") throws {
    guard found != expected else { return }
    let prefix = what.isEmpty ? "" : "\(what): "
    throw Unexpected(
        expected: prefix + String(reflecting: expected).shortened, found: String(reflecting: found).shortened)
}

/// Throws unless `body` throws a `StorageError` of one of these kinds; returns it.
@discardableResult
func requireError(
    _ kinds: StorageError.Kind..., from body: () async throws -> Void
) async throws -> StorageError {
    let wanted = "an error of kind " + kinds.map(\.description).joined(separator: " or ")
    do {
        try await body()
    } catch let error as StorageError {
        try require(kinds.contains(error.kind), wanted, found: String(describing: error))
        return error
    }
    throw Unexpected(expected: wanted, found: "no error")
}

/// The same for the closure of a transaction.
@discardableResult
func requireErrorInside(
    _ kinds: StorageError.Kind..., from body: () throws -> Void
) throws -> StorageError {
    let wanted = "an error of kind " + kinds.map(\.description).joined(separator: " or ")
    do {
        try body()
    } catch let error as StorageError {
        try require(kinds.contains(error.kind), wanted, found: String(describing: error))
        return error
    }
    throw Unexpected(expected: wanted, found: "no error")
}

extension String {
    /// Megabytes help nobody in a message.
    fileprivate var shortened: String { count <= 300 ? self : "\(prefix(300))… (\(utf8.count) bytes)" }
}

/// An error of the application, which a storage passes on as it is.
struct ApplicationError: Error, Equatable {
    let number: Int
}
