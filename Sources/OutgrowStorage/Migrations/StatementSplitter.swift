/// One statement of a script, as a range of its tokens without the semicolon.
struct ScriptStatement {
    /// Its first words in capitals, enough to tell what it is.
    var leadingWords: [String]
    var tokens: ArraySlice<SQLScanner.Token>
    var line: Int
    /// False when the text ended first.
    var endsInSemicolon: Bool

    var byteRange: Range<Int> { (tokens.first?.range.lowerBound ?? 0)..<(tokens.last?.range.upperBound ?? 0) }
}

/// Groups tokens into statements.
///
/// A semicolon does not end a statement in parentheses (rules on Postgres), in a trigger's `BEGIN … END` (which ends
/// as `sqlite3_complete` has it: `; END ;`), and in the `BEGIN ATOMIC … END` of a function.
/// https://sqlite.org/c3ref/complete.html
struct StatementSplitter {
    private let bytes: [UInt8]
    private var leadingWords: [String] = []
    private var parenthesisDepth = 0
    private var blockDepth = 0
    private var triggerBody = TriggerBody.none
    private var previousWord = ""

    private enum TriggerBody { case none, inside, afterSemicolon, afterEnd }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Directives must not be among the tokens.
    static func split(_ tokens: ArraySlice<SQLScanner.Token>, of bytes: [UInt8]) -> [ScriptStatement] {
        var statements: [ScriptStatement] = []
        var splitter = StatementSplitter(bytes)
        var start = tokens.startIndex
        func close(at index: Int, endsInSemicolon: Bool) {
            if start < index {
                statements.append(
                    ScriptStatement(
                        leadingWords: splitter.leadingWords, tokens: tokens[start..<index],
                        line: tokens[start].line, endsInSemicolon: endsInSemicolon))
            }
            splitter = StatementSplitter(bytes)
        }
        for index in tokens.indices where splitter.ends(tokens[index]) {
            close(at: index, endsInSemicolon: true)
            start = index + 1
        }
        close(at: tokens.endIndex, endsInSemicolon: false)
        return statements
    }

    /// Takes the next token; true when it is the semicolon that ends the statement.
    private mutating func ends(_ token: SQLScanner.Token) -> Bool {
        switch token.kind {
        case .word:
            take(word: String(decoding: bytes[token.range], as: UTF8.self).uppercased())
            return false
        case .opening: parenthesisDepth += 1
        case .closing: parenthesisDepth -= 1
        case .semicolon: return endsAtSemicolon()
        default: break
        }
        if triggerBody != .none { triggerBody = .inside }
        previousWord = ""
        return false
    }

    private mutating func take(word: String) {
        if leadingWords.count < 6 { leadingWords.append(word) }
        if triggerBody != .none {
            triggerBody = triggerBody == .afterSemicolon && word == "END" ? .afterEnd : .inside
        } else if isTrigger, word == "BEGIN" {
            triggerBody = .inside
        } else if isRoutine {
            takeOfRoutine(word)
        }
        previousWord = word
    }

    private mutating func takeOfRoutine(_ word: String) {
        if blockDepth == 0 {
            if previousWord == "BEGIN", word == "ATOMIC" { blockDepth = 1 }
        } else if word == "CASE" {
            blockDepth += 1
        } else if word == "END" {
            blockDepth -= 1
        }
    }

    private mutating func endsAtSemicolon() -> Bool {
        if triggerBody == .afterEnd { return true }
        if triggerBody != .none {
            triggerBody = .afterSemicolon
            return false
        }
        return parenthesisDepth <= 0 && blockDepth == 0
    }

    private var isTrigger: Bool {
        leadingWords.first == "CREATE"
            && (leadingWords.dropFirst().first == "TRIGGER"
                || ["TEMP", "TEMPORARY"].contains(leadingWords.dropFirst().first)
                    && leadingWords.dropFirst(2).first == "TRIGGER")
    }

    private var isRoutine: Bool {
        leadingWords.first == "CREATE"
            && leadingWords.prefix(4).contains { $0 == "FUNCTION" || $0 == "PROCEDURE" }
    }
}
