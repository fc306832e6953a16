internal import Diagnostics
internal import PostgresClient

extension PostgresConnection {
    /// The library's error for what a statement, or the connection under it, answered.
    func storageError(_ error: OutgrowError, statement: String) -> StorageError {
        let failure = lastFailure.flatMap { $0.sqlState == error.causeCode ? $0 : nil }
        var result: StorageError
        if isInterrupted || error.kind == .interrupted {
            result = hasPassedDeadline ? .passedDeadline : .canceled
        } else if hasStaleStatements, error.causeCode == "0A000" || error.causeCode == "26000" {
            result = StorageError(
                .serialization, "The schema has changed below a prepared statement.",
                fix: "Run the transaction again; RetryingStorage does so.", cause: failure?.safePrimary)
        } else if let failure, failure.sqlState != nil {
            result =
                error.causeCode == "42601" && Self.holdsSeveral(statement)
                ? .severalStatements(statement) : StorageError(failure)
        } else {
            result = StorageError(connecting: error)
        }
        result.statement = statement.isEmpty ? nil : statement
        result.sqlState = error.causeCode
        return result
    }

    /// By the text, not by the server's words, which may be in any language.
    private static func holdsSeveral(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        do {
            let tokens = try SQLScanner.tokens(of: bytes, .postgres).filter {
                if case .directive = $0.kind { false } else { true }
            }
            return StatementSplitter.split(tokens[...], of: bytes).count > 1
        } catch {
            return false
        }
    }
}

extension StorageError {
    /// What the server said about a statement. DETAIL and CONTEXT, which quote values, stay out but for names of columns.
    init(_ failure: PostgresFailure) {
        let rule = PostgresFailureRule.first(for: failure.sqlState ?? "")
        let cause = [failure.safePrimary, failure.hint.map { "HINT: \($0)" }].compactMap(\.self)
        self.init(rule.kind, rule.summary, fix: rule.remedy, cause: cause.joined(separator: " "))
        sqlState = failure.sqlState
        guard rule.namesPlace else { return }
        table = failure.table
        constraint = failure.constraint
        columns = failure.column.map { [$0] } ?? []
        if Self.keyStates.contains(sqlState), let detail = failure.detail {
            columns = PostgresKeyDetail.columns(detail)
        }
    }

    /// A unique key or an exclusion: their DETAIL begins with the key. That of a foreign key may name the other table's.
    private static let keyStates: Set<String?> = ["23505", "23P01"]

    /// A connection that could not be made, or broke: libpq's own words, where there is no SQLSTATE.
    init(connecting error: OutgrowError) {
        let rule = error.causeCode.map(PostgresFailureRule.first(for:))
        let kind: Kind =
            switch error.code.rawValue {
            case "target-lost", "target-closed": .connectionLost
            case "target-authentication", "target-permission": .permission
            case "interrupted": .interrupted
            case "internal", "malformed-conninfo": .misuse
            case "target-refused-text": .unsupportedValue
            default: rule?.kind ?? .unavailable
            }
        self.init(
            kind, error.summary, fix: error.remedy, cause: error.cause.map { "\($0) (\(error.location))" })
        sqlState = error.causeCode
    }

    static var canceled: StorageError {
        StorageError(
            .interrupted, "The task was canceled, and the transaction rolled back.",
            fix: "Run it again if it is still wanted.")
    }

    static var passedDeadline: StorageError {
        StorageError(
            .timeout, "The transaction took longer than its time limit, and was rolled back.",
            fix: "Raise TransactionOptions.timeout, or find what it waited for: a lock (pg_locks), "
                + "a slow statement (EXPLAIN).")
    }
}

/// One row of the table of failures: *SQLSTATEs that begin like this mean that*. The first that fits counts, so single
/// states stand before their class.
///
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
struct PostgresFailureRule: Sendable {
    let states: [String]
    let kind: StorageError.Kind
    let summary: String
    let remedy: String
    /// The server names the table and the constraint.
    var namesPlace = false

    static func first(for state: String) -> PostgresFailureRule {
        table.first { rule in rule.states.contains { state.hasPrefix($0) } } ?? last
    }

    private init(
        _ states: [String], _ kind: StorageError.Kind, _ summary: String, _ remedy: String,
        namesPlace: Bool = false
    ) {
        (self.states, self.kind, self.summary, self.remedy) = (states, kind, summary, remedy)
        self.namesPlace = namesPlace
    }

    private static let last = PostgresFailureRule(
        [""], .other, "Postgres refused a statement.", "Read the cause; the server's log may say more.")

    static let table = constraints + values + conflicts + connection + resources + program
}

extension PostgresFailureRule {
    private static let constraints = [
        PostgresFailureRule(
            ["23505"], .unique, "A row with the same key exists.",
            "Use another key, or say what to do by ON CONFLICT.", namesPlace: true),
        PostgresFailureRule(
            ["23503"], .foreignKey, "A foreign key points to a row that does not exist.",
            "Insert the row it points to first, and delete rows that point to others before those.",
            namesPlace: true),
        PostgresFailureRule(
            ["23514"], .check, "A row breaks a CHECK constraint.", "Correct the values of the row.",
            namesPlace: true),
        PostgresFailureRule(
            ["23502"], .notNull, "A column that must not be NULL has no value.",
            "Give the column a value, or a DEFAULT.", namesPlace: true),
        PostgresFailureRule(
            ["23P01", "23"], .check, "A row breaks a constraint.", "Correct the values of the row.",
            namesPlace: true),
    ]

