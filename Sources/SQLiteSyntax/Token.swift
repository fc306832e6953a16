/// One token of SQLite's SQL: its kind and the bytes that spell it.
struct Token: Sendable {
    var kind: Kind
    /// Byte offsets into the text.
    var start: Int
    var end: Int
    /// Set for an unquoted word that is one of SQLite's keywords.
    var keyword: Keyword?

    enum Kind: UInt8, Sendable {
        /// An unquoted identifier or a keyword.
        case word
        /// `"a"`, `` `a` ``, `[a]`.
        case quotedName
        case string, blob, integer, hexadecimal, real, variable
        case leftParenthesis, rightParenthesis, comma, semicolon, dot
        case plus, minus, star, slash, percent, tilde
        case equal, notEqual, less, lessOrEqual, greater, greaterOrEqual
        case ampersand, bar, shiftLeft, shiftRight, concatenate, extract, extractText
        case end
    }
}
