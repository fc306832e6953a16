internal import Diagnostics
internal import PostgresDDL
internal import SQLiteSyntax
internal import Schema
internal import Translation

/// What becomes of a statement that an application sends.
package struct ClassifiedStatement: Sendable, Encodable {
    package enum Class: String, Sendable, Encodable, CaseIterable {
        /// The text as it is means the same in Postgres.
        case portable
        /// Postgres takes the text and gives it another meaning.
        case changesMeaning = "changes-meaning"
        /// Postgres refuses the text, or there is no form that outgrow vouches for.
        case fails
    }
    package var `class`: Class
    package var line: Int
    package var column: Int
    package var sql: String
    /// The Postgres form; nil where there is none, or none other than the text itself.
    package var postgres: String?
    package var reasons: [String]
    /// How each parameter was written; the first is `$1` in Postgres.
    package var parameters: [String]
}

/// Sorts statements into those that may stay as they are and those that may not.
///
/// A statement is portable only if its Postgres form says, token for token, what
/// the text says: whatever the translation had to add is a difference.
struct QueryClassification {
    let plan: MigrationPlan
    private let ddl: PostgresDDL

    init(plan: MigrationPlan) {
        self.plan = plan
        ddl = PostgresDDL(for: plan.target)
    }

    func classified(_ statement: TranslatedStatement) -> ClassifiedStatement {
        let piece = statement.piece
        var result = ClassifiedStatement(
            class: .fails, line: piece.line, column: piece.column, sql: piece.sql, postgres: nil, reasons: [],
            parameters: statement.parameters)
        let text: String
        switch statement.form {
        case .none(let reason):
            result.reasons = ["there is no form that means the same: \(reason)"]
            return result
        case .query(let query): text = ddl.render(query)
        case .change(let action): text = ddl.statement(action) ?? ""
        }
        // A full-text table that is carried has a column rowid.
        let relations = statement.form.relations
        let hasRowID = plan.target.tables.contains { table in
            relations.contains(table.name) && table.columns.contains { $0.name == "rowid" }
        }
        let refusals =
            PostgresRefusal.reasons(for: piece.sql).filter { !hasRowID || $0 != PostgresRefusal.rowID }
            + spellings(in: piece.sql)
        let star = starShowing(statement)
        let isSame = star == nil && Skeleton(piece, becoming: statement.form) == Skeleton(postgres: text)
        result.reasons = [star].compactMap(\.self) + statement.remarks.map(\.words)
        if !statement.parameters.isEmpty {
            result.reasons.append("parameters are written $1, $2, … in Postgres")
        }
        if refusals.isEmpty, isSame, statement.remarks.isEmpty {
            result.class = .portable
            return result
        }
        result.postgres = text + ";"
        result.class = refusals.isEmpty ? .changesMeaning : .fails
        if refusals.isEmpty, !isSame { result.reasons.insert(contentsOf: difference(piece.sql, text), at: 0) }
        result.reasons.insert(contentsOf: refusals, at: 0)
        return result
    }

    /// Why `*` shows more in Postgres than in SQLite.
    private func starShowing(_ statement: TranslatedStatement) -> String? {
        guard case .query = statement.form, showsStar(statement.piece.sql) else { return nil }
        let read = statement.form.relations
        let column = plan.target.tables.lazy.filter { read.contains($0.name) }.flatMap(\.columns)
            .first { $0.type == .tsvector }
        return column.map { "* shows the column \($0.name), too" }
    }

    private func showsStar(_ sql: String) -> Bool {
        do throws(SyntaxError) {
            guard case .query(let query) = try Parser.parseAnyStatement(sql) else { return false }
            return ([query.first] + query.compounds.map(\.core)).contains { core in
                guard case .select(let select) = core else { return false }
                return select.columns.contains { column in
                    if case .expression = column { false } else { true }
                }
            }
        } catch {
            return false
        }
    }

    /// Names that Postgres would look for in lower case.
    private func spellings(in sql: String) -> [String] {
        let names =
            plan.target.tables.flatMap { [$0.name] + $0.columns.map(\.name) } + plan.target.views.map(\.name)
        let quoted = Set(names.filter { PostgresDDL.identifier($0) != $0 })
        guard !quoted.isEmpty else { return [] }
        let folded = Dictionary(
            quoted.map { (SQLiteName.folded($0), $0) }, uniquingKeysWith: { first, _ in first })
        do throws(SyntaxError) {
            let words = try SQLWord.words(of: sql)
            let wrong = words.filter { word in
                guard let name = folded[SQLiteName.folded(word.text)] else { return false }
                return word.kind == .word || (word.kind == .quoted && word.text != name)
            }
            guard let first = wrong.first, let name = folded[SQLiteName.folded(first.text)] else { return [] }
            return ["\(first.text) must be written \(PostgresDDL.identifier(name))"]
        } catch {
            return []
        }
    }

    /// What of the usual differences the text holds.
    private func difference(_ sql: String, _ text: String) -> [String] {
        let folded = SQLiteName.folded(sql)
        let found = Self.differences.filter { folded.contains($0.sign) }.map(\.reason)
        return found.isEmpty
            ? ["an operator, a comparison or a name means something else in Postgres"] : found
    }

    private static let differences: [(sign: String, reason: String)] = [
        (" like ", "LIKE tells capitals apart in Postgres"),
        ("order by", "NULL sorts last in Postgres, text by the column's collation"),
        ("/", "division by zero is an error in Postgres, and integers divide otherwise"),
        ("%", "% is an error by zero, and takes integers only where SQLite does not"),
        ("||", "|| takes other types than text otherwise"),
        ("sum(", "sum() and avg() give other types in Postgres"),
        ("avg(", "avg() gives a numeric in Postgres"),
        ("round(", "round() gives another type in Postgres"),
        ("substr(", "substr() counts otherwise from 0 and below"),
        ("union", "UNION wants one type for each column"),
        ("case", "CASE wants one type in all its branches"),
        ("limit", "a negative LIMIT is an error in Postgres"),
        ("collate", "collations have other names in Postgres"),
    ]
}

extension QueryRemark {
    fileprivate var words: String {
        switch self {
        case .bareColumn(let column):
            "\(column) is neither grouped nor aggregated; SQLite shows any row's value"
        case .representative(let column):
            "\(column) is one of several spellings that are equal under its collation"
        case .recursiveOrder(let table):
            "the ORDER BY inside of \(table) decides an order that Postgres does not have"
        case .severalClasses(let column):
            "\(column) may be a number or a text, and Postgres gives it as text"
        }
    }
}

extension TranslatedStatement.Form {
    /// The tables and views that a query reads, or the one that a statement changes.
    fileprivate var relations: Set<String> {
        switch self {
        case .query(let query): query.relations
        case .change(.insert(let insert)): [insert.relation]
        case .change(.update(let update)): [update.relation]
        case .change(.delete(let delete)): [delete.relation]
        case .change, .none: []
        }
    }
}
