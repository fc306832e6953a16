internal import COutgrowLibPQ
internal import Diagnostics
internal import Foundation

extension PostgresConnection {
    /// Connects once, with what the user gave and the environment adds, and prepares the session.
    ///
    /// Nothing is retried and nobody is asked for a password. `connect_timeout` counts for each host
    /// of a list, as in libpq; 10 seconds when nobody says otherwise. The name look-up alone is
    /// libpq's and cannot be interrupted.
    ///
    /// - Parameter deadline: Past it the attempt ends as if it were interrupted, whatever `connect_timeout` says.
    package static func open(
        _ conninfo: Conninfo, settings: SessionSettings = .standard, showValues: Bool = false,
        until deadline: ContinuousClock.Instant? = nil
    ) async throws -> PostgresConnection {
        let connection = PostgresConnection(to: conninfo.endpoint)
        try await connection.run { connection in
            connection.deadline = deadline
            defer { connection.deadline = nil }
            connection.setShowValues(showValues)
            try connection.connect(conninfo)
            try connection.apply(settings)
        }
        return connection
    }

    private func connect(_ conninfo: Conninfo) throws {
        let options = conninfo.connectionOptions.sorted { $0.key < $1.key }
        let pointer = try unsafe withCStrings(options.map(\.key) + [nil]) { keywords in
            try unsafe withCStrings(options.map(\.value) + [nil]) { values in
                unsafe PQconnectStartParams(keywords, values, 0)
            }
        }
        guard let pointer = unsafe pointer else {
            throw OutgrowError(
                "target-memory", .target, "There is no memory for a connection.", at: "\(endpoint)",
                fix: "Free memory on this machine, then run again.")
        }
        let handle = unsafe ConnectionHandle(owning: pointer)
        // Errors of the attempt have no fields: the verbose text holds the SQLSTATE.
        _ = unsafe PQsetErrorVerbosity(pointer, PQERRORS_VERBOSE)
        try pollUntilUp(handle)
        _ = unsafe PQsetErrorVerbosity(pointer, PQERRORS_DEFAULT)
        guard unsafe PQsetnonblocking(pointer, 1) == 0 else { throw lost(handle.errorMessage) }
        handle.watchInput(orWakeUpAt: interruption.wakeDescriptor)
        self.handle = handle
        noteEndpoint(unsafe actualEndpoint(of: pointer, else: conninfo))
        unsafe interruption.arm(with: pointer)
    }

    /// Every step may bring another socket: the next host, or a second try without encryption.
    private func pollUntilUp(_ handle: ConnectionHandle) throws {
        var step = PGRES_POLLING_WRITING
        var deadline: ContinuousClock.Instant?
        if unsafe PQstatus(handle.pointer) == CONNECTION_BAD { throw refused(handle.errorMessage) }
        deadline = unsafe timeLimit(of: handle.pointer).map { .now + $0 }
        while true {
            switch step {
            case PGRES_POLLING_OK: return
            case PGRES_POLLING_READING, PGRES_POLLING_WRITING:
                let events = step == PGRES_POLLING_READING ? POLLIN : POLLOUT
                if try wait(handle, for: events, until: deadline) == 0 { throw refused("timeout expired") }
            default: throw refused(handle.errorMessage)
            }
            step = unsafe PQconnectPoll(handle.pointer)
        }
    }

    private func refused(_ message: String) -> OutgrowError {
        let failure = PostgresFailure(connecting: message)
        lastFailure = failure
        return failure.outgrowError(at: endpoint, showingValues: showValues)
    }

    private func timeLimit(of pointer: OpaquePointer) -> Duration? {
        let list = unsafe PQconninfo(pointer)
        defer { unsafe PQconninfoFree(list) }
        let options = unsafe Conninfo.dictionary(of: list)
        let hosts = (options["hostaddr"] ?? options["host"] ?? "").split(separator: ",").count
        guard let seconds = options["connect_timeout"].map({ Int($0) ?? 10 }) else {
            return .seconds(10 * max(hosts, 1))
        }
        return seconds <= 0 ? nil : .seconds(min(max(seconds, 2), 1_000_000) * max(hosts, 1))
    }

    private func actualEndpoint(of pointer: OpaquePointer, else conninfo: Conninfo) -> PostgresEndpoint {
        let text = { (value: UnsafeMutablePointer<CChar>?) -> String? in
            let text = unsafe value.map { unsafe String(cString: $0) }
            return text?.isEmpty == false ? text : nil
        }
        return PostgresEndpoint(
            database: unsafe text(PQdb(pointer)) ?? conninfo.database, host: unsafe text(PQhost(pointer)),
            port: unsafe text(PQport(pointer)) ?? conninfo.port,
            user: unsafe text(PQuser(pointer)) ?? conninfo.user)
    }

    /// One statement for all settings; names and values are parameters, so nothing needs quoting.
    private func apply(_ settings: SessionSettings) throws {
        let all = settings.settings
        guard !all.isEmpty else { return }
        let rows = (0..<all.count).map { "($\(3 * $0 + 1), $\(3 * $0 + 2), $\(3 * $0 + 3)::boolean)" }
        let sql = """
            SELECT pg_catalog.set_config(wanted.name, wanted.value, false)
              FROM (VALUES \(rows.joined(separator: ", "))) AS wanted(name, value, is_required)
              LEFT JOIN pg_catalog.pg_settings AS known ON lower(known.name) = lower(wanted.name)
             WHERE wanted.is_required
                OR known.name IS NOT NULL
                   AND (known.enumvals IS NULL OR lower(wanted.value) = ANY (known.enumvals))
            """
        _ = try query(sql, all.flatMap { [$0.name, $0.value, $0.isRequired ? "t" : "f"] })
    }
}

/// Lends `strings` to C as an array of pointers; nil becomes a null pointer.
func withCStrings<Result>(
    _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws -> Result
) throws -> Result {
    guard !strings.contains(where: { $0?.utf8.contains(0) == true }) else {
        throw OutgrowError(
            "target-refused-text", .target, "A text for the server contains a NUL character.",
            fix: "Remove the NUL character; Postgres cannot hold it.", causeCode: "22021")
    }
    let pointers = unsafe strings.map { unsafe $0.map { unsafe UnsafePointer<CChar>(strdup($0)) } ?? nil }
    defer {
        for index in unsafe pointers.indices { unsafe free(UnsafeMutablePointer(mutating: pointers[index])) }
    }
    return try unsafe pointers.withUnsafeBufferPointer { buffer in
        guard let start = buffer.baseAddress else {
            var none: UnsafePointer<CChar>?
            return try unsafe body(&none)
        }
        return try unsafe body(start)
    }
}
