package import CopyEncoding
package import Diagnostics
package import PostgresClient
internal import PostgresDDL
package import SQLiteClient
package import Schema

/// Carries out a plan: tables, rows, indexes, keys; each part and its ledger row in one transaction.
///
/// One reader, many workers: every worker owns a connection on its own thread, asks the shared
/// snapshot for the next block of its part, and sends it.
package struct CopyEngine: Sendable {
    package let plan: MigrationPlan
    package let reader: SourceReader
    package let conninfo: Conninfo
    package let settings: CopySettings
    package let ledger: Ledger
    /// The run's id in the ledger.
    package let run: Int64
    package let hashKey: HashKey

    package init(
        plan: MigrationPlan, reader: SourceReader, conninfo: Conninfo, settings: CopySettings, ledger: Ledger,
        run: Int64, hashKey: HashKey
    ) {
        self.plan = plan
        self.reader = reader
        self.conninfo = conninfo
        self.settings = settings
        self.ledger = ledger
        self.run = run
        self.hashKey = hashKey
    }

    /// What became of the rows of one table.
    package struct TableResult: Sendable, Hashable {
        package var rowCount: Int64 = 0
        /// Count and keyed hash of the raw source values, taken while they were read for the copy.
        package var sourceSum = RowSum()
        package var partCount = 0
    }

    package struct Result: Sendable {
        /// In the order of `plan.tables`.
        package var tables: [TableResult]
        /// What the data refused at the end: constraints left NOT VALID, keys that could not be made.
        package var findings: [Finding]
        /// From the start until the last row was committed.
        package var copyDuration: Duration
        /// From then until everything stood.
        package var finishDuration: Duration
    }

    /// Counts as the rows go out, from the workers' threads.
    package typealias Progress = @Sendable (Event) -> Void

    package enum Event: Sendable {
        case sent(rows: Int64, bytes: Int64)
        case allRowsCopied
    }

    private static let tablesPerTransaction = 100

    /// Makes the schema and its tables. In batches: a transaction holds a lock for each table it makes.
    package func createTables(_ connection: isolated PostgresConnection) throws {
        let ddl = PostgresDDL(for: plan.target)
        let exists = try connection.scalar(
            "SELECT 1 FROM pg_namespace WHERE nspname = $1", [plan.target.name])
        if exists == nil { try connection.execute(ddl.createSchema()) }
        try connection.withTransaction {
            for statement in ddl.installFunctions(of: plan.target) { try connection.execute(statement) }
        }
        let tables = plan.target.tables
        for start in stride(from: 0, to: tables.count, by: Self.tablesPerTransaction) {
            let batch = tables[start..<min(start + Self.tablesPerTransaction, tables.count)]
            try connection.withTransaction {
                for table in batch { try connection.execute(ddl.createTable(table)) }
                try ledger.note(relations: batch.map(\.name), in: plan.target.name, of: run, connection)
            }
        }
    }

    /// Copies every row and finishes the schema.
    package func copyAndFinish(onProgress: @escaping Progress) async throws -> Result {
        let parts = settings.copiesRows ? makeParts() : []
        let work = FinishingWork(plan: plan, isWanted: settings.finishesSchema)
        let schedule = Schedule(
            parts: parts, indexCounts: work.indexes.map(\.count),
            cost: plan.tables.indices.map {
                plan.tables[$0].estimatedByteCount * Int64(1 + work.indexes[$0].count)
            },
            hasForeignKeys: settings.finishesSchema && !plan.target.foreignKeys.isEmpty,
            validationGroups: settings.finishesSchema ? work.validationGroups.count : 0)
        let queue = StepQueue(schedule)
        let tally = Tally(tableCount: plan.tables.count, partCount: parts.count)
        let started = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, settings.jobs) {
                group.addTask { try await runWorker(queue, work, tally, onProgress) }
            }
            try await group.waitForAll()
        }
        try queue.throwFirstError()
        let ended = ContinuousClock.now
        let copied = tally.lastCopy ?? started
        return Result(
            tables: tally.tables, findings: tally.findings, copyDuration: copied - started,
            finishDuration: ended - copied)
    }

    /// Parts of about equal size, smaller than the settings say when there would be too few for the workers.
    private func makeParts() -> [Part] {
        let total = plan.tables.reduce(0) { $0 + $1.estimatedByteCount }
        let even = max(4 << 20, total / Int64(max(1, settings.jobs) * 4))
        return plan.tables.indices.flatMap { index in
            plan.tables[index].parts(at: index, byteCount: min(settings.partByteCount, even))
        }
    }

    /// One worker, from connecting until nothing is left.
    private func runWorker(
        _ queue: StepQueue, _ finishing: FinishingWork, _ tally: Tally, _ onProgress: @escaping Progress
    ) async throws {
        let connection: PostgresConnection
        do {
            connection = try await openWorker()
        } catch {
            queue.abandoned(error)
            throw error
        }
        try await withTaskCancellationHandler {
            try await connection.run { connection in
                defer { connection.close() }
                while let (step, isAlone) = queue.next() {
                    do {
                        if case .buildIndex = step { try shareIndexBuilds(!isAlone, connection) }
                        try perform(step, connection, queue, finishing, tally, onProgress)
                        queue.finished(step)
                    } catch {
                        queue.failed(error)
                        throw error
                    }
                }
            }
        } onCancel: {
            queue.abandoned(CancellationError())
        }
    }

    /// Several indexes at once keep the cores as busy as one index built by several server processes, and for
    /// less: measured on two cores, 2.24 s for the bench's indexes against 2.55 s. The last one gets a process for
    /// each idle worker.
    private func shareIndexBuilds(_ isShared: Bool, _ connection: isolated PostgresConnection) throws {
        let count = isShared ? 0 : max(1, settings.jobs - 1)
        _ = try connection.query(
            "SELECT set_config('max_parallel_maintenance_workers', $1, false)", ["\(count)"])
    }

    /// A session of a worker, acting as the role that is to own everything.
    package func openWorker() async throws -> PostgresConnection {
        let connection = try await PostgresConnection.open(
            conninfo, settings: CopySettings.session().acting(as: settings.role))
        do {
            try await connection.run { connection in
                _ = try connection.execute("SET \(PostgresDDL.copyingSetting) = 'on'")
            }
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    private func perform(
        _ step: Schedule.Step, _ connection: isolated PostgresConnection, _ queue: StepQueue,
        _ finishing: FinishingWork, _ tally: Tally, _ onProgress: @escaping Progress
    ) throws {
        switch step {
        case .copy(let part):
            let copier = PartCopier(engine: self, part: part, shouldStop: { queue.isFailed })
            let sum = try copier.copy(connection, onProgress: onProgress)
            if tally.add(sum, to: part.table) {
                try reader.releaseWriters()
                onProgress(.allRowsCopied)
            }
        case .analyze(let table): try finishing.analyze(table, connection)
        case .buildIndex(let table, let index):
            tally.add(try finishing.build(index, of: table, connection))
        case .constrain(let table):
            tally.add(try finishing.constrain(table, connection, setsIdentity: settings.copiesRows))
        case .addForeignKeys:
            tally.add(try finishing.addForeignKeys(connection))
        case .validate(let group):
            tally.add(try finishing.validate(group, connection))
        }
    }
}
