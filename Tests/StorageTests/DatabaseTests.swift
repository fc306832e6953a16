import LocalPostgres
import PostgresClient
import TestSupport
import Testing

@testable import OutgrowStorage

/// `Database.open` and the policies on real engines.
@Suite struct DatabaseTests {
    enum Backend: String, CaseIterable, Sendable { case sqlite, postgres }

    private func place(_ backend: Backend) async throws -> TemporaryDatabasePlace {
        switch backend {
        case .sqlite: .sqlite
        case .postgres: .postgres(admin: try await EphemeralPostgres.shared.cluster().conninfo().redacted)
        }
    }

    private func makeTable(_ storage: some Storage) async throws {
        try await storage.write { tx in try tx.executeScript("CREATE TABLE item (name text)") }
    }

    private func count(_ storage: some Storage) async throws -> Int64 {
        try await storage.read { tx in try tx.one("SELECT count(*) FROM item", as: Int64.self) }
    }

    @Test(arguments: Backend.allCases)
    func `the same code runs on either backend`(_ backend: Backend) async throws {
        try await withTemporaryDatabase(on: place(backend)) { db in
            #expect(db.dialect.rawValue == backend.rawValue)
            try await makeTable(db)
            try await db.write { tx in _ = try tx.execute("INSERT INTO item VALUES (\("Ada"))") }
            var names: [String] = []
            for try await name in db.stream("SELECT name FROM item", as: String.self) { names.append(name) }
            #expect(names == ["Ada"])
        }
    }

    @Test(arguments: Backend.allCases)
    func `literals that only look alike are two statements`(_ backend: Backend) async throws {
        // Swift takes both for one string, and both have five bytes.
        let both = ["\u{E9}e\u{301}", "e\u{301}\u{E9}"]
        // Each is the statement used last, and then one found again behind the other.
        let texts = both + both + both.reversed()
        try await withTemporaryDatabase(on: place(backend)) { db in
            let read = try await db.read { tx in
                try texts.map { Array(try tx.one("SELECT '\(unsafe: $0)'", as: String.self).utf8) }
            }
            #expect(read == texts.map { Array($0.utf8) })
        }
    }

    @Test(arguments: Backend.allCases)
    func `withRollback leaves nothing behind`(_ backend: Backend) async throws {
        try await withTemporaryDatabase(on: place(backend)) { db in
            try await makeTable(db)
            let seen = try await db.withRollback { tx in
                try tx.execute("INSERT INTO item VALUES ('a')")
                return try tx.one("SELECT count(*) FROM item", as: Int64.self)
            }
            #expect(seen == 1)
            #expect(try await count(db) == 0)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a rollback storage commits to itself alone`(_ backend: Backend) async throws {
        struct ApplicationError: Error {}
        try await withTemporaryDatabase(on: place(backend)) { db in
            try await makeTable(db)
            try await withRollbackStorage(on: db) { storage in
                try await storage.write { tx in _ = try tx.execute("INSERT INTO item VALUES ('a')") }
                await #expect(throws: ApplicationError.self) {
                    try await storage.write { tx in
                        try tx.execute("INSERT INTO item VALUES ('b')")
                        throw ApplicationError()
                    }
                }
                await #expect(throws: StorageError.self) {
                    try await storage.write { tx in _ = try tx.execute("INSERT INTO missing VALUES (1)") }
                }
                #expect(try await count(storage) == 1)
                var names: [String] = []
                for try await name in storage.stream("SELECT name FROM item", as: String.self) {
                    names.append(name)
                }
                #expect(names == ["a"])
            }
            #expect(try await count(db) == 0)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a rollback storage ends with its closure`(_ backend: Backend) async throws {
        try await withTemporaryDatabase(on: place(backend)) { db in
            let kept = try await withRollbackStorage(on: db) { $0 }
            let error = await #expect(throws: StorageError.self) { try await kept.write { _ in } }
            #expect(error?.kind == .closed)
            // The one writer is free again.
            try await makeTable(db)
        }
    }