    private static let values = [
        PostgresFailureRule(
            ["22021", "22P05"], .unsupportedValue, "A text holds a character that the database cannot store.",
            "Leave the character U+0000 out; the database should have the encoding UTF8."),
        PostgresFailureRule(
            ["22P02", "42804", "22003", "22001", "22007", "22008", "22P03", "22"], .type,
            "A value does not fit the type of its column or parameter.",
            "Bind a value of the column's type, or give the column a wider one.", namesPlace: true),
    ]

    private static let conflicts = [
        PostgresFailureRule(
            ["40001"], .serialization, "Another transaction changed what this one read.",
            "Run the transaction again; RetryingStorage does so."),
        PostgresFailureRule(
            ["40P01"], .deadlock, "Two transactions waited for each other.",
            "Run the transaction again; to avoid it, take rows in the same order everywhere."),
        PostgresFailureRule(
            ["55P03"], .busy, "A lock was not free in time.",
            "Run the transaction again; pg_locks shows who holds the lock."),
        PostgresFailureRule(
            ["40"], .serialization, "The server rolled the transaction back.", "Run the transaction again."),
        PostgresFailureRule(
            ["57014"], .timeout, "The server canceled the statement.",
            "Look whether statement_timeout of the role or the database is too short, or who canceled it."),
        PostgresFailureRule(
            ["25P02"], .transactionFailed,
            "An earlier statement of the transaction failed, so it can only be rolled back.",
            "Let the error of that statement out of the closure, or run what may fail inside of savepoint."),
        PostgresFailureRule(
            ["25P03", "25P04"], .connectionLost, "The server ended a transaction that took too long.",
            "Do nothing slow inside of the closure, or raise idle_in_transaction_session_timeout."),
        PostgresFailureRule(
            ["25006"], .readOnly, "The transaction, or the whole server, accepts only reads.",
            "Use write for changes, and connect to the primary: target_session_attrs=read-write."),
    ]

    private static let connection = [
        PostgresFailureRule(
            ["57P03"], .unavailable, "The server is starting up or shutting down.",
            "Wait until it accepts connections."),
        PostgresFailureRule(
            ["08P01"], .statement, "The statement's placeholders and its values do not fit together.",
            "Give every placeholder one value."),
        PostgresFailureRule(
            ["57P", "08"], .connectionLost, "The connection to the server broke.",
            "Run it again; the server's log says why the connection ended."),
        PostgresFailureRule(
            ["53300"], .unavailable, "The server has no free connection.",
            "Lower the storage's number of connections, close other clients, or raise max_connections."),
        PostgresFailureRule(
            ["28"], .permission, "The server does not let this user in.",
            "Correct the password (~/.pgpass, PGPASSWORD), or let pg_hba.conf admit the user."),
        PostgresFailureRule(
            ["3D000"], .unavailable, "There is no such database.", "Create it, or correct its name."),
        PostgresFailureRule(
            ["42501"], .permission, "The user lacks a right on the server.",
            "Let the owner GRANT what the cause names."),
    ]

    private static let resources = [
        PostgresFailureRule(
            ["53100"], .full, "The server's disk is full.", "Make room on the server, then run it again."),
        PostgresFailureRule(
            ["53", "54"], .full, "A limit of the server is reached.",
            "Read the cause: it names memory, locks or the size of something."),
        PostgresFailureRule(
            ["58"], .io, "The server could not read or write its disk.",
            "Look into the server's log; the disk may be damaged."),
        PostgresFailureRule(
            ["XX001", "XX002"], .corrupt, "The server found damaged rows or indexes.",
            "Look into the server's log; REINDEX mends an index, a backup the rest."),
    ]

    private static let program = [
        PostgresFailureRule(
            ["42883"], .statement, "No function or operator takes these types.",
            "Correct the name, or bind values of the types that it takes; an integer is bound with 64 bits: "
                + "CAST(\\(value) AS integer)."),
        PostgresFailureRule(
            ["42P18"], .statement, "The type of a text parameter cannot be told.",
            "Say it: CAST(\\(value) AS text)."),
        PostgresFailureRule(
            ["42", "0A", "3F", "26", "34", "3B", "2B"], .statement,
            "Postgres does not understand the statement, or something that it names does not exist.",
            "Correct the statement; the cause names the place."),
        PostgresFailureRule(
            ["P0"], .check, "A function or trigger of the database refused.",
            "Read the cause: its text is that of the function."),
        PostgresFailureRule(
            ["25", "2D"], .misuse, "The statement does not fit the state of the transaction.",
            "Leave BEGIN, COMMIT and ROLLBACK to the storage."),
    ]
}
