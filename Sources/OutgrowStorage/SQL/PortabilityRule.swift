/// One thing that the two engines do not do alike, how it is recognized, and what to write instead.
struct PortabilityRule: Sendable {
    /// What a rule looks for.
    enum Pattern: Sendable {
        /// Words and signs that follow one another; `*` is any one token.
        case sequence([String])
        /// The name of a function, an opening parenthesis behind it.
        case function(String)
        /// Functions whose names begin so.
        case functions(prefix: String)
        /// The first word of a statement.
        case statement(String)
        /// Anything else.
        case test(@Sendable ([SQLTokens.Token]) -> Bool)
    }

    /// What is refused, as it is written.
    let name: String
    let patterns: [Pattern]
    let reason: String
    let remedy: String

    init(_ name: String, _ patterns: [Pattern], _ reason: String, fix remedy: String) {
        self.name = name
        self.patterns = patterns
        self.reason = reason
        self.remedy = remedy
    }

    func applies(to tokens: [SQLTokens.Token]) -> Bool { patterns.contains { $0.isFound(in: tokens) } }
}

extension PortabilityRule.Pattern {
    /// Functions by name.
    static func functions(_ names: String...) -> [PortabilityRule.Pattern] { names.map { .function($0) } }

    /// Statements by their first word.
    static func statements(_ words: String...) -> [PortabilityRule.Pattern] { words.map { .statement($0) } }

    /// Words and signs, with spaces between.
    static func words(_ sequences: String...) -> [PortabilityRule.Pattern] {
        sequences.map { .sequence($0.split(separator: " ").map(String.init)) }
    }

    fileprivate func isFound(in tokens: [SQLTokens.Token]) -> Bool {
        switch self {
        case .test(let test): test(tokens)
        case .sequence(let sequence):
            tokens.indices.contains { start in
                start + sequence.count <= tokens.count
                    && zip(sequence, tokens[start...]).allSatisfy { $0 == "*" || $1.is($0) }
            }
        case .function(let name): Self.isCalled(in: tokens) { $0 == name }
        case .functions(let prefix): Self.isCalled(in: tokens) { $0.hasPrefix(prefix) }
        case .statement(let word):
            tokens.indices.contains { tokens[$0].is(word) && ($0 == 0 || tokens[$0 - 1].is(";")) }
        }
    }

    private static func isCalled(in tokens: [SQLTokens.Token], _ isMeant: (String) -> Bool) -> Bool {
        tokens.indices.dropLast().contains { index in
            guard case .word(let name) = tokens[index], tokens[index + 1].is("("), isMeant(name) else {
                return false
            }
            // `schema.name(` and `CREATE TABLE date (` and `INSERT INTO date (` name something of the
            // application's own.
            return index == 0
                || !["into", "table", "exists", "on", "references", "."].contains { tokens[index - 1].is($0) }
        }
    }
}

extension SQLTokens.Token {
    /// Whether it is this word or sign.
    func `is`(_ text: String) -> Bool {
        switch self {
        case .word(let word): word == text
        case .sign(let sign): sign == text
        default: false
        }
    }

    /// Whether an expression can end with it.
    var endsExpression: Bool {
        switch self {
        case .quotedName, .string, .number, .parameter: true
        case .word(let word): !Self.keywords.contains(word)
        case .sign(let sign): sign == ")"
        }
    }

    private static let keywords: Set = [
        "select", "where", "and", "or", "not", "when", "then", "else", "on", "by", "in", "set",
    ]
}
