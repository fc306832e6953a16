extension Database {
    /// Opens the database that `url` names, and puts the policies around it that every application wants.
    ///
    /// | URL | what it names |
    /// |---|---|
    /// | `sqlite:app.db`, `sqlite:./data/app.db` | a file, relative to the working directory |
    /// | `sqlite:/srv/app.db`, `sqlite:///srv/app.db` | a file |
    /// | `sqlite::memory:` | a database of this process, gone after ``Storage/shutdown()`` |
    /// | `postgres://…`, `postgresql://…` | whatever libpq takes |
    /// | `host=… dbname=…` | the same in libpq's other form |
    ///
    /// Special characters are percent-encoded (`%20`, `%3F`). A SQLite URL takes options behind a `?`, a Postgres URL
    /// takes them among libpq's with `outgrow_` in front; what the URL says goes before `configuration`.
    ///
    /// | option of SQLite | what it sets |
    /// |---|---|
    /// | `mode=ro`, `rw`, `rwc` | reading alone; a file that exists; the default |
    /// | `durability=durable` | ``SQLiteStorage/Configuration/durability`` |
    /// | `readers=8` | ``SQLiteStorage/Configuration/readerCount`` |
    /// | `busy_timeout=500ms` | ``SQLiteStorage/Configuration/busyTimeout`` |
    /// | `acquire_timeout=30s` | ``SQLiteStorage/Configuration/acquireTimeout`` |
    ///
    /// | option of Postgres | what it sets |
    /// |---|---|
    /// | `outgrow_mode=ro` | reading alone |
    /// | `outgrow_pool=20` | ``PostgresStorage/Configuration/maximumConnections`` |
    /// | `outgrow_acquire_timeout=30s` | ``PostgresStorage/Configuration/acquireTimeout`` |
    ///
    /// From the outside in, the policies are ``ReadOnlyStorage`` where reading is all that is wanted,
    /// ``RetryingStorage``, ``TombstoneStorage``, ``ObservedStorage``: so that each attempt is measured, each looks
    /// for a tombstone, and repetitions are counted.
    ///
    /// The database is reached once before this returns, unless ``Configuration/tombstoneCheck`` is `.never` and the
    /// backend opens lazily. No error repeats the URL, which may hold a password.
    ///
    /// - Throws: ``StorageError``: `misuse` for a URL that is not understood, `moved` for a database that was moved
    ///   away, and the backend's own.
    public static func open(
        _ url: String, _ configuration: Configuration = Configuration()
    ) async throws -> Database {
        var configuration = configuration
        switch try DatabaseURL(url) {
        case .sqlite(let location, let options):
            try configuration.apply(options, from: Configuration.sqliteOptions, prefix: "")
            switch location {
            case .memory:
                let storage = try await SQLiteStorage.inMemory(configuration: configuration.sqlite)
                configuration.tombstoneCheck = .never
                return try await dressed(storage, configuration)
            case .file(let path):
                if configuration.isReadOnly { configuration.sqlite.access = .readOnly }
                let storage = try await SQLiteStorage.open(path: path, configuration: configuration.sqlite)
                return try await dressed(storage, configuration)
            }
        case .postgres(let conninfo, let options):
            try configuration.apply(options, from: Configuration.postgresOptions, prefix: "outgrow_")
            let storage = try await PostgresStorage.open(conninfo, configuration: configuration.postgres)
            return try await dressed(storage, configuration)
        }
    }

    private static func dressed(
        _ backend: some Storage, _ configuration: Configuration
    ) async throws -> Database {
        let check = configuration.tombstoneCheck ?? (backend.dialect == .sqlite ? .writes : .opening)
        do {
            if check != .never, let tombstone = try await Tombstone.find(on: backend) {
                throw tombstone.error
            }
        } catch {
            await backend.shutdown()
            throw error
        }
        let observed = ObservedStorage(
            backend, logger: configuration.logger,
            slowTransactionThreshold: configuration.slowTransactionThreshold,
            recordsMetrics: configuration.recordsMetrics)
        let retrying = RetryingStorage(
            TombstoneStorage(observed, check: check), policy: configuration.retry, onRetry: observed.record)
        return configuration.isReadOnly ? Database(ReadOnlyStorage(retrying)) : Database(retrying)
    }
}
