internal import ArgumentParser
internal import Outgrow
internal import Schema

/// What decides about the translation; the same for every command that plans.
struct PlanFlags: ParsableArguments {
    @Option(help: ArgumentHelp("The Postgres schema, made when it is missing.", valueName: "name"))
    var schema = "public"

    @Option(
        help: ArgumentHelp(
            "Only tables that match this shell pattern; repeat for more.", valueName: "pattern"))
    var table: [String] = []

    @Option(
        help: ArgumentHelp("No tables that match this shell pattern; repeat for more.", valueName: "pattern"))
    var excludeTable: [String] = []

    @Option(
        help: ArgumentHelp(
            "The type of one column, such as orders.note=jsonb; repeat for more.",
            valueName: "table.column=type"))
    var column: [String] = []

    @Option(
        help: ArgumentHelp(
            "The framework that made the database: auto (by its tables), none, django, peewee, rails, sqlalchemy.",
            valueName: "name"))
    var profile = "auto"

    @Option(
        help: ArgumentHelp("Rules for types and names, and accepted losses, in JSON5.", valueName: "file"))
    var mapping: String?

    @Option(help: ArgumentHelp("How names are spelled.", valueName: "policy")) var names: NamePolicy =
        .preserve

    @Option(
        help: ArgumentHelp(
            "How text sorts: by bytes (COLLATE \"C\", as in SQLite), or as the database decides.",
            valueName: "policy"))
    var textCollation: TextCollation = .bytewise

    @Option(
        help: ArgumentHelp(
            "Where clocks without zone stood: UTC or an offset such as +02:00 (default: they stay without zone).",
            valueName: "zone"))
    var timezone: String?

    @Option(help: ArgumentHelp("What becomes of foreign keys.", valueName: "policy"))
    var foreignKeys: ForeignKeyPolicy = .carry

    @Option(
        help: ArgumentHelp(
            "What becomes of columns with text that Postgres cannot hold.", valueName: "policy"))
    var unstorableText: UnstorableTextPolicy = .stop

    @Option(
        help: ArgumentHelp(
            "The schema of the functions that give SQLite's meaning where Postgres has no equal.",
            valueName: "name"))
    var compatSchema = "sqlite"

    @Option(help: ArgumentHelp("The role that may use them (default: everybody).", valueName: "name"))
    var compatRole: String?

    @Option(
        help: ArgumentHelp(
            "Carry full-text tables (FTS5, FTS4) as tsvector columns of this text search configuration, such as simple.",
            valueName: "configuration"))
    var fts: String?

    @Flag(help: "Use no such functions: what needs one is not carried.") var noCompat = false

    /// The flags as one value.
    func options() throws -> PlanOptions {
        var options = PlanOptions()
        options.schema = schema
        options.names = names
        options.textCollation = textCollation
        options.foreignKeys = foreignKeys
        options.unstorableText = unstorableText
        options.compatibilitySchema = compatSchema
        options.compatibilityRole = compatRole
        options.usesCompatibility = !noCompat
        options.fullTextConfiguration = try fts.map(OptionParsing.textSearchConfiguration)
        options.includedTables = table
        options.excludedTables = excludeTable
        options.assumedOffset = try timezone.map(OptionParsing.offset)
        options.profile = try OptionParsing.profile(profile)
        if let mapping { try MappingFile.apply(mapping, to: &options) }
        options.overrides = try column.map(OptionParsing.override)
        guard !schema.isEmpty, schema.utf8.count <= 63 else {
            throw ValidationError("--schema takes a name of 1 to 63 bytes")
        }
        guard !compatSchema.isEmpty, compatSchema.utf8.count <= 63, compatSchema != schema,
            !compatSchema.hasPrefix("pg_")
        else {
            throw ValidationError("--compat-schema takes a name of 1 to 63 bytes, and not that of --schema")
        }
        return options
    }
}

/// Where the target is and how it is worked on.
struct TargetFlags: ParsableArguments {
    @Option(help: ArgumentHelp("Act as this role: it owns what is made.", valueName: "name")) var role:
        String?

    @Option(help: ArgumentHelp("The schema of our own tables in the target.", valueName: "name"))
    var ledgerSchema = "outgrow"

    @Option(
        help: ArgumentHelp(
            "Connections that work at once (default: as many as cores, at most 4).", valueName: "n"))
    var jobs: Int?

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
