import SQLiteSyntax
import Schema

extension FunctionRule {
    /// Every scalar function of SQLite 3.40, and what newer versions added that is carried too.
    static let all: [FunctionRule] = text + values + numbers + dates + json + refused

    static let text: [FunctionRule] = [
        .init("length", 1...1, .method(ExpressionTranslation.length), "length(t)"),
        .init("lower", 1...1, .method(ExpressionTranslation.lower), "lower(t)"),
        .init("upper", 1...1, .method(ExpressionTranslation.upper), "upper(t)"),
        .init("trim", 1...2, .method(ExpressionTranslation.trim), "trim(t)"),
        .init("ltrim", 1...2, .method(ExpressionTranslation.ltrim), "ltrim(t, 'x')"),
        .init("rtrim", 1...2, .method(ExpressionTranslation.rtrim), "rtrim(t, 'x')"),
        .init("replace", 3...3, .method(ExpressionTranslation.replace), "replace(t, 'a', 'b')"),
        .init("instr", 2...2, .method(ExpressionTranslation.instr), "instr(t, 'b')"),
        .init("substr", 2...3, .method(ExpressionTranslation.substring), "substr(t, -2)"),
        .init("substring", 2...3, .method(ExpressionTranslation.substring), "substring(t, 1, 2)"),
        .init("unicode", 1...1, .method(ExpressionTranslation.unicode), "unicode(t)"),
        .init(
            "char", 0...many, .method(ExpressionTranslation.characters), "char(72, 105)",
            .differs("a code point of 0 or of a surrogate is an error: Postgres has no such text")),
        .init("hex", 1...1, .method(ExpressionTranslation.hexadecimal), "hex(b)"),
        .init("unhex", 1...2, .compatibility("unhex", [.text], .bytes), "unhex('4142')"),
        .init("quote", 1...1, .method(ExpressionTranslation.quote), "quote(t)"),
        .init("zeroblob", 1...1, .method(ExpressionTranslation.zeroBlob), "zeroblob(4)"),
        .init("printf", 1...many, .method(ExpressionTranslation.printf), "printf('%05.1f', r)"),
        .init("format", 1...many, .method(ExpressionTranslation.printf), "format('%d-%s', i, t)"),
        .init("soundex", 1...1, .compatibility("soundex", [.text], .text), "soundex(t)"),
        .init("like", 2...3, .method(ExpressionTranslation.like), "like('a%', t)"),
        .init("glob", 2...2, .method(ExpressionTranslation.glob), "glob('a*', t)"),
    ]

    static let values: [FunctionRule] = [
        .init("coalesce", 2...many, .method(ExpressionTranslation.coalesce), "coalesce(i, k, 0)"),
        .init("ifnull", 2...2, .method(ExpressionTranslation.coalesce), "ifnull(t, '')"),
        .init("nullif", 2...2, .method(ExpressionTranslation.nullIf), "nullif(i, k)"),
        .init("min", 2...many, .method(ExpressionTranslation.least), "min(i, k)"),
        .init("max", 2...many, .method(ExpressionTranslation.greatest), "max(i, 2.5)"),
        .init("typeof", 1...1, .method(ExpressionTranslation.typeName), "typeof(i)"),
        .init("likely", 1...1, .method(ExpressionTranslation.hint), "likely(i > 0)"),
        .init("unlikely", 1...1, .method(ExpressionTranslation.hint), "unlikely(i > 0)"),
        .init("likelihood", 2...2, .method(ExpressionTranslation.hint), "likelihood(i > 0, 0.5)"),
    ]

    static let numbers: [FunctionRule] =
        [
            .init("abs", 1...1, .method(ExpressionTranslation.absolute), "abs(i)"),
            .init("sign", 1...1, .method(ExpressionTranslation.sign), "sign(r)"),
            .init("round", 1...2, .method(ExpressionTranslation.round), "round(r, 2)"),
            .init(
                "random", 0...0, .compatibility("random", [.value], .integer), "random()",
                .differs("the numbers are others, of the same range")),
            .init("randomblob", 1...1, .compatibility("randomblob", [.integer], .bytes), "randomblob(4)"),
        ]
        + [
            .init("ceil", 1...1, .method(ExpressionTranslation.ceil), "ceil(r)"),
            .init("ceiling", 1...1, .method(ExpressionTranslation.ceil), "ceiling(r)"),
            .init("floor", 1...1, .method(ExpressionTranslation.floor), "floor(r)"),
            .init("trunc", 1...1, .method(ExpressionTranslation.trunc), "trunc(r)"),
        ]
        + [
            "acos", "acosh", "asin", "asinh", "atan", "atanh", "cos", "cosh", "degrees", "exp", "ln", "log10",
            "log2", "radians", "sin", "sinh", "sqrt", "tan", "tanh",
        ].map { .init($0, 1...1, .compatibility($0, [.mathematical], .real), "\($0)(r)", platform) }
        + [("atan2", "atan2"), ("mod", "mod"), ("pow", "pow"), ("power", "pow")].map {
            .init($0.0, 2...2, .compatibility($0.1, [.mathematical], .real), "\($0.0)(r, 2)", platform)
        }
        + [
            .init("log", 1...2, .compatibility("log", [.mathematical], .real), "log(r)", platform),
            .init("pi", 0...0, .compatibility("pi", [.value], .real), "pi()"),
        ]

    private static let platform = Equality.differs("the last bit is the C library's of each machine")

    static let dates: [FunctionRule] = [
        .init("date", 0...many, .method(ExpressionTranslation.date), "date(t, '+1 month')", zone),
        .init("time", 0...many, .method(ExpressionTranslation.time), "time(t)", zone),
        .init(
            "datetime", 0...many, .method(ExpressionTranslation.dateTime), "datetime(i, 'unixepoch')", zone),
        .init("julianday", 0...many, .method(ExpressionTranslation.julianDay), "julianday(t)", zone),
        .init("unixepoch", 0...many, .method(ExpressionTranslation.unixEpoch), "unixepoch(t)", zone),
        .init("strftime", 1...many, .method(ExpressionTranslation.formatTime), "strftime('%Y-%W', t)", zone),
    ]

    private static let zone = Equality.differs(
        "the modifiers 'localtime' and 'utc' are reported; 'now' is the start of the statement, and is read only where it is written as a constant"
    )

    static let refused: [FunctionRule] =
        [
            ("changes", "is state of a connection that Postgres does not keep"),
            ("total_changes", "is state of a connection that Postgres does not keep"),
            ("last_insert_rowid", "is state of a connection: use RETURNING"),
            ("sqlite_version", "names the engine that runs"),
            ("sqlite_source_id", "names the engine that runs"),
            ("sqlite_compileoption_used", "asks for the engine that runs"),
            ("sqlite_compileoption_get", "asks for the engine that runs"),
            ("sqlite_offset", "asks for a place in the file"),
            ("load_extension", "loads a library of SQLite"),
            ("highlight", "belongs to full-text search"),
            ("snippet", "belongs to full-text search"),
            ("bm25", "belongs to full-text search"),
            ("matchinfo", "belongs to full-text search"),
            ("offsets", "belongs to full-text search"),
        ].map { FunctionRule($0.0, 0...many, .refused($0.1), "\($0.0)()") }
}
