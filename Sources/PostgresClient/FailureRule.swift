internal import Diagnostics

/// One row of the table of failures: *a failure like this is called so, and is mended so*.
///
/// The first row that fits wins, so single states stand before their class. A row fits by the
/// start of the SQLSTATE or, where libpq has none, by a part of libpq's message.
struct FailureRule: Sendable {
    enum Sign: Sendable {
        case state([String])
        case text(String)
        case anything
    }

    let sign: Sign
    let code: OutgrowError.Code
    let summary: String
    /// `{database}`, `{user}`, `{host}`, `{hostOption}` and `{port}` stand for where it happened.
    let remedy: String

    private init(_ sign: Sign, _ code: OutgrowError.Code, _ summary: String, _ remedy: String) {
        self.sign = sign
        self.code = code
        self.summary = summary
        self.remedy = remedy
    }

    static func first(for failure: PostgresFailure) -> FailureRule {
        table.first { $0.fits(failure) } ?? last
    }

    private func fits(_ failure: PostgresFailure) -> Bool {
        switch sign {
        case .state(let prefixes):
            failure.sqlState.map { state in prefixes.contains { state.hasPrefix($0) } } ?? false
        case .text(let part): failure.sqlState == nil && failure.primary.contains(part)
        case .anything: true
        }
    }

    private static let last = FailureRule(
        .anything, "target-error", "Postgres refused a statement.",
        "Read the cause; when it does not depend on your data or rights, report it as a defect of outgrow.")
}

extension FailureRule {
    static let table: [FailureRule] =
        connecting + access + resources + interruptions + content + broken + [last]

    private static let connecting = [
        FailureRule(
            .text("Connection refused"), "target-unreachable", "No Postgres server answers there.",
            "Start the server, or correct host and port: {host}, port {port}."),
        FailureRule(
            .text("No such file or directory"), "target-unreachable",
            "No Postgres server listens on that socket.",
            "Start the server, or name its host (host=localhost) or its socket folder; "
                + "the port is part of the socket's name."),
        FailureRule(
            .text("could not translate host name"), "target-unreachable", "The host name is not known.",
            "Correct the host name {host}, or give the server's address with hostaddr=."),
        FailureRule(
            .text("timeout expired"), "target-unreachable", "The server did not answer in time.",
            "Check the address and the firewall between; connect_timeout=30 in the connection string "
                + "waits longer."
        ),
        FailureRule(
            .text("Network is unreachable"), "target-unreachable", "There is no network route to the server.",
            "Check the network and the address {host}."),
        FailureRule(
            .text("No route to host"), "target-unreachable", "There is no network route to the server.",
            "Check the network and the address {host}."),
        FailureRule(
            .text("Permission denied"), "target-unreachable",
            "The server's socket may not be opened by this user.",
            "Connect by host name (host=localhost), or run as a user who may enter the socket folder."),
        FailureRule(
            .text("no password supplied"), "target-authentication",
            "The server asks for a password and none is set.",
            "Put it into ~/.pgpass (mode 0600) or PGPASSWORD; never into the command line."),
        FailureRule(
            .text("does not support SSL"), "target-tls", "The server does not speak TLS.",
            "Enable ssl on the server, or choose another sslmode if the network between is trusted."),
        FailureRule(
            .text("certificate"), "target-tls", "The server's certificate cannot be trusted.",
            "Set sslrootcert to the authority's certificate, and let the host name match the certificate."),
        FailureRule(
            .text("SSL"), "target-tls", "The TLS connection to the server failed.",
            "Check sslmode, sslcert, sslkey and sslrootcert."),
        FailureRule(
            .text("definition of service"), "target-service", "The named service is not defined.",
            "Correct the service name, or define it in ~/.pg_service.conf."),
    ]

