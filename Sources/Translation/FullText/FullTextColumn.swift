import Diagnostics
import SQLiteSyntax
import Schema

/// The expression of a `tsvector` column over some columns of one table.
struct FullTextColumn: Sendable {
    let table: TableDraft
    let configuration: String
    private var texts: [TargetExpression] = []
    private var byteCount: Int64 = 0
    /// Columns that no search finds, with the type that is in the way.
    private(set) var skipped: [(position: Int, reason: String)] = []
    private var hasUnknownLength = false

    /// A `tsvector` holds a megabyte (https://www.postgresql.org/docs/current/textsearch-limitations.html). A word
    /// costs its letters, up to four bytes beside them and two for each place; a compound such as `a-b-c` is kept
    /// whole and in pieces. Even so no text of so many bytes, and no text of so many characters, can pass the limit.
    static let safeByteCount: Int64 = 250_000
    static let safeCharacterCount: Int64 = 125_000

    init(of table: TableDraft, configuration: String) {
        self.table = table
        self.configuration = configuration
    }

    mutating func add(_ position: Int) {
        let column = table.columns[position]
        var sql = TargetExpression.column(column.target)
        if column.isOmitted {
            skipped.append((position, "it is not carried"))
            return
        }
        if case .expression(let expression, _) = column.generation {
            // Postgres lets no generated column use another one.
            sql = expression
            hasUnknownLength = true
        }
        switch column.type {
        case .text, .varchar: break
        case .smallint, .integer, .bigint, .numeric: sql = .cast(sql, .text)
        default:
            skipped.append((position, "it becomes \(column.type.name)"))
            return
        }
        byteCount += column.observed?.maxByteCount ?? 0
        texts.append(.call("coalesce", [sql, .string("")]))
    }

    var isEmpty: Bool { texts.isEmpty }

    /// The largest text that a row may have, when it is too long to be searched as a whole.
    var excess: Int64? { byteCount > Self.safeByteCount ? byteCount : nil }

    var expression: TargetExpression {
        var text = texts.first ?? .string("")
        for next in texts.dropFirst() { text = .infix(.infix(text, "||", .string(" ")), "||", next) }
        if excess != nil || hasUnknownLength {
            text = .call("left", [text, .integer(Self.safeCharacterCount)])
        }
        return .call("to_tsvector", [.cast(.string(configuration), .regconfig), text])
    }
}
