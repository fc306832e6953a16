internal import Diagnostics
internal import PostgresClient
internal import PostgresDDL
internal import Schema

/// What is done to a table once its rows are there, and to all of them at the end.
///
/// When the data refuses a constraint, the rows stay and the constraint becomes a loss:
/// the plan has looked, but only the server's own comparison decides.
struct FinishingWork: Sendable {
    let plan: MigrationPlan
    let ddl: PostgresDDL
    /// Per table: the statement and the name of each index, keys' indexes first.
    let indexes: [[Index]]
    /// Foreign keys to check, by child table.
    let validationGroups: [[Int]]
    /// False leaves everything but ANALYZE and identity positions to the user.
    let isWanted: Bool

    struct Index: Sendable {
        var name: String
        var statement: String
        var isUnique: Bool
    }

    init(plan: MigrationPlan, isWanted: Bool) {
        let ddl = PostgresDDL(for: plan.target)
        self.plan = plan
        self.ddl = ddl
        self.isWanted = isWanted
        indexes = plan.target.tables.map { table in
            guard isWanted else { return [] }
            let keys = ([table.primaryKey].compactMap(\.self) + table.uniques).map {
                Index(name: $0.name, statement: ddl.createKeyIndex($0, of: table), isUnique: true)
            }
            let others = plan.target.indexes.filter { $0.table == table.name }.map {
                Index(name: $0.name, statement: ddl.createIndex($0), isUnique: $0.isUnique)
            }
            return keys + others
        }
        let wanted = plan.target.foreignKeys.indices.filter { !plan.target.foreignKeys[$0].isNotValid }
        validationGroups = Dictionary(grouping: wanted) { plan.target.foreignKeys[$0].table }
            .sorted { $0.key < $1.key }.map(\.value)
    }

    /// Why the rows may refuse an index, by SQLSTATE.
    private static let indexRefusals: [String: (code: String, why: String, remedy: String)] = [
        "23505": (
            "unique-broken-by-data", "some rows are equal to Postgres",
            "Change the rows that clash, then run the statement."
        ),
        "54000": (
            "index-not-carried", "a value is too long for an index",
            "Shorten the value, or index a hash of it."
        ),
        "22003": (
            "index-not-carried", "its expression leaves the range of its type",
            "Mend the values, or cast them to numeric in the expression."
        ),
    ]

    func build(_ index: Int, of table: Int, _ connection: isolated PostgresConnection) throws -> [Finding] {
        let index = indexes[table][index]
        do {
            try connection.execute(index.statement)
            return []
        } catch let error as OutgrowError {
            guard let refusal = error.causeCode.flatMap({ Self.indexRefusals[$0] }), connection.isOpen else {
                throw error
            }
            return [
                Finding(
                    Finding.Code(rawValue: refusal.code), .loss,
                    at: Location(plan.target.tables[table].name, column: index.name),
                    "Index \(index.name) is missing: \(refusal.why).", fix: refusal.remedy,
                    sql: index.statement)
            ]
        }
    }

    func constrain(
        _ position: Int, _ connection: isolated PostgresConnection, setsIdentity: Bool
    ) throws -> [Finding] {
        let table = plan.target.tables[position]
        var findings: [Finding] = []
        if isWanted {
            let standing = try standingIndexes(of: table, connection)
            if let key = table.primaryKey, standing.contains(key.name) {
                findings += try attach(ddl.attachPrimaryKey(key, of: table), key, position, connection)
            }
            for key in table.uniques where standing.contains(key.name) {
                findings += try attach(ddl.attachUnique(key, of: table), key, position, connection)
            }
            findings += try addChecks(of: table, position, connection)
        }
        if setsIdentity, let identity = plan.tables[position].identity {
            try connection.execute(ddl.setSequencePosition(identity, of: table.name))
        }
        // Statistics of an expression are those of its index.
        if hasExpressionIndex(position) { try connection.execute(ddl.analyze(table.name)) }
        return findings
    }

    /// First all of them without a look at the rows, so that no two workers wait for one another's locks.
    func addForeignKeys(_ connection: isolated PostgresConnection) throws -> [Finding] {
        var findings: [Finding] = []
        for key in plan.target.foreignKeys {
            // 42830: the parent's key could not be made, which is a finding of its own.
            findings += try allowing(["42830": "foreign-key-not-carried"], connection) {
                try connection.execute(ddl.addForeignKey(key, notValid: true))
            } loss: { code in
                Finding(
                    code, .loss, at: Location(key.table, column: key.name),
                    "Foreign key \(key.name) is missing: its parent has no unique key.",
                    sql: ddl.addForeignKey(key))
            }
        }
        return findings
    }

