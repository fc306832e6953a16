internal import ArgumentParser
internal import Diagnostics
internal import Outgrow

/// What `up` and `down` share.
struct SchemaRunFlags: ParsableArguments {
    @Flag(help: "Print the SQL that would run, and change nothing.") var dryRun = false
    @Option(
        help: ArgumentHelp("How long to wait for another process that runs migrations.", valueName: "seconds")
    )
    var lockTimeout = 600

    func validate() throws {
        if lockTimeout < 0 { throw ValidationError("--lock-timeout takes seconds, 0 or more") }
    }

    func perform(
        _ request: SchemaStory.Request, _ schema: SchemaArguments, _ session: Session
    ) async throws -> ExitStatus {
        var request = request
        request.lockTimeout = .seconds(lockTimeout)
        let story = try schema.story()
        if dryRun { return try await show(request, story, session) }
        let direction = request.direction.rawValue
        let run = try await story.run(request) { migration in
            guard !session.isJSON else { return }
            session.terminal.out(
                "\(direction)  \(migration.version)  \(migration.name)  \(Int(migration.seconds * 1000)) ms")
        }
        if session.isJSON {
            try session.printJSON(run, schema: "outgrow.schema-\(direction)/1", status: .complete)
        } else {
            let count = Figures.count(Int64(run.migrations.count), "migration")
            session.terminal.out(
                run.migrations.isEmpty
                    ? "Nothing to do." : "\(request.direction == .up ? "Ran" : "Undid") \(count).")
        }
        session.end(.complete, next: "nothing")
        return .complete
    }

    private func show(
        _ request: SchemaStory.Request, _ story: SchemaStory, _ session: Session
    ) async throws -> ExitStatus {
        let preview = try await story.preview(request)
        if session.isJSON {
            try session.printJSON(preview, schema: "outgrow.schema-dry-run/1", status: .complete)
        } else {
            for migration in preview.migrations {
                let mark = migration.isTransactional ? "" : ", without a transaction"
                session.terminal.outDocument(
                    "-- \(request.direction.rawValue) \(migration.version) \(migration.name)\(mark)\n"
                        + migration.sql + "\n")
            }
        }
        session.end(
            .nothing, next: preview.migrations.isEmpty ? "nothing" : CommandText.again(without: ["--dry-run"])
        )
        return .complete
    }
}

/// `outgrow schema up`.
struct SchemaUpCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Run the migrations that have not run yet",
        usage: "outgrow schema up [<options>] <dir> <url>",
        discussion: """
            Each runs in a transaction of its own: it is there as a whole or not at all. Of several \
            processes that do this at once, one runs each migration and the others wait. A SQLite \
            file that is missing is made.

            EXAMPLES:
              outgrow schema up migrations sqlite:app.db
              outgrow schema up migrations postgres://localhost/app --dry-run

            Exits 12 when nothing was run because something stands against it, 13 when migrations \
            before the one that failed stay.
            """)

    @OptionGroup var schema: SchemaArguments
    @Option(help: ArgumentHelp("The last migration to run (default: all).", valueName: "version")) var to:
        Int64?
    @Flag(help: "Also run migrations below the newest that has run.") var allowOutOfOrder = false
    @OptionGroup var run: SchemaRunFlags
    @OptionGroup var output: OutputFlags

    func next(after error: OutgrowError) -> String? { schema.next(after: error) }

    func perform(_ session: Session) async throws -> ExitStatus {
        var request = SchemaStory.Request(.up)
        request.target = to
        request.allowsOutOfOrder = allowOutOfOrder
        return try await run.perform(request, schema, session)
    }
}

/// `outgrow schema down`.
struct SchemaDownCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Undo the last migrations",
        usage: "outgrow schema down [<options>] <dir> <url>",
        discussion: """
            The newest first, one when nothing is said. Refuses before anything is undone when a \
            migration has no "-- +down".

            EXAMPLES:
              outgrow schema down migrations sqlite:app.db
              outgrow schema down migrations postgres://localhost/app --to 3
            """)

    @OptionGroup var schema: SchemaArguments
    @Option(help: ArgumentHelp("Undo all above this one; 0 undoes all.", valueName: "version")) var to: Int64?
    @Option(help: ArgumentHelp("How many to undo (default: 1).", valueName: "n")) var steps: Int?
    @OptionGroup var run: SchemaRunFlags
    @OptionGroup var output: OutputFlags

    func next(after error: OutgrowError) -> String? { schema.next(after: error) }

    func validate() throws {
        if to != nil, steps != nil { throw ValidationError("--to and --steps exclude one another") }
        if let steps, steps < 1 { throw ValidationError("--steps takes a number from 1") }
        if let to, to < 0 { throw ValidationError("--to takes a version, or 0") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        var request = SchemaStory.Request(.down)
        request.target = to
        request.steps = steps ?? 1
        return try await run.perform(request, schema, session)
    }
}
