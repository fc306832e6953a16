/// One thing that keeps migrations from being run: in a file, or between the files and the database.
package struct SchemaProblem: Error, Sendable, Hashable {
    /// Stable; scripts may match on it (docs/reference/errors.md).
    package var code: Code
    /// The file and line, or the migration.
    package var place: String
    package var summary: String
    package var remedy: String

    init(_ code: Code, at place: String, _ summary: String, fix remedy: String) {
        self.code = code
        self.place = place
        self.summary = summary
        self.remedy = remedy
    }

    package enum Code: String, Sendable, CaseIterable {
        // In the files.
        case unreadable = "schema-unreadable"
        case badName = "schema-name"
        case duplicate = "schema-duplicate"
        case dialectMissing = "schema-dialect-missing"
        case syntax = "schema-syntax"
        case empty = "schema-empty"
        // Between the files and the database.
        case dirty = "schema-dirty"
        case changed = "schema-changed"
        case missing = "schema-missing"
        case outOfOrder = "schema-out-of-order"
        case irreversible = "schema-irreversible"
        case unknownVersion = "schema-unknown-version"
        // While it runs.
        case failed = "schema-failed"
        case halfDone = "schema-half-done"
        case locked = "schema-locked"
        case foreignKeys = "schema-foreign-keys"
        case rebuild = "schema-rebuild"
    }
}

extension StorageError {
    /// All problems as one error: the first one in full where it is alone, else a list.
    init(_ problems: [SchemaProblem], cause: StorageError? = nil) {
        guard let first = problems.first, problems.count == 1 else {
            self.init(
                .migration, "There are \(problems.count) problems with the schema migrations.",
                fix: "Mend them all; nothing has been run.",
                cause: problems.map { "\n    \($0.place): \($0.summary) \($0.remedy)" }.joined())
            schemaProblems = problems
            return
        }
        self.init(
            .migration, "\(first.place): \(first.summary)", fix: first.remedy,
            cause: cause.map { $0.cause ?? $0.summary }, statement: cause?.statement)
        sqlState = cause?.sqlState
        sqliteCode = cause?.sqliteCode
        schemaProblems = problems
    }
}
