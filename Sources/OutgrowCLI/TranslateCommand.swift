internal import ArgumentParser
internal import Diagnostics
internal import Outgrow
internal import Schema

/// `outgrow translate`: the DDL, for people and for `psql -f`.
struct TranslateCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Print the Postgres DDL for a SQLite database",
        discussion: """
            Reads SOURCE as a migration would, every value once, and prints the DDL on standard \
            output and the findings on standard error. Asks no server.

            With --queries it reads statements of your application instead, and says of each \
            whether it may stay as it is.

            EXAMPLES:
              outgrow translate app.db > app.sql
              outgrow translate app.db --queries queries.sql
              outgrow translate app.db --explain --target-version 16
            """)

    @Argument(help: "The SQLite file.") var source: String
    @OptionGroup var plan: PlanFlags
    @Option(help: ArgumentHelp("The Postgres version to write for.", valueName: "n")) var targetVersion = 15
    @Flag(help: "Say for each column which rule chose its type.") var explain = false
    @Option(name: .customLong("plan"), help: ArgumentHelp("Use the plan in this file.", valueName: "file"))
    var planFile: String?
    @Option(help: ArgumentHelp("Translate the SQL statements in this file.", valueName: "file"))
    var queries: String?
    @OptionGroup var output: OutputFlags

    func validate() throws {
        if !(12...99).contains(targetVersion) { throw ValidationError("--target-version takes 12 or newer") }
    }

    func perform(_ session: Session) async throws -> ExitStatus {
        var options = try plan.options()
        options.targetVersion = targetVersion
        let pinned = try planFile.map { try PlanFile.read($0) }
        if let queries {
            let statements = try await StatementTranslation(
                source: source, options: pinned?.options ?? options, pinnedPlan: pinned,
                observer: session.observe
            ).run(try StatementFile.read(queries))
            return try StatementReport(statements: statements).show(session, again: ["rehearse", source])
        }
        let (plan, script) = try await SchemaTranslation(
            source: source, options: pinned?.options ?? options, pinnedPlan: pinned, observer: session.observe
        ).run()
        session.progress.finish()
        let status = ExitStatus(plan.findings)
        if session.isJSON {
            try session.printJSON(
                plan, schema: "outgrow.translate/1", status: status, adding: ["sql": .text(script)])
        } else {
            session.terminal.outDocument(script)
            sayFindings(plan, session)
        }
        session.end(
            .nothing, next: status == .blocked ? CommandText.again() : CommandText.make(["rehearse", source]))
        return status
    }

    private func sayFindings(_ plan: MigrationPlan, _ session: Session) {
        let printer = ReportPrinter(terminal: session.terminal)
        if explain {
            for table in plan.tables {
                for column in table.columns {
                    session.terminal.say(
                        "\(table.source).\(column.source)  \(column.declaredType ?? "(none)") -> "
                            + "\(column.codec.type.name)  \(column.reason)")
                }
            }
        }
        for severity in Severity.allCases.reversed() {
            let group = plan.findings.filter { $0.severity == severity }
            guard !group.isEmpty else { continue }
            session.terminal.say(
                "\(ReportPrinter.title(severity)) (\(group.count))", severity == .info ? .plain : .warning)
            for line in group.flatMap(printer.lines) { session.terminal.say(line) }
        }
    }
}
