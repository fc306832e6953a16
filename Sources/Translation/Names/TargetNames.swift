import Diagnostics
import SQLiteSyntax
import Schema

/// Every name of the target schema: tables, indexes, keys and sequences share one
/// namespace, a table's constraints another, its columns a third.
struct TargetNames: Sendable {
    let policy: NamePolicy
    private let options: PlanOptions
    private var relations = Namer()
    private var constraints: [String: Namer] = [:]
    private var mixedCase: [String] = []
    private var reserved: [String] = []
    private(set) var findings: [Finding] = []

    init(policy: NamePolicy, options: PlanOptions = PlanOptions()) {
        self.policy = policy
        self.options = options
    }

    /// Columns that every table of Postgres has already.
    static let systemColumns: Set<String> = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]

    mutating func nameTables(_ tables: inout [TableDraft]) {
        for position in tables.indices {
            let source = tables[position].name
            let wanted =
                options.mappedName(ofTable: source)
                ?? (source.isEmpty ? "table_\(position + 1)" : policy.applied(to: source))
            tables[position].target = relations.take(wanted)
            note(source, tables[position].target, at: tables[position].location)
            nameColumns(of: &tables[position])
        }
    }

    private mutating func nameColumns(of table: inout TableDraft) {
        var names = Namer()
        for position in table.columns.indices where !table.columns[position].isOmitted {
            let source = table.columns[position].name
            var wanted =
                options.mappedColumn(source, of: table.name)?.name
                ?? (source.isEmpty ? "column_\(position + 1)" : policy.applied(to: source))
            if Self.systemColumns.contains(wanted) { wanted += "_" }
            table.columns[position].target = names.take(wanted)
            note(source, table.columns[position].target, at: table.location(position))
        }
    }

    /// A constraint that is an index too: PRIMARY KEY and UNIQUE.
    mutating func key(_ given: String?, of table: TableDraft, columns: [String], suffix: String) -> String {
        let wanted = given.map(policy.applied) ?? habit(table.target, columns, suffix)
        var own = constraints[table.target] ?? Namer()
        var name = relations.free(wanted)
        var number = 1
        while own.taken.contains(name) {
            name = relations.free("\(wanted)\(number)")
            number += 1
        }
        _ = relations.take(name)
        _ = own.take(name)
        constraints[table.target] = own
        if let given { note(given, name, at: table.location, what: "constraint") }
        return name
    }

    mutating func constraint(_ given: String?, of table: TableDraft, columns: [String], suffix: String)
        -> String
    {
        let wanted = given.map(policy.applied) ?? habit(table.target, columns, suffix)
        let name = constraints[table.target, default: Namer()].take(wanted)
        if let given { note(given, name, at: table.location, what: "constraint") }
        return name
    }

    mutating func index(
        _ given: String?, of table: TableDraft, columns: [String], suffix: String = "key"
    ) -> String {
        let wanted = given.map(policy.applied) ?? habit(table.target, columns, suffix)
        let name = relations.take(wanted)
        if let given { note(given, name, at: Location(given), what: "index") }
        return name
    }

    mutating func view(_ given: String) -> String {
        let name = relations.take(given.isEmpty ? "view" : policy.applied(to: given))
        note(given, name, at: Location(given))
        return name
    }

    /// The columns of one view.
    mutating func viewColumns(_ given: [String], of view: String) -> [String] {
        var names = Namer()
        return given.map { column in
            let name = names.take(column.isEmpty ? "column" : policy.applied(to: column))
            note(column, name, at: Location(view, column: column))
            return name
        }
    }

    /// nil when Postgres would choose the very name that is free.
    mutating func sequence(of table: TableDraft, column: String) -> String? {
        let wanted = "\(table.target)_\(column)_seq"
        let name = relations.take(wanted)
        return name == wanted ? nil : name
    }

    /// As Postgres names what has no name: `table_column_key`.
    private func habit(_ table: String, _ columns: [String], _ suffix: String) -> String {
        ([table] + columns + [suffix]).joined(separator: "_")
    }

    private mutating func note(_ source: String, _ target: String, at location: Location, what: String? = nil)
    {
        if SQLiteName.folded(target) != target, what == nil { mixedCase.append(target) }
        if Self.reservedWords.contains(target), what == nil { reserved.append(target) }
        guard target != policy.applied(to: source) else { return }
        let shown = source.isEmpty ? "The empty name" : "The \(what.map { "\($0) " } ?? "")name"
        findings.append(
            Finding("renamed", .info, at: location, "\(shown) becomes \"\(target)\" in Postgres."))
    }

    /// One finding for all names with capitals: unquoted, Postgres looks for them in lower case.
    var mixedCaseFinding: Finding? {
        guard let example = mixedCase.first else { return nil }
        let count = mixedCase.count
        let subject = count == 1 ? "1 name has" : "\(grouped(Int64(count))) names have"
        return Finding(
            "mixed-case-names", .info, at: Location(),
            "\(subject) capital letters: unquoted SQL will not find \"\(example)\".",
            fix: "Quote such names, or use --names lower or --names snake.")
    }

    /// One finding for all names that are words of Postgres' own: `SELECT user FROM t` asks who is connected.
    var reservedFinding: Finding? {
        guard let example = reserved.first else { return nil }
        let subject =
            reserved.count == 1 ? "1 name is a word" : "\(grouped(Int64(reserved.count))) names are words"
        return Finding(
            "reserved-names", .info, at: Location(),
            "\(subject) of Postgres' own: unquoted, \"\(example)\" is an error or means something else.",
            fix: "Quote such names in the application's queries.")
    }

    /// Reserved in Postgres, and legal without quotes in SQLite
    /// (https://www.postgresql.org/docs/current/sql-keywords-appendix.html).
    private static let reservedWords: Set<String> = [
        "analyse", "analyze", "any", "array", "asc", "asymmetric", "authorization", "binary", "both", "cast",
        "collation", "column", "concurrently", "cross", "current_catalog", "current_date", "current_role",
        "current_schema", "current_time", "current_timestamp", "current_user", "desc", "do", "end", "false",
        "fetch", "for", "freeze", "full", "grant", "ilike", "initially", "inner", "lateral", "leading",
        "left",
        "like", "localtime", "localtimestamp", "natural", "offset", "only", "outer", "overlaps", "placing",
        "right", "session_user", "similar", "some", "symmetric", "system_user", "tablesample", "trailing",
        "true", "user", "variadic", "verbose", "window", "with",
    ]
}
