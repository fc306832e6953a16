import Foundation
import Synchronization
import TestSupport
import Testing

@testable import OutgrowStorage

@Suite("Running migrations")
struct MigrationRunTests {
    private static let log = SchemaMigration(
        version: 1, name: "log", up: "CREATE TABLE log (step integer NOT NULL);", down: "DROP TABLE log;")

    private static func step(_ version: Int64) -> SchemaMigration {
        SchemaMigration(
            version: version, name: "step\(version)", up: "INSERT INTO log VALUES (\(unsafe: "\(version)"))",
            down: "DELETE FROM log WHERE step = \(unsafe: "\(version)")")
    }

    private static let broken = SchemaMigration(
        version: 3, name: "broken",
        up: "INSERT INTO log VALUES (3); CREATE TABLE half (x integer); INSERT INTO nowhere VALUES (1)")

    @Test(arguments: Dialect.allCases)
    func `up runs each once, down undoes the last`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let migrations = try SchemaMigrations([Self.log, Self.step(2), Self.step(3)])
        try await database.with { (storage) async throws in
            #expect(
                try await migrations.status(on: storage).entries.map(\.state) == [
                    .pending, .pending, .pending,
                ])
            let reported = Mutex<[Int64]>([])
            let first = try await migrations.up(on: storage, to: 2) { step in
                reported.withLock { $0.append(step.version) }
            }
            #expect(first.map(\.version) == [1, 2])
            #expect(reported.withLock(\.self) == [1, 2])
            #expect(try await migrations.up(on: storage).map(\.version) == [3])
            #expect(try await migrations.up(on: storage).isEmpty)
            let status = try await migrations.status(on: storage)
            #expect(status.isUpToDate)
            #expect(status.entries.allSatisfy { abs($0.appliedAt?.timeIntervalSinceNow ?? .infinity) < 3600 })
            #expect(try await migrations.down(on: storage).map(\.version) == [3])
            #expect(try await migrations.down(on: storage, to: 0).map(\.version) == [2, 1])
            #expect(try await migrations.down(on: storage).isEmpty)
            #expect(try await migrations.up(on: storage).map(\.version) == [1, 2, 3])
        }
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 3])
    }

    @Test(arguments: Dialect.allCases)
    func `a failure says in which file and line the statement stands`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let folder = try database.migrations([
            "common/00001_log.sql": """
            -- +up
            CREATE TABLE log (step integer NOT NULL);
            INSERT INTO log VALUES (1);

            INSERT INTO log
            VALUES (NULL);
            CREATE TABLE later (x integer);
            """
        ])
        let inFile = try SchemaMigrations(directory: folder)
        let inProgram = try SchemaMigrations([Self.log, Self.step(2), Self.broken])
        try await database.with { (storage) async throws in
            let first = await #expect(throws: StorageError.self) { try await inFile.up(on: storage) }
            #expect(first?.summary.contains("common/00001_log.sql:5: ") == true, "\(first?.summary ?? "")")
            let second = await #expect(throws: StorageError.self) { try await inProgram.up(on: storage) }
            let summary = second?.summary ?? ""
            #expect(summary.contains("migration 3 (broken), up:1: "), "\(summary)")
        }
    }

    @Test(arguments: Dialect.allCases)
    func `the policies of a database let them through`(_ dialect: Dialect) async throws {
        let empty = try await EmptyDatabase(dialect)
        let database = PortableStorage(Database(try await empty.open()))
        let own = SchemaMigration(
            version: 2, name: "own",
            up: [
                .sql("CREATE TABLE own (id integer PRIMARY KEY AUTOINCREMENT)", on: .sqlite),
                .rebuild(SQLiteTableRebuild("own", definition: "CREATE TABLE own (id INTEGER PRIMARY KEY)")),
                .sql("CREATE TABLE own (id serial, at timestamptz DEFAULT now())", on: .postgres),
            ])
        #expect(try await SchemaMigrations([Self.log, own]).up(on: database).map(\.version) == [1, 2])
        await database.shutdown()
    }

    @Test(arguments: Dialect.allCases)
    func `a migration that fails leaves nothing, and those before it stay`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let migrations = try SchemaMigrations([Self.log, Self.step(2), Self.broken])
        try await database.with { (storage) async throws in
            let error = await #expect(throws: StorageError.self) { try await migrations.up(on: storage) }
            #expect(error?.codes == [.failed])
            #expect(error?.summary.contains("migration 3 (broken)") == true)
            #expect(error?.cause?.contains("nowhere") == true, "\(String(describing: error))")
            #expect(
                try await migrations.status(on: storage).entries.map(\.state) == [
                    .applied, .applied, .pending,
                ])
        }
        #expect(try await database.integers("SELECT step FROM log") == [2])
        try await database.execute("CREATE TABLE half (x integer)")
    }

    @Test(arguments: Dialect.allCases)
    func `a database that is not as the migrations left it is not touched`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let changed = SchemaMigration(version: 2, name: "step2", up: "INSERT INTO log VALUES (20)")
        try await database.with { (storage) async throws in
            try await SchemaMigrations([Self.log, Self.step(2), Self.step(4)]).up(on: storage)
            let cases: [([SchemaMigration], [SchemaProblem.Code])] = [
                ([Self.log, changed, Self.step(4), Self.step(5)], [.changed]),
                ([Self.log, Self.step(4), Self.step(5)], [.missing]),
                ([Self.log, Self.step(2), Self.step(3), Self.step(4), Self.step(5)], [.outOfOrder]),
            ]
            for (list, codes) in cases {
                let error = await #expect(throws: StorageError.self) {
                    try await SchemaMigrations(list).up(on: storage)
                }
                #expect(error?.codes == codes)
            }
            let late = try SchemaMigrations([Self.log, Self.step(2), Self.step(3), Self.step(4)])
            #expect(try await late.up(on: storage, allowingOutOfOrder: true).map(\.version) == [3])
        }
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 3, 4])
    }

    @Test(arguments: Dialect.allCases)
    func `code runs in the migration's transaction`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        struct Refusal: Error {}
        let flag = RefusalFlag()
        let migrations = try SchemaMigrations([
            Self.log,
            SchemaMigration(
                version: 2, name: "code",
                up: [
                    .sql("INSERT INTO log VALUES (1)"),
                    .code(revision: "1") { tx in
                        try tx.execute("INSERT INTO log VALUES (\(Int64(2)))")
                        if flag.isSet { throw Refusal() }
                    },
                    .sql("INSERT INTO log VALUES (30)", on: .sqlite),
                    .sql("INSERT INTO log VALUES (31)", on: .postgres),
                ]),
        ])
        try await database.with { (storage) async throws in
            flag.set(true)
            await #expect(throws: Refusal.self) { try await migrations.up(on: storage) }
            flag.set(false)
            try await migrations.up(on: storage)
        }
        let last: Int64 = dialect == .sqlite ? 30 : 31
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [1, 2, last])
    }

    private static let concurrently = SchemaMigration(
        version: 3, name: "alone",
        up:
            "\(sqlite: "VACUUM; CREATE INDEX log_step ON log (step)", postgres: "CREATE INDEX CONCURRENTLY log_step ON log (step)")",
        down: "\(sqlite: "DROP INDEX log_step; VACUUM", postgres: "DROP INDEX CONCURRENTLY log_step")",
        inTransaction: false)

    @Test(arguments: Dialect.allCases)
    func `many at once run each migration once`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let migrations = try SchemaMigrations([
            Self.log, Self.step(2), Self.concurrently, Self.step(4), Self.step(5),
        ])
        let versions = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await database.with { try await migrations.up(on: $0).map(\.version) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(versions.sorted() == [1, 2, 3, 4, 5])
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 4, 5])
        try await database.with { (storage) async throws in
            #expect(try await migrations.down(on: storage, to: 1).map(\.version) == [5, 4, 3, 2])
            #expect(try await migrations.up(on: storage).count == 4)
            #expect(try await migrations.status(on: storage).isUpToDate)
        }
    }

    @Test(arguments: Dialect.allCases)
    func `what fails without a transaction stays dirty until it is mended`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let half = SchemaMigration(
            version: 2, name: "half", up: "INSERT INTO log VALUES (2); INSERT INTO nowhere VALUES (1)",
            inTransaction: false)
        let migrations = try SchemaMigrations([Self.log, half, Self.step(3)])
        try await database.with { (storage) async throws in
            let error = await #expect(throws: StorageError.self) { try await migrations.up(on: storage) }
            #expect(error?.codes == [.halfDone])
            #expect(
                try await migrations.status(on: storage).entries.map(\.state) == [.applied, .dirty, .pending])
            let dirty = await #expect(throws: StorageError.self) { try await migrations.up(on: storage) }
            #expect(dirty?.codes == [.dirty])
            let mending = try #require(dirty?.remedy.firstMatch(of: /UPDATE outgrow_migrations[^;]*/))
            let statement = SQL(unsafe: String(mending.output))
            await #expect(throws: StorageError.self) { try await migrations.down(on: storage) }
            try await storage.write { tx in try tx.executeScript(statement) }
            #expect(try await migrations.up(on: storage).map(\.version) == [3])
        }
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 3])
    }

    @Test(arguments: Dialect.allCases)
    func `one that runs without a transaction is waited for, however long ago it began`(_ dialect: Dialect)
        async throws
    {
        let database = try await EmptyDatabase(dialect)
        let (began, begun) = AsyncStream.makeStream(of: Void.self)
        let mayEnd = DispatchSemaphore(value: 0)
        let long = SchemaMigration(
            version: 2, name: "long",
            up: [
                .sql(
                    "UPDATE outgrow_migrations SET applied_at = '2020-01-01T00:00:00.000000Z' WHERE version = 2"
                ),
                .code(revision: "1") { tx in
                    begun.yield()
                    mayEnd.wait()
                    try tx.execute("INSERT INTO log VALUES (2)")
                },
            ], inTransaction: false)
        let migrations = try SchemaMigrations([Self.log, long, Self.step(3)])
        let (runs, waits) = (try await database.open(), try await database.open())
        async let first = {
            defer { begun.finish() }
            return try await migrations.up(on: runs)
        }()
        for await _ in began { break }
        for _ in 1...2 {
            let error = await #expect(throws: StorageError.self) {
                try await migrations.up(on: waits, lockTimeout: .zero)
            }
            #expect(error?.codes == [.locked])
        }
        async let second = migrations.up(on: waits)
        mayEnd.signal()
        let versions = try await first.map(\.version) + second.map(\.version)
        #expect(versions.sorted() == [1, 2, 3])
        await runs.shutdown()
        await waits.shutdown()
        #expect(try await database.integers("SELECT step FROM log ORDER BY step") == [2, 3])
        if dialect == .sqlite {
            #expect(!FileManager.default.fileExists(atPath: database.url + "-migration-lock"))
        }
    }

    @Test func `two in memory run what needs no transaction once`() async throws {
        let storage = try await SQLiteStorage.inMemory()
        let alone = SchemaMigration(
            version: 2, name: "alone", up: "INSERT INTO log VALUES (2)", inTransaction: false)
        let migrations = try SchemaMigrations([Self.log, alone, Self.step(3)])
        async let first = migrations.up(on: storage)
        async let second = migrations.up(on: storage)
        #expect(try await (first + second).map(\.version).sorted() == [1, 2, 3])
        await storage.shutdown()
    }

    @Test(arguments: Dialect.allCases)
    func `waiting for another process ends in time`(_ dialect: Dialect) async throws {
        let database = try await EmptyDatabase(dialect)
        let migrations = try SchemaMigrations([Self.log])
        var shell: LiveShell?
        var holder: (any Storage)?
        if dialect == .sqlite {
            try await database.with { _ in }
            shell = try LiveShell(database.url)
            try shell?.run("BEGIN IMMEDIATE;")
        } else {
            let other = try await database.open()
            holder = other
            _ = try await other.read { tx in
                try tx.one("SELECT pg_try_advisory_lock(\(Int64(0x6F_7574_6772_6F77)))", as: Bool.self)
            }
        }
        let storage = try await database.open(busyTimeout: .milliseconds(10))
        let error = await #expect(throws: StorageError.self) {
            try await migrations.up(on: storage, lockTimeout: .zero)
        }
        #expect(error?.codes == [.locked])
        try shell?.run("ROLLBACK;")
        await holder?.shutdown()
        #expect(try await migrations.up(on: storage).map(\.version) == [1])
        await storage.shutdown()
    }
}

/// A switch that a closure reads.
private final class RefusalFlag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock(\.self) }
    func set(_ value: Bool) { state.withLock { $0 = value } }
}
