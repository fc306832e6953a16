import TestSupport

/// Random expressions over the tables of `Tests/Golden/expressions/tables.sql`: every operator, most functions, any types.
struct ExpressionGenerator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private static let columns: [(table: String, names: [String])] = [
        ("n", ["i", "j", "r", "s", "d", "id"]), ("t", ["a", "b", "k", "id"]), ("u", ["name", "tag", "id"]),
        ("m", ["f", "p", "dt", "ts", "x", "tx", "rt", "id"]), ("e", ["d", "u", "day", "id"]),
        ("b", ["x", "y", "id"]), ("j", ["doc", "id"]),
        ("sales", ["region", "rep", "amt", "price", "ts", "paid"]),
    ]

    private static let literals = [
        "0", "1", "2", "-1", "7", "10", "3.5", "0.5", "-2.5", "1e3", "'a'", "'B'", "'10'", "'2.5'", "''",
        "'x y'",
        "'7abc'", "' 42 '", "NULL", "TRUE", "FALSE", "x'41'", "'2024-01-02'", "'%a%'", "'é'", "100", "255",
        "'-3'", "'1e2'",
    ]

    private static let operators = [
        "+", "-", "*", "/", "%", "||", "=", "<>", "<", "<=", ">", ">=", "AND", "OR", "IS", "IS NOT", "&", "|",
        "<<",
        ">>",
    ]

    /// `#` stands for an expression.
    private static let forms = [
        "abs(#)", "length(#)", "lower(#)", "upper(#)", "trim(#)", "typeof(#)", "hex(#)", "quote(#)",
        "round(#)",
        "unicode(#)", "ltrim(#)", "rtrim(#)", "likely(#)", "sign(#)", "date(#)", "time(#)", "ceil(#)",
        "floor(#)",
        "sqrt(#)", "strftime('%Y', #)", "CAST(# AS INTEGER)", "CAST(# AS REAL)", "CAST(# AS TEXT)",
        "CAST(# AS NUMERIC)", "(-#)", "(~#)", "(NOT #)", "(+#)", "json_valid(#)", "(# IS NULL)",
        "(# NOTNULL)",
        "coalesce(#, #)", "ifnull(#, #)", "nullif(#, #)", "max(#, #)", "min(#, #)", "instr(#, #)",
        "trim(#, #)",
        "round(#, 1)", "round(#, 2)", "substr(#, #)", "substr(#, 2, #)", "substr(#, -2, #)", "(# LIKE #)",
        "(# LIKE '%a%')", "(# LIKE '_b%')", "(# GLOB #)", "(# GLOB '*[a-m]*')", "(# IN (#, #))",
        "(# NOT IN (#, #))", "(# = # COLLATE NOCASE)", "(# < # COLLATE RTRIM)", "(# >= # COLLATE BINARY)",
        "replace(#, #, #)", "iif(#, #, #)", "(# BETWEEN # AND #)", "(# NOT BETWEEN # AND #)",
        "CASE WHEN # THEN # ELSE # END", "CASE # WHEN # THEN # WHEN # THEN 1 END",
        "CASE # WHEN # THEN # ELSE # END",
        "date(#, '+1 day')", "printf('%d|%s', #, #)", "((#, #) = (#, #))", "((#, #) < (#, #))",
        "json_quote(#)",
        "json_array(#, #)",
    ]

    mutating func next() -> ExpressionCase {
        let (table, names) = Self.columns.randomElement(using: &random) ?? ("n", ["i"])
        let depth = [1, 2, 2, 3].randomElement(using: &random) ?? 2
        return ExpressionCase(area: "random", table: table, text: expression(names, depth))
    }

    private mutating func expression(_ names: [String], _ depth: Int) -> String {
        if depth == 0 || Int.random(in: 0..<100, using: &random) < 15 {
            let isColumn = Int.random(in: 0..<10, using: &random) < 6
            return (isColumn ? names : Self.literals).randomElement(using: &random) ?? "NULL"
        }
        if Int.random(in: 0..<100, using: &random) < 42 {
            let sign = Self.operators.randomElement(using: &random) ?? "+"
            return "(\(expression(names, depth - 1)) \(sign) \(expression(names, depth - 1)))"
        }
        var result = ""
        for character in Self.forms.randomElement(using: &random) ?? "#" {
            result += character == "#" ? expression(names, depth - 1) : String(character)
        }
        return result
    }
}
