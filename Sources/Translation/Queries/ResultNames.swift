import SQLiteSyntax

/// The names of a query's result columns as SQLite gives them to a view, to a subquery and to a common table.
///
/// `AS` comes first, then the column that it is, then the very text of the expression. A name that came
/// before in the list gets `:1`, `:2`, … at its end.
enum ResultNames {
    static func unique(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var result = name
            var number = 0
            while !taken.insert(SQLiteName.folded(result)).inserted {
                number += 1
                result = "\(stem(of: name)):\(number)"
            }
            return result
        }
    }

    /// The name without a `:1` of its own.
    private static func stem(of name: String) -> Substring {
        let digits = name.reversed().prefix { $0.isASCII && $0.isNumber }.count
        let head = name.dropLast(digits)
        return head.last == ":" ? head.dropLast() : Substring(name)
    }

    /// The column that the expression is, after all COLLATE and likely().
    static func plainColumn(_ expression: Expression) -> ColumnReference? {
        switch expression {
        case .column(let reference): return reference
        case .collate(let operand, _): return plainColumn(operand)
        case .call(let call)
        where call.arguments.count == 1 && ["likely", "unlikely"].contains(SQLiteName.folded(call.name)):
            return plainColumn(call.arguments[0])
        default: return nil
        }
    }
}