    private static let access = [
        FailureRule(
            .state(["28P01"]), "target-authentication", "The server refuses the password.",
            "Correct the password of {user} in ~/.pgpass or PGPASSWORD; it was tried once and not again."),
        FailureRule(
            .state(["28"]), "target-authentication", "The server does not let this user in.",
            "Let pg_hba.conf on the server admit {user} to {database}, or connect as another user."),
        FailureRule(
            .state(["3D000"]), "target-missing-database", "There is no such database.",
            "Create it with: createdb {hostOption}-p {port} -U {user} --encoding UTF8 "
                + "--template template0 {database}"
        ),
        FailureRule(
            .state(["42501"]), "target-permission", "The user lacks a right on the server.",
            "Let the owner grant {user} what the cause names, or connect as the owner."),
        FailureRule(
            .state(["25006"]), "target-read-only", "The server accepts only reads.",
            "Connect to the primary server: add target_session_attrs=read-write."),
        FailureRule(
            .state(["3F000", "42P01", "42703", "42883", "42704"]), "target-missing-object",
            "Something that the statement needs is not on the server.",
            "If something else changes this schema, let it wait, then run again; "
                + "else report a defect of outgrow."
        ),
        FailureRule(
            .state(["42P04", "42P06", "42P07", "42710", "42701"]), "target-already-there",
            "Something of that name is already on the server.",
            "Choose another schema with --schema, or remove what stands there."),
    ]

    private static let resources = [
        FailureRule(
            .state(["53100"]), "target-disk-full", "The server's disk is full.",
            "Make room on the server's data or temporary folder, then run again."),
        FailureRule(
            .state(["53200"]), "target-memory", "The server ran out of memory.",
            "Lower --jobs or the server's maintenance_work_mem, or raise max_locks_per_transaction."),
        FailureRule(
            .state(["53300"]), "target-connections", "The server has no free connection.",
            "Lower --jobs, close other clients, or raise max_connections."),
        FailureRule(
            .state(["53", "54"]), "target-limit", "A limit of the server is reached.",
            "Read the cause; --exclude-table or --column changes what is asked of the server."),
        FailureRule(
            .state(["55P03"]), "target-lock-timeout", "Another session holds a lock for too long.",
            "End the other session (see pg_stat_activity and pg_locks), then run again."),
        FailureRule(
            .state(["40P01", "40001"]), "target-conflict", "Another session got in the way.",
            "Run again when nothing else writes to these tables."),
        FailureRule(
            .state(["55"]), "target-in-use", "The object is in use or not in the right state.",
            "End the sessions that use it, then run again."),
    ]

    private static let interruptions = [
        FailureRule(
            .state(["57014"]), "target-canceled", "The statement was canceled on the server.",
            "Find who canceled it, or which timeout did (of the role or of a pooler), then run again."
        ),
        FailureRule(
            .state(["57P01", "57P02"]), "target-lost", "The server ended the connection.",
            "Look into the server's log for the restart or the administrator's command, then run again."),
        FailureRule(
            .state(["57P03"]), "target-unreachable", "The server is starting up or shutting down.",
            "Wait until the server accepts connections, then run again."),
        FailureRule(
            .state(["57P04", "57P05"]), "target-lost", "The server ended the connection.",
            "Read the cause, then run again."),
        FailureRule(
            .state(["08"]), "target-lost", "The connection to the server broke.",
            "Check the network, a pooler between and the server's log, then run again."),
        FailureRule(
            .text("server closed the connection"), "target-lost", "The connection to the server broke.",
            "Look into the server's log for a crash or restart, then run again."),
        FailureRule(
            .text("could not receive data"), "target-lost", "The connection to the server broke.",
            "Check the network and the server's log, then run again."),
        FailureRule(
            .text("could not send data"), "target-lost", "The connection to the server broke.",
            "Check the network and the server's log, then run again."),
        FailureRule(
            .text("connection"), "target-lost", "The connection to the server failed.",
            "Check the network and the server's log, then run again."),
    ]

    private static let content = [
        FailureRule(
            .state(["22021", "22P05"]), "target-refused-text", "The server cannot hold a text as it is.",
            "Use --unstorable-text bytea or a --column override; "
                + "the target database should have the encoding UTF8."
        ),
        FailureRule(
            .state(["22"]), "target-refused-value", "A value does not fit its column on the server.",
            "Give the column a wider type with --column TABLE.COLUMN=TYPE; --show-values shows the value."),
        FailureRule(
            .state(["23"]), "target-constraint", "A row breaks a constraint on the server.",
            "Correct the row in the source, or leave the constraint out; --show-values shows the key."),
    ]

    private static let broken = [
        FailureRule(
            .state(["XX", "58"]), "target-broken", "The server met an internal or storage error.",
            "Look into the server's log: the disk or the cluster may be damaged."),
        FailureRule(
            .state(["25", "2D", "3B"]), "target-transaction", "The transaction is in the wrong state.",
            "Run again; if a pooler stands between, use its session mode or connect directly."),
    ]
}