    func validate(_ group: Int, _ connection: isolated PostgresConnection) throws -> [Finding] {
        var findings: [Finding] = []
        for position in validationGroups[group] {
            let key = plan.target.foreignKeys[position]
            let statement = ddl.validateConstraint(key.name, of: key.table)
            // 42704: the key itself could not be added.
            findings += try allowing(["23503": "foreign-key-not-valid", "42704": ""], connection) {
                try connection.execute(statement)
            } loss: { code in
                Finding(
                    code, .loss, at: Location(key.table, column: key.name),
                    "Foreign key \(key.name) is left NOT VALID: some rows point at nothing.",
                    fix: "Mend the rows, then run the statement.", sql: statement)
            }
        }
        return findings
    }

    func analyze(_ position: Int, _ connection: isolated PostgresConnection) throws {
        guard !hasExpressionIndex(position) else { return }
        try connection.execute(ddl.analyze(plan.target.tables[position].name))
    }

    private func hasExpressionIndex(_ position: Int) -> Bool {
        let table = plan.target.tables[position].name
        return isWanted
            && plan.target.indexes.contains { index in
                index.table == table
                    && index.columns.contains { if case .column = $0.expression { false } else { true } }
            }
    }

    /// All at once in one scan of the table; one by one only when the rows break some.
    private func addChecks(
        of table: TargetTable, _ position: Int, _ connection: isolated PostgresConnection
    ) throws -> [Finding] {
        guard table.checks.count > 1 else {
            return try table.checks.flatMap { try add($0, to: table, position, connection) }
        }
        var findings: [Finding] = []
        findings += try allowing(
            ["23514": "check-not-valid", "22003": "check-not-valid", "22P02": "check-not-valid"], connection
        ) {
            try connection.execute(ddl.addAllChecks(of: table))
        } loss: { _ in
            for check in table.checks { findings += try add(check, to: table, position, connection) }
            return nil
        }
        return findings
    }

    private func add(
        _ check: TargetCheck, to table: TargetTable, _ position: Int,
        _ connection: isolated PostgresConnection
    ) throws -> [Finding] {
        // 22003: the expression leaves the range of its type for some row, and would refuse that row as well.
        try allowing(
            ["23514": "check-not-valid", "22P02": "check-not-valid", "22003": "check-not-carried"], connection
        ) {
            try connection.execute(ddl.addCheck(check, to: table))
        } loss: { code in
            guard code == "check-not-valid" else {
                return Finding(
                    code, .loss, at: Location(table.name, column: check.name),
                    "CHECK \(check.name) is missing: its expression leaves the range of its type for some row.",
                    fix: "Mend the rows, then run the statement.", sql: ddl.addCheck(check, to: table))
            }
            var notValid = check
            notValid.isNotValid = true
            try connection.execute(ddl.addCheck(notValid, to: table))
            return Finding(
                code, .loss, at: Location(table.name, column: check.name),
                "CHECK \(check.name) is left NOT VALID: some rows break it.",
                fix: "Mend the rows, then run the statement.",
                sql: ddl.validateConstraint(check.name, of: table.name))
        }
    }

    private func attach(
        _ statement: String, _ key: TargetKey, _ position: Int, _ connection: isolated PostgresConnection
    ) throws -> [Finding] {
        // 23502: a primary key's column holds NULL after all.
        try allowing(["23502": "primary-key-not-carried"], connection) {
            try connection.execute(statement)
        } loss: { code in
            Finding(
                code, .loss, at: Location(plan.target.tables[position].name, column: key.name),
                "\(key.name) stays a unique index: the key holds NULLs.", sql: statement)
        }
    }

    private func standingIndexes(of table: TargetTable, _ connection: isolated PostgresConnection) throws
        -> Set<String>
    {
        let result = try connection.query(
            """
            SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
            WHERE x.indrelid = $1::regclass AND x.indisvalid
            """, [ddl.plainName(table.name)])
        return Set(result.rows.compactMap { $0[0] })
    }

    /// Runs `body`; a failure with one of these SQLSTATEs is a loss of that code ("" is none), any other goes on.
    private func allowing(
        _ states: [String: String], _ connection: isolated PostgresConnection, _ body: () throws -> Void,
        loss: (Finding.Code) throws -> Finding?
    ) throws -> [Finding] {
        do {
            try body()
            return []
        } catch let error as OutgrowError {
            guard let state = error.causeCode, let code = states[state], connection.isOpen else {
                throw error
            }
            return code.isEmpty ? [] : [try loss(Finding.Code(rawValue: code))].compactMap(\.self)
        }
    }
}
