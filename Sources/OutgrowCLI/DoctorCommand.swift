internal import ArgumentParser
internal import Monitoring
internal import Outgrow

/// `outgrow doctor`: what hurts, and how to mend it.
struct DoctorCommand: StoryCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for settings and a layout that hurt, and say how to mend them",
        usage: "outgrow doctor [<options>] <source>",
        discussion: """
            Looks at the file's header, its sidecars, locks, processes and file system from outside, \
            and at the schema in a copy that it makes aside without a lock. The database itself is \
            not opened through SQLite, unless --open asks for it, and then only where that leaves \
            nothing behind.

            EXAMPLES:
              outgrow doctor app.db
              outgrow doctor app.db --json

            Exits 0 when nothing endangers the data, whatever else it lists, and 3 when something \
            does.
            """)

    @Argument(help: "The SQLite file.") var source: String
    @Flag(help: "Read the schema where it is instead of in a copy.") var open = false
    @OptionGroup var output: OutputFlags

    func perform(_ session: Session) async throws -> ExitStatus {
        var request = Doctor.Request(source: source)
        request.opensSource = open
        let report = try await Doctor(request).run()
        let isDangerous = report.findings.contains { $0.severity == .danger }
        let status: ExitStatus = isDangerous ? .losses : .complete
        if session.isJSON {
            try session.printJSON(report, schema: "outgrow.doctor/1", status: status)
        } else {
            DoctorPrinter(terminal: session.terminal).print(report)
        }
        session.end(
            .complete,
            next: report.findings.isEmpty
                ? CommandText.make(["check", source]) : "make the changes above, then \(CommandText.again())")
        return status
    }
}
