internal import Diagnostics
internal import OutgrowStorage
internal import Synchronization

/// What the library throws, as errors for the user of the command.
enum SchemaErrors {
    static func translated<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as StorageError { throw OutgrowError(error) }
    }

    static func translated<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as StorageError { throw OutgrowError(error) }
    }

    /// The error of a run that had committed `count` migrations.
    static func failure(_ error: any Error, after run: SchemaRun) -> any Error {
        let count = run.migrations.count
        let isHalfDone = (error as? StorageError)?.schemaProblems.contains { $0.isHalfDone } ?? false
        let translated = (error as? StorageError).map { OutgrowError($0) } ?? OutgrowError(describing: error)
        guard count > 0 || isHalfDone else { return translated }
        let done = count == 1 ? "1 migration" : "\(count) migrations"
        let whole = count == 1 ? "1 migration that is whole" : "\(count) migrations that are whole"
        let half = count == 0 ? "1 migration that is half done" : "\(whole), and 1 that is half done"
        return MigrationFailure(
            error: translated, isPartial: true, committedParts: count,
            left: isHalfDone ? half : count == 1 ? whole : "\(done), each of them whole", schemaRun: run)
    }
}

/// Which migrations were committed.
final class SchemaTally: Sendable {
    private let state = Mutex<[SchemaRun.Migration]>([])
    var migrations: [SchemaRun.Migration] { state.withLock(\.self) }
    func add(_ migration: SchemaRun.Migration) { state.withLock { $0.append(migration) } }
}

extension OutgrowError {
    /// A problem with migrations keeps its code; anything else is named after its kind.
    fileprivate init(_ error: StorageError) {
        let codes = Set(error.schemaProblems.map(\.code))
        let cause = error.cause
        let causeCode = error.sqlState ?? error.sqliteCode.map { "SQLite result \($0)" }
        if let code = codes.first {
            self.init(
                Code(rawValue: codes.count == 1 ? code.rawValue : "schema-problems"), code.errorKind,
                error.summary, fix: error.remedy, cause: cause, causeCode: causeCode)
        } else {
            self.init(
                Code(rawValue: "storage-\(error.kind)"), Self.kind(of: error), error.summary,
                at: error.table ?? "", fix: error.remedy, cause: cause, causeCode: causeCode)
        }
    }

    private static func kind(of error: StorageError) -> Kind {
        switch error.kind {
        case .interrupted: .interrupted
        case .misuse: .internal
        default: .target
        }
    }
}

extension SchemaProblem {
    /// A migration without a transaction has failed on its way.
    fileprivate var isHalfDone: Bool { code == .halfDone }
}

extension SchemaProblem.Code {
    fileprivate var errorKind: OutgrowError.Kind {
        switch self {
        case .unreadable: .source
        case .unknownVersion: .usage
        default: .blocked
        }
    }
}
