internal import ArgumentParser
internal import Diagnostics
internal import Outgrow

/// `outgrow schema`: versioned changes of a schema, on either engine.
struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Run the schema migrations of an application, on SQLite or Postgres",
        discussion: """
            DIR holds the migrations: common/00001_name.sql, or where the engines differ one file \
            each in sqlite and postgres. In a file stand "-- +up" and the statements below it, \
            "-- +down" and what undoes them.

            EXAMPLES:
              outgrow schema new migrations people
              outgrow schema status migrations sqlite:app.db
              outgrow schema up migrations postgres://localhost/app
            """,
        subcommands: [
            SchemaStatusCommand.self, SchemaUpCommand.self, SchemaDownCommand.self, SchemaNewCommand.self,
        ])
}

/// Which migrations, and which database.
struct SchemaArguments: ParsableArguments {
    @Argument(help: ArgumentHelp("The folder with the migrations.", valueName: "dir")) var directory: String
    @Argument(
        help: ArgumentHelp(
            "The database: sqlite:app.db, a path, postgres://… or a connection string.", valueName: "url"))
    var url: String

    func story() throws -> SchemaStory {
        try SchemaStory(directory: directory, database: SchemaDatabase(url))
    }

    /// What was wrong before the run, or is left by it, `schema status` lists.
    func next(after error: OutgrowError) -> String? {
        let code = error.code.rawValue
        let again: Set = ["schema-failed", "schema-locked", "schema-foreign-keys", "schema-rebuild"]
        guard code.hasPrefix("schema-"), !again.contains(code) else {
            return error.kind == .usage ? "outgrow --help" : nil
        }
        do { return try command("status") } catch { return nil }
    }

    /// `outgrow schema up DIR URL`, without a password.
    func command(_ name: String) throws -> String {
        CommandText.make(["schema", name, directory, try SchemaDatabase(url).description])
    }
}

/// `outgrow schema status`.
struct SchemaStatusCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "List the migrations, and which of them have run",
        usage: "outgrow schema status [<options>] <dir> <url>",
        discussion: """
            Writes nothing, and makes no file. Exits 12 when "up" would refuse to run: a migration \
            was changed after it had run, is missing, is half done or out of order.

            EXAMPLES:
              outgrow schema status migrations sqlite:app.db
              outgrow schema status migrations postgres://localhost/app --json
            """)

    @OptionGroup var schema: SchemaArguments
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        let report = try await schema.story().status()
        let isBlocked = report.migrations.contains { !["applied", "pending"].contains($0.state) }
        let status: ExitStatus = isBlocked ? .blocked : .complete
        if session.isJSON {
            try session.printJSON(
                report, schema: "outgrow.schema-status/1", status: status,
                adding: ["pending": .number(Int64(report.pendingCount))])
        } else {
            print(report, session)
        }
        let next = report.pendingCount > 0 || isBlocked ? try schema.command("up") : "nothing"
        session.end(.nothing, next: isBlocked ? CommandText.again() : next)
        return status
    }

    private func print(_ report: SchemaReport, _ session: Session) {
        ReportPrinter(terminal: session.terminal).printColumns(
            [["version", "name", "state", "applied"]]
                + report.migrations.map { ["\($0.version)", $0.name, $0.state, $0.appliedAt ?? "-"] },
            rightAligned: [0])
        for migration in report.migrations {
            guard let problem = migration.problem else { continue }
            session.terminal.out("\(migration.version): \(problem.summary) [\(problem.code)]")
            session.terminal.out("  fix: \(problem.remedy)")
        }
        let total = Figures.count(Int64(report.migrations.count), "migration")
        session.terminal.out("\(total), \(report.pendingCount) to run.")
    }
}

/// `outgrow schema new`.
struct SchemaNewCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make the files of a new migration",
        usage: "outgrow schema new [<options>] <dir> <name>",
        discussion: """
            The number is the next one. The folders are made when they are missing.

            EXAMPLES:
              outgrow schema new migrations people
              outgrow schema new migrations search --dialects
            """)

    @Argument(help: ArgumentHelp("The folder with the migrations.", valueName: "dir")) var directory: String
    @Argument(help: "What it is about: letters, digits, _ and -.") var name: String
    @Flag(help: "One file for SQLite and one for Postgres, instead of one for both.") var dialects = false
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        let paths = try SchemaStory.create(name, in: directory, forEachDialect: dialects)
        if session.isJSON {
            try session.printJSON(["paths": paths], schema: "outgrow.schema-new/1", status: .complete)
        } else {
            for path in paths { session.terminal.out(path) }
        }
        session.end(.complete, next: "write the SQL, then outgrow schema up")
        return .complete
    }
}