    @Test(arguments: Backend.allCases)
    func `a rollback storage whose transaction cannot begin hangs nobody`(_ backend: Backend) async throws {
        try await withTemporaryDatabase(on: place(backend)) { db in
            let error = await #expect(throws: StorageError.self) {
                try await withRollbackStorage(on: ReadOnlyStorage(db)) { try await $0.write { _ in } }
            }
            #expect(error?.kind == .readOnly)
        }
    }

    @Test func `a database that was moved away refuses to open and says where to`() async throws {
        let folder = try TemporaryFolder()
        let url = "sqlite:\(folder.file("app.db"))"
        let old = try await Database.open(url)
        try await makeTable(old)
        try await Tombstone.place(on: old, movedTo: "postgres://ada:hunter2@db/app", note: "OPS-1")
        // A program that runs since before writes no more.
        let running = await #expect(throws: StorageError.self) { try await old.write { _ in } }
        #expect(running?.kind == .moved)
        #expect(try await count(old) == 0)
        await old.shutdown()

        let error = await #expect(throws: StorageError.self) { try await Database.open(url) }
        #expect(error?.kind == .moved)
        #expect(error?.remedy.contains("postgres://ada@db/app") == true)
        #expect(error.map { "\($0)".contains("hunter2") } == false)

        var configuration = Database.Configuration()
        configuration.tombstoneCheck = .never
        let reached = try await Database.open(url, configuration)
        #expect(try await Tombstone.find(on: reached)?.note == "OPS-1")
        try await Tombstone.remove(from: reached)
        #expect(try await Tombstone.find(on: reached) == nil)
        await reached.shutdown()
        let again = try await Database.open(url)
        await again.shutdown()
    }

    @Test(arguments: Backend.allCases)
    func `a tombstone is found on either backend`(_ backend: Backend) async throws {
        var configuration = Database.Configuration()
        configuration.tombstoneCheck = .opening
        try await withTemporaryDatabase(on: place(backend), configuration: configuration) { db in
            try await makeTable(db)
            #expect(try await Tombstone.find(on: db) == nil)
            let strict = TombstoneStorage(db, check: .everything)
            #expect(try await count(strict) == 0)
            try await Tombstone.place(on: db, movedTo: "sqlite:/srv/new.db")
            try await Tombstone.place(on: db, movedTo: "sqlite:/srv/newer.db")
            #expect(try await Tombstone.find(on: db)?.movedTo == "sqlite:/srv/newer.db")
            await #expect(throws: StorageError.self) { try await count(strict) }
            #expect(try await count(TombstoneStorage(db, check: .writes)) == 0)
        }
    }

    @Test func `options of the URL are applied`() throws {
        var configuration = Database.Configuration()
        try configuration.apply(
            [
                .init(name: "readers", value: "8"), .init(name: "durability", value: "durable"),
                .init(name: "mode", value: "ro"), .init(name: "busy_timeout", value: "250ms"),
                .init(name: "acquire_timeout", value: "7s"),
            ], from: Database.Configuration.sqliteOptions, prefix: "")
        #expect(configuration.sqlite.readerCount == 8)
        #expect(configuration.sqlite.durability == .durable)
        #expect(configuration.sqlite.busyTimeout == .milliseconds(250))
        #expect(configuration.sqlite.acquireTimeout == .seconds(7))
        #expect(configuration.isReadOnly)
    }

    @Test(arguments: [
        "sqlite:app.db?reader=8", "sqlite:app.db?readers=0", "sqlite:app.db?readers=x",
        "sqlite:app.db?busy_timeout=5", "sqlite:app.db?busy_timeout=s", "sqlite:app.db?busy_timeout=-1s",
        "sqlite:app.db?mode=memory",
    ])
    func `an unknown option lists the known ones`(_ url: String) async {
        let error = await #expect(throws: StorageError.self) { try await Database.open(url) }
        #expect(error?.kind == .misuse)
        #expect(error?.remedy.contains("readers=4, busy_timeout=5s") == true)
    }

    @Test func `mode=ro refuses writes`() async throws {
        let folder = try TemporaryFolder()
        let url = "sqlite:\(folder.file("a b?.db").replacing("?", with: "%3F").replacing(" ", with: "%20"))"
        let db = try await Database.open(url)
        try await makeTable(db)
        await db.shutdown()
        let reading = try await Database.open(url + "?mode=ro")
        #expect(try await count(reading) == 0)
        let error = await #expect(throws: StorageError.self) { try await reading.write { _ in } }
        #expect(error?.kind == .readOnly)
        await reading.shutdown()
    }

    @Test(arguments: Backend.allCases)
    func `a temporary database goes, even when its closure throws`(_ backend: Backend) async throws {
        struct ApplicationError: Error {}
        let place = try await place(backend)
        var trace = ""
        do {
            try await withTemporaryDatabase(on: place) { db in
                trace = try await db.read { tx in
                    try tx.one(
                        SQL(
                            "SELECT \(sqlite: "file FROM pragma_database_list", postgres: "current_database()::text")"
                        ),
                        as: String.self)
                }
                throw ApplicationError()
            }
        } catch is ApplicationError {}
        #expect(trace.contains("outgrow_temporary_"))
        switch place {
        case .sqlite:
            await #expect(throws: StorageError.self) { try await Database.open("sqlite:\(trace)?mode=rw") }
        case .postgres(let admin, _):
            let name = trace
            let server = try await Database.open(admin)
            let left = try await server.read { tx in
                try tx.one("SELECT count(*) FROM pg_database WHERE datname = \(name)", as: Int64.self)
            }
            #expect(left == 0)
            await server.shutdown()
        }
    }

    @Test(arguments: Backend.allCases)
    func `the raw handle is lent by its own backend alone`(_ backend: Backend) async throws {
        try await withTemporaryDatabase(on: place(backend)) { db in
            let lent = try await db.write { tx in
                (
                    Self.succeeds { try unsafe tx.withSQLiteHandle { Int(bitPattern: $0) != 0 } },
                    Self.succeeds { try unsafe tx.withPostgresHandle { Int(bitPattern: $0) != 0 } }
                )
            }
            #expect(lent == (backend == .sqlite, backend == .postgres))
        }
    }

    private static func succeeds(_ body: () throws -> Bool) -> Bool {
        do { return try body() } catch { return false }
    }
}
