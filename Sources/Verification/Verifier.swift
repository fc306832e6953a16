package import CopyEncoding
internal import Diagnostics
package import PostgresClient
internal import PostgresDDL
package import SQLiteClient
package import Schema
internal import Synchronization

/// Compares both sides of a plan: every row by a keyed hash of its meaning, and all that stands beside the rows.
///
/// The source is read as raw SQLite values, the target as binary COPY through the inverse codecs; the
/// sums of one table agree only when the two multisets of rows do (docs/explanation/verification.md).
package struct Verifier: Sendable {
    package let plan: MigrationPlan
    package let reader: SourceReader
    package let conninfo: Conninfo
    package let jobs: Int
    package let role: String?
    package let hashKey: HashKey
    /// Taken from the raw values in the copying pass, by position of the table; nil reads the source again.
    package let sourceSums: [RowSum]?
    package let excused: Set<String>
    /// Compares rows; false looks at the catalog alone.
    package let comparesRows: Bool
    /// Looks at keys, indexes and columns beside the rows.
    package let checksCatalog: Bool

    package init(
        plan: MigrationPlan, reader: SourceReader, conninfo: Conninfo, jobs: Int, role: String?,
        hashKey: HashKey,
        sourceSums: [RowSum]? = nil, excused: Set<String> = [], comparesRows: Bool = true,
        checksCatalog: Bool = true
    ) {
        self.plan = plan
        self.reader = reader
        self.conninfo = conninfo
        self.jobs = jobs
        self.role = role
        self.hashKey = hashKey
        self.sourceSums = sourceSums
        self.excused = excused
        self.comparesRows = comparesRows
        self.checksCatalog = checksCatalog
    }

    package typealias Progress = @Sendable (_ rows: Int64) -> Void

    /// Pages of a table that one worker reads in one go: 32 MiB.
    private static let pagesPerStretch: Int64 = 4096

    package func verify(onProgress: @escaping Progress) async throws -> VerificationReport {
        let started = ContinuousClock.now
        let control = try await open()
        defer { Task { await control.close() } }
        var report = VerificationReport()
        let check = CatalogCheck(plan: plan, excused: excused)
        // One snapshot for all workers: on a target in use, the sums are those of one moment.
        let (snapshot, catalog, work) = try await control.run { control in
            let catalog = try check.check(control)
            let work = try makeWork(catalog, control)
            // It only holds the snapshot: a transaction that reads keeps a lock on each table to its end,
            // and thousands of them are more than a server has room for.
            try control.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            return (try control.scalar("SELECT pg_export_snapshot()") ?? "", catalog, work)
        }
        report.catalog = catalog.filter { difference in
            switch difference.kind {
            // Positions follow the rows: without them they stand at the start.
            case .identityBehind: comparesRows
            case .missingTable: true
            default: checksCatalog
            }
        }
        if comparesRows { report.tables = try await compare(work, snapshot, onProgress) }
        try await control.run { _ = try $0.execute("COMMIT") }
        report.seconds = (ContinuousClock.now - started).inSeconds
        return report
    }

    /// A piece of reading that one worker does.
    private enum Work: Sendable {
        case source(table: Int)
        case target(table: Int, pages: Range<Int64>?)
    }

    private func makeWork(
        _ catalog: [CatalogDifference], _ control: isolated PostgresConnection
    ) throws -> (pieces: [Work], readers: [Int: TableReader]) {
        var pieces: [(work: Work, cost: Int64)] = []
        var readers: [Int: TableReader] = [:]
        let missing = Set(catalog.filter { $0.kind == .missingTable }.map(\.table))
        let changed = catalog.filter { $0.kind == .column }
        let columns = try CatalogCheck(plan: plan, excused: excused).standingColumns(control)
        for (index, table) in plan.tables.enumerated() where !missing.contains(table.target) {
            let reader = TableReader(
                plan: table, schema: plan.target.name, key: hashKey, reader: reader,
                castColumns: Set(changed.filter { $0.table == table.target }.map(\.name)),
                missingColumns: Set(table.columns.map(\.target)).subtracting(
                    columns[table.target, default: [:]].keys))
            readers[index] = reader
            if sourceSums == nil { pieces.append((.source(table: index), table.estimatedByteCount)) }
            let size = try control.scalar(
                "SELECT pg_relation_size($1::regclass)",
                [PostgresDDL(schema: plan.target.name).plainName(table.target)])
            let pages = (size.flatMap(Int64.init) ?? 0) / 8192
            // TID range scans came with Postgres 14; before, each stretch would read the whole table.
            guard pages > Self.pagesPerStretch, jobs > 1, control.serverVersion >= 140_000 else {
                pieces.append((.target(table: index, pages: nil), table.estimatedByteCount))
                continue
            }
            for start in stride(from: 0, to: pages, by: Int(Self.pagesPerStretch)) {
                let end = start + Self.pagesPerStretch
                let range = start..<(end >= pages ? .max : end)
                pieces.append((.target(table: index, pages: range), Self.pagesPerStretch * 8192))
            }
        }
        // The dearest first; workers take from the end.
        return (pieces.sorted { $0.cost < $1.cost }.map(\.work), readers)
    }

    private struct Sums: Sendable {
        var pieces: [Work]
        var source: [RowSum]
        var target: [RowSum]
        var hasFailed = false
    }

    private func compare(
        _ work: (pieces: [Work], readers: [Int: TableReader]), _ snapshot: String,
        _ onProgress: @escaping Progress
    ) async throws -> [TableVerification] {
        let none = [RowSum](repeating: RowSum(), count: plan.tables.count)
        let sums = Mutex(Sums(pieces: work.pieces, source: sourceSums ?? none, target: none))
        let shared = SharedSums(sums)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, jobs) {
                group.addTask { try await runWorker(shared, work.readers, snapshot, onProgress) }
            }
            try await group.waitForAll()
        }
        let totals = shared.read()
        var results: [TableVerification] = []
        for (index, table) in plan.tables.enumerated() {
            guard let tableReader = work.readers[index] else { continue }
            var result = TableVerification(
                table: table.source, sourceRowCount: totals.source[index].rowCount,
                targetRowCount: totals.target[index].rowCount, sourceSum: totals.source[index].hexadecimal,
                targetSum: totals.target[index].hexadecimal)
            if !result.matches {
                let found = try await findDifferences(tableReader, snapshot)
                result.differences = found.differences
                result.differenceCount = found.count
            }
            results.append(result)
        }
        return results
    }

    /// The one box that workers share.
    private final class SharedSums: Sendable {
        private let sums: Mutex<Sums>
        init(_ sums: consuming Mutex<Sums>) { self.sums = sums }
        func read() -> (source: [RowSum], target: [RowSum]) { sums.withLock { ($0.source, $0.target) } }
        func next() -> Work? { sums.withLock { $0.hasFailed ? nil : $0.pieces.popLast() } }
        func fail() { sums.withLock { $0.hasFailed = true } }
        var hasFailed: Bool { sums.withLock(\.hasFailed) }
        func add(_ sum: RowSum, source table: Int) { sums.withLock { $0.source[table].combine(sum) } }
        func add(_ sum: RowSum, target table: Int) { sums.withLock { $0.target[table].combine(sum) } }
    }

    private func runWorker(
        _ shared: SharedSums, _ readers: [Int: TableReader], _ snapshot: String,
        _ onProgress: @escaping Progress
    ) async throws {
        let connection = try await open()
        try await withTaskCancellationHandler {
            try await connection.run { connection in
                defer { connection.close() }
                do {
                    while let work = shared.next() {
                        try begin(connection, in: snapshot)
                        try perform(work, shared, readers, connection, onProgress)
                        try connection.execute("COMMIT")
                    }
                } catch {
                    shared.fail()
                    throw error
                }
            }
        } onCancel: {
            shared.fail()
        }
    }

    private func perform(
        _ work: Work, _ shared: SharedSums, _ readers: [Int: TableReader],
        _ connection: isolated PostgresConnection,
        _ onProgress: Progress
    ) throws {
        var sum = RowSum()
        switch work {
        case .source(let table):
            guard let reader = readers[table] else { return }
            try reader.readSource(shouldStop: { shared.hasFailed }) { hasher, value, _ in
                sum.add(try hasher.hash(value))
            }
            shared.add(sum, source: table)
        case .target(let table, let pages):
            guard let reader = readers[table] else { return }
            sum = try reader.sumTarget(connection, pages: pages) { rows in
                if shared.hasFailed { throw CancellationError() }
                onProgress(rows)
            }
            shared.add(sum, target: table)
        }
    }

    private func findDifferences(
        _ table: TableReader, _ snapshot: String
    ) async throws -> DifferenceFinder.Found {
        let connection = try await open()
        return try await connection.run { connection in
            defer { connection.close() }
            try begin(connection, in: snapshot)
            return try DifferenceFinder(table: table, shouldStop: { Task.isCancelled }).find(connection)
        }
    }

    private func open() async throws -> PostgresConnection {
        try await PostgresConnection.open(conninfo, settings: .standard.acting(as: role))
    }

    private func begin(_ connection: isolated PostgresConnection, in snapshot: String) throws {
        try connection.execute(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY;
            SET TRANSACTION SNAPSHOT \(PostgresDDL.literal(snapshot))
            """)
    }
}

extension Duration {
    /// For reports.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }
}
