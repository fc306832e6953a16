/// What a migration does, one thing after the other.
enum MigrationStep: Sendable {
    case sql([MigrationStatement])
    case rebuild(SQLiteTableRebuild)
    /// Code of the application.
    case code(revision: String, @Sendable (Transaction) throws -> Void)

    var isRebuild: Bool { if case .rebuild = self { true } else { false } }
}

struct MigrationStatement: Sendable {
    var text: String
    /// The file and line where it begins, or the migration of the program.
    var place: String
}

/// A migration as one dialect has it.
struct MigrationForm: Sendable {
    var up: [MigrationStep] = []
    /// Nil when there is no way back.
    var down: [MigrationStep]?
    var isTransactional = true
    /// The SHA-256 of both directions, whatever the file was called and wherever it lay.
    var checksum = ""
    var problems: [SchemaProblem] = []
    /// As it was written, to be shown.
    var upText = ""
    var downText = ""

    func steps(_ direction: MigrationDirection) -> [MigrationStep] { direction == .up ? up : down ?? [] }
    func text(_ direction: MigrationDirection) -> String { direction == .up ? upText : downText }
}

/// Which way.
public enum MigrationDirection: String, Sendable, Hashable, Codable {
    /// A migration is run.
    case up
    /// A migration is undone.
    case down
}

extension MigrationForm {
    /// The checksum: over the text with `\n` at the ends of lines, no space before them, and no empty lines around it.
    static func checksum(up: String, down: String?, isTransactional: Bool) -> String {
        var text = isTransactional ? "" : "-- +notransaction\n"
        text += "-- +up\n" + normalized(up)
        if let down { text += "-- +down\n" + normalized(down) }
        return SHA256.hexadecimal(of: text.utf8)
    }

    static func normalized(_ text: String) -> String {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
            var line = line
            while line.last?.isWhitespace == true { line.removeLast() }
            return line
        }[...]
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.map { $0 + "\n" }.joined()
    }
}
