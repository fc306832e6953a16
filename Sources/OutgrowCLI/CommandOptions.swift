internal import ArgumentParser
internal import Outgrow
internal import Schema

/// What decides about the translation; the same for every command that plans.
struct PlanFlags: ParsableArguments {
    @Option(help: "The Postgres schema, made when it is missing.") var schema = "public"

    @Option(help: ArgumentHelp("Only tables that match this shell pattern; repeat for more.", valueName: "pattern"))
    var table: [String] = []

    @Option(help: ArgumentHelp("No tables that match this shell pattern; repeat for more.", valueName: "pattern"))
    var excludeTable: [String] = []

    @Option(
        help: ArgumentHelp(
            "The type of one column, such as orders.note=jsonb; repeat for more.", valueName: "table.column=type"))
    var column: [String] = []

    @Option(help: "How names are spelled: preserve, lower or snake.") var names: NamePolicy = .preserve

    @Option(help: "How text sorts: bytewise (COLLATE \"C\", as in SQLite) or default (the database decides).")
    var textCollation: TextCollation = .bytewise

    @Option(help: "Where clocks without zone stood: UTC or an offset such as +02:00 (default: they stay without zone).")
    var timezone: String?

    @Option(help: "What becomes of foreign keys: carry, not-valid or omit.")
    var foreignKeys: ForeignKeyPolicy = .carry

    @Option(help: "What becomes of columns with text that Postgres cannot hold: stop or bytea.")
    var unstorableText: UnstorableTextPolicy = .stop

    /// The flags as one value.
    func options() throws -> PlanOptions {
        var options = PlanOptions()
        options.schema = schema
        options.names = names
        options.textCollation = textCollation
        options.foreignKeys = foreignKeys
        options.unstorableText = unstorableText
        options.includedTables = table
        options.excludedTables = excludeTable
        options.assumedOffset = try timezone.map(OptionParsing.offset)
        options.overrides = try column.map(OptionParsing.override)
        guard !schema.isEmpty, schema.utf8.count <= 63 else {
            throw ValidationError("--schema takes a name of 1 to 63 bytes")
        }
        return options
    }
}

/// Where the target is and how it is worked on.
struct TargetFlags: ParsableArguments {
    @Option(help: "Act as this role: it owns what is made.") var role: String?

    @Option(help: "The schema of our own tables in the target.") var ledgerSchema = "outgrow"

    @Option(help: "Connections that work at once (default: as many as cores, at most 4).") var jobs: Int?

    func validate() throws {
        if let jobs, !(1...64).contains(jobs) { throw ValidationError("--jobs takes a number from 1 to 64") }
    }
}

/// How results are shown.
struct OutputFlags: ParsableArguments {
    @Flag(help: "Print the result as JSON on standard output.") var json = false
    @Flag(name: .shortAndLong, help: "Print nothing but the result and errors.") var quiet = false
    @Flag(help: "Quote values of rows in messages.") var showValues = false

    var terminal: Terminal { Terminal(isQuiet: quiet) }
}

extension NamePolicy: ExpressibleByArgument {}
extension TextCollation: ExpressibleByArgument {}
extension ForeignKeyPolicy: ExpressibleByArgument {}
extension UnstorableTextPolicy: ExpressibleByArgument {}
