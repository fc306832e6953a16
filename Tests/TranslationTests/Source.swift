import Inspection
import SQLiteClient
import Schema
import TestSupport
import Translation

/// A SQLite database made by the `sqlite3` program and read by the real inspector.
struct Source {
    private let folder: TemporaryFolder
    let path: String

    init(_ sql: String) throws {
        folder = try TemporaryFolder()
        path = folder.file("source.db")
        try SQLiteShell.run(sql, on: path)
    }

    func plan(_ options: PlanOptions = PlanOptions.native) throws -> MigrationPlan {
        Translator.plan(for: try schema(options), options: options)
    }

    func schema(_ options: PlanOptions = PlanOptions.native) throws -> SourceSchema {
        let folder = folder.path
        let reader = try SourceReader.open(SourceFiles.look(at: path)) { _, _ in folder }
        let inspector = Inspector(
            reader, proposals: { Translator.proposals(for: $0, options: options) },
            comparesTextWithBlobs: options.unstorableText == .bytea)
        let found = Translator.carryingFullText(try inspector.readSchema(), options: options)
        var schema = try inspector.scan(found)
        let integrity = try inspector.checkIntegrity(of: schema, checksFile: false)
        for index in schema.tables.indices {
            schema.tables[index].orphans = integrity.orphans[schema.tables[index].name] ?? [:]
        }
        return schema
    }
}

extension PlanOptions {
    /// One option a line, as on the command line: `--names lower`.
    init(_ text: String) throws {
        self = .native
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            guard words.count == 2, apply(words[0], words[1]) else { throw UnknownOption(line: String(line)) }
        }
    }

    struct UnknownOption: Error { var line: String }

    private mutating func apply(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--schema": schema = value
        case "--names": names = NamePolicy(rawValue: value) ?? names
        case "--text-collation": textCollation = TextCollation(rawValue: value) ?? textCollation
        case "--foreign-keys": foreignKeys = ForeignKeyPolicy(rawValue: value) ?? foreignKeys
        case "--unstorable-text": unstorableText = UnstorableTextPolicy(rawValue: value) ?? unstorableText
        case "--timezone": assumedOffset = 0
        case "--fts": fullTextConfiguration = value
        case "--exclude-table": excludedTables.append(value)
        case "--table": includedTables.append(value)
        case "--column":
            let parts = value.split(separator: "=").map(String.init)
            let place = parts[0].split(separator: ".").map(String.init)
            guard let type = TypeNames.parse(parts[1]) else { return false }
            overrides.append(ColumnOverride(table: place[0], column: place[1], type: type))
        default: return false
        }
        return true
    }
}
