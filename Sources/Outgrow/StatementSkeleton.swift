internal import SQLiteSyntax
internal import Schema
internal import Translation

/// What a text says but for what may differ without a difference: qualifiers, aliases, parentheses, and `*` for the
/// columns that it stands for.
struct Skeleton: Equatable {
    private let words: [String]
    private let isReadable: Bool

    static func == (one: Skeleton, other: Skeleton) -> Bool {
        one.isReadable && other.isReadable && one.words == other.words
    }

    /// Of a statement as it is written; `form` tells what its `*` stands for.
    init(_ piece: Script.Piece, becoming form: TranslatedStatement.Form) {
        self.init { () throws(SyntaxError) in
            let statement = try Parser.parseAnyStatement(try piece.numbered().sql)
            guard case .query(let query) = form else { return statement }
            return statement.expandingStar(by: query)
        }
    }

    init(postgres text: String) {
        self.init { () throws(SyntaxError) in try Parser.parseAnyStatement(text) }
    }

    private init(_ read: () throws(SyntaxError) -> Statement) {
        do throws(SyntaxError) {
            // Printing puts parentheses where precedence needs them, and nowhere else.
            words = Self.stripped(try SQLWord.words(of: SQLPrinter.print(try read())))
            isReadable = true
        } catch {
            words = []
            isReadable = false
        }
    }

    private static func stripped(_ words: [SQLWord]) -> [String] {
        var result: [String] = []
        var index = 0
        while index < words.count {
            let word = words[index]
            let isName = word.kind == .word || word.kind == .quoted
            if isName, index + 1 < words.count, words[index + 1].text == "." {
                index += 2
                continue
            }
            if word.kind == .word, word.text == "AS", index + 1 < words.count, words[index + 1].kind != .sign,
                index + 2 >= words.count || words[index + 2].text != "("
            {
                index += 2
                continue
            }
            result.append(word.kind == .parameter ? "?" + word.text.dropFirst() : word.text)
            index += 1
        }
        return result
    }
}

extension Statement {
    /// With the columns of `target` instead of `*`, where Postgres would show the same in the same order.
    fileprivate func expandingStar(by target: TargetQuery) -> Statement {
        guard case .query(var query) = self, query.compounds.isEmpty, case .select(var select) = query.first,
            select.columns == [.all], let from = select.from, !from.mergesColumns,
            case .select(let result) = target.body
        else { return self }
        let columns = result.columns.compactMap { column -> ResultColumn? in
            guard case .qualified(_, let name) = column.expression else { return nil }
            return .expression(.column(ColumnReference(name: name)), alias: nil, spelling: Spelling(name))
        }
        guard columns.count == result.columns.count else { return self }
        select.columns = columns
        query.first = .select(select)
        return .query(query)
    }
}

extension FromItem {
    /// Joins by USING or NATURAL, whose columns `*` shows in different places.
    fileprivate var mergesColumns: Bool {
        switch self {
        case .table, .query: return false
        case .parenthesized(let item, _): return item.mergesColumns
        case .join(let left, let operation, let right, let constraint):
            if case .using? = constraint { return true }
            return operation.isNatural || left.mergesColumns || right.mergesColumns
        }
    }
}
