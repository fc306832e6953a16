/// Refuses SQL that the two engines do not do alike; for tests of applications, through ``PortableStorage``.
///
/// It reads words and signs, not grammar: it knows the usual mistakes, and a statement that passes has still
/// to be run on both. What is written by `\(sqlite:postgres:)` or by a function of ``SQL`` is not looked at.
struct PortabilityCheck: Sendable {
    /// - Throws: ``StorageError/Kind/notPortable``, with the reason and what to write instead.
    func check(_ statement: SQL) throws {
        let text = statement.description
        let tokens = SQLTokens(text).tokens
        let found =
            PortabilityRule.all.first { $0.applies(to: tokens) }
            ?? (PortabilityRule.decimalOrder.applies(to: statement.tokensWithDecimals) ? .decimalOrder : nil)
        guard let rule = found else { return }
        throw StorageError(
            .notPortable, "The statement is not portable: \(rule.name).", fix: rule.remedy,
            cause: rule.reason,
            statement: text)
    }
}

extension SQL: CustomStringConvertible {
    /// The text without its values, with `"fragment"` and `"list"` in place of what depends on the dialect.
    public var description: String {
        var parameterCount = 0
        return asPieces.map { piece in
            switch piece {
            case .text(let text): return text
            case .parameter(.list): return "\"list\""
            case .fragment: return "\"fragment\""
            case .parameter(.value):
                parameterCount += 1
                return SQL.placeholder(parameterCount)
            }
        }.joined()
    }
}

extension SQL {
    /// The text's tokens, with a word in place of each bound `Decimal`; empty when there is none.
    fileprivate var tokensWithDecimals: [SQLTokens.Token] {
        let pieces = asPieces
        guard pieces.contains(where: \.isDecimal) else { return [] }
        let text = pieces.map { piece in
            if piece.isDecimal { return " \(PortabilityRule.decimalWord) " }
            return if case .text(let text) = piece { text } else { " \"value\" " }
        }
        return SQLTokens(text.joined()).tokens
    }
}

extension SQL.Piece {
    fileprivate var isDecimal: Bool {
        if case .parameter(.value(.decimal)) = self { true } else { false }
    }
}

extension PortabilityRule {
    /// Stands for a bound `Decimal`.
    fileprivate static let decimalWord = "outgrow_bound_decimal"

    /// Not among ``all``, which see texts without values.
    fileprivate static let decimalOrder = PortabilityRule(
        "a Decimal in <, <=, >, >= or BETWEEN", [.test(comparesDecimal)],
        "SQLite holds a Decimal as text, and compares it as text: '9' is more than '10'. (= and <> are right.)",
        fix: "Store an Int64 of cents, compare in Swift, or write "
            + "\\(sqlite: \"CAST(price AS REAL) < \\(real)\", postgres: \"price < \\(decimal)\").")

    private static func comparesDecimal(_ tokens: [SQLTokens.Token]) -> Bool {
        func isOrder(_ index: Int) -> Bool {
            tokens.indices.contains(index)
                && ["<", "<=", ">", ">=", "between"].contains { tokens[index].is($0) }
        }
        return tokens.indices.contains { index in
            guard tokens[index].is(decimalWord) else { return false }
            let endsRange =
                index >= 3 && tokens[index - 1].is("and") && tokens[index - 3].is("between")
            return isOrder(index - 1) || isOrder(index + 1) || endsRange
                || tokens.indices.contains(index + 1) && tokens[index + 1].is("not")
                    && tokens.indices.contains(index + 2) && tokens[index + 2].is("between")
        }
    }
}
