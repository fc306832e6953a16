/// Refuses SQL that the two engines do not do alike; for tests of applications, through ``PortableStorage``.
///
/// It reads words and signs, not grammar: it knows the usual mistakes, and a statement that passes has still
/// to be run on both. What is written by `\(sqlite:postgres:)` or by a function of ``SQL`` is not looked at.
struct PortabilityCheck: Sendable {
    /// - Throws: ``StorageError/Kind/notPortable``, with the reason and what to write instead.
    func check(_ statement: SQL) throws {
        let text = statement.description
        let tokens = SQLTokens(text).tokens
        guard let rule = PortabilityRule.all.first(where: { $0.applies(to: tokens) }) else { return }
        throw StorageError(
            .notPortable, "The statement is not portable: \(rule.name).", fix: rule.remedy,
            cause: rule.reason,
            statement: text)
    }
}

extension SQL: CustomStringConvertible {
    /// The text without its values, with `"fragment"` and `"list"` in place of what depends on the dialect.
    public var description: String {
        guard !pieces.isEmpty else { return text }
        var parameterCount = 0
        return pieces.map { piece in
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
